import { type FormEvent, type KeyboardEvent, type ReactNode, useId, useRef, useState } from "react";
import type { Failure } from "../api/errors";
import { Button } from "../design/components/Button";
import { type FormField, listOf, type Problem, problemsOf, textOf, type Value, type Values } from "./form";
import { ListInput, Suggestions } from "./ListInput";
import { LongText } from "./LongText";
import { usePartsWords } from "./words";
import "./form.css";

interface Props {
  readonly fields: readonly FormField[];
  readonly values: Values;
  readonly change: (change: Values) => void;
  /** Called when nothing is wrong with any field, and not again until it has ended. */
  readonly submit: () => Promise<void> | void;
  readonly submitName: string;
  readonly cancel: () => void;
  /** What the server said against it; it stands beside the field that it names. */
  readonly failure?: Failure | undefined;
  /** Why it cannot be submitted yet. */
  readonly blocked?: string | undefined;
  /** What stands above the fields. */
  readonly children?: ReactNode;
}

/**
 * A form made of data. What is wrong stands beside its field once somebody has left the field or submits; then the first
 * such field has the focus. Ctrl and Enter submit from anywhere.
 */
export function Form({ fields, values, change, submit, submitName, cancel, failure, blocked, children }: Props) {
  const t = usePartsWords();
  const form = useRef<HTMLFormElement>(null);
  const busy = useRef(false);
  const [left, setLeft] = useState<ReadonlySet<string>>(new Set());
  const problems = problemsOf(fields, values);
  const refused = fields.find(({ name }) => failure?.field?.split(".").at(-1) === name);
  const send = async (event: FormEvent | KeyboardEvent) => {
    event.preventDefault();
    if (busy.current) return;
    setLeft(new Set(fields.map(({ name }) => name)));
    const [first] = fields.filter(({ name }) => problems[name]);
    if (first) form.current?.querySelector<HTMLElement>(`[name="${first.name}"]`)?.focus();
    else if (!blocked) {
      busy.current = true;
      await submit();
      busy.current = false;
    }
  };
  const said = ({ code, message, hint = "" }: Failure) => (code === "OFFLINE" ? t.unsaved : `${message} ${hint}`);
  const told = ({ name }: FormField): string | undefined => {
    if (left.has(name) && problems[name]) return sentence(problems[name], t);
    return refused?.name === name ? failure?.message : undefined;
  };
  return (
    <form
      className="dialog-body form"
      noValidate
      ref={form}
      onSubmit={(event) => void send(event)}
      onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void send(event)}
    >
      {children}
      <div className="form-fields">
        {fields.map((field) => (
          <Field
            key={field.name}
            field={field}
            values={values}
            change={(value) => change({ [field.name]: value })}
            leave={() => setLeft((before) => new Set([...before, field.name]))}
            problem={told(field)}
          />
        ))}
      </div>
      {((failure && !refused) || blocked) && (
        <p className="field-error" role="alert">
          {failure && !refused ? said(failure) : blocked}
        </p>
      )}
      <div className="dialog-actions form-actions">
        <Button onPress={cancel}>{t.cancel}</Button>
        <Button kind="primary" type="submit" disabled={blocked !== undefined}>
          {submitName}
        </Button>
      </div>
    </form>
  );
}

interface FieldProps {
  readonly field: FormField;
  readonly values: Values;
  readonly change: (value: Value) => void;
  readonly leave: () => void;
  readonly problem: string | undefined;
}

/** One field with its name, hint and problem. */
function Field({ field, values, change, leave, problem }: FieldProps) {
  const t = usePartsWords();
  const id = useId();
  const { name, label, hint, required } = field;
  const about = [hint ? `${id}-hint` : "", problem ? `${id}-problem` : ""].filter(Boolean).join(" ");
  const common = {
    id,
    name,
    onBlur: leave,
    "aria-invalid": problem !== undefined,
    ...(required ? { "aria-required": true } : {}),
    ...(about ? { "aria-describedby": about } : {}),
  };
  if (field.kind === "yesNo")
    return (
      <label className="form-field row" htmlFor={id}>
        <input
          {...common}
          type="checkbox"
          checked={values[name] === true}
          onChange={(event) => change(event.target.checked)}
        />
        {label}
      </label>
    );
  return (
    <div className={`form-field field ${widthOf(field)}`}>
      <label htmlFor={id}>
        {label}
        {required && <span className="form-needed"> {t.needed}</span>}
      </label>
      <Control field={field} values={values} change={change} common={common} />
      {hint && (
        <span className="muted form-hint" id={`${id}-hint`}>
          {hint}
        </span>
      )}
      {problem && (
        <span className="field-error" id={`${id}-problem`} role="alert">
          {problem}
        </span>
      )}
    </div>
  );
}

interface ControlProps extends Pick<FieldProps, "field" | "values" | "change"> {
  readonly common: { readonly id: string; readonly name: string; readonly onBlur: () => void };
}

/** What somebody writes in or chooses from. */
function Control({ field, values, change, common }: ControlProps) {
  const text = textOf(values, field.name);
  switch (field.kind) {
    case "longText":
      return <LongText text={text} change={change} rows={field.rows ?? 8} common={common} />;
    case "choice":
      return (
        <select {...common} className="input" value={text} onChange={(event) => change(event.target.value)}>
          {field.options.map(({ key, name }) => (
            <option key={key} value={key}>
              {name}
            </option>
          ))}
        </select>
      );
    case "list":
      return <ListInput {...field} common={common} entries={listOf(values, field.name)} change={change} />;
    default:
      return (
        <>
          <input
            {...common}
            className="input"
            dir="auto"
            value={text}
            onChange={(event) => change(event.target.value)}
            {...typeOf(field)}
            {...("suggestions" in field ? { list: `${common.id}-list` } : {})}
          />
          {"suggestions" in field && <Suggestions id={`${common.id}-list`} values={field.suggestions ?? []} />}
        </>
      );
  }
}

function typeOf({ kind }: FormField): object {
  if (kind === "date") return { type: "date" };
  return kind === "number" ? { inputMode: "decimal" } : {};
}

/** Short fields stand beside each other. */
function widthOf(field: FormField): string {
  const short = ["number", "choice", "date"].includes(field.kind) || (field.kind === "text" && !field.wide);
  return short ? "" : "wide";
}

function sentence(problem: Problem, t: ReturnType<typeof usePartsWords>): string {
  switch (problem.why) {
    case "range":
      return t.range(problem.from, problem.to);
    case "long":
      return t.long(problem.length, problem.most);
    default:
      return t[problem.why];
  }
}
