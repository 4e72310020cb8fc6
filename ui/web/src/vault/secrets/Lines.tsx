import { useState } from "react";
import { Button } from "../../design/components/Button";
import { nextId, useAdded } from "./added";
import type { Line, Problem } from "./model";
import { useHiddenTab } from "./reveal";
import { useSecretsWords } from "./words";

interface Props {
  readonly lines: readonly Line[];
  readonly change: (lines: readonly Line[]) => void;
  readonly problems: readonly Problem[];
}

/** Keys and values, one pair a line; a value is masked until somebody shows it. */
export function Lines({ lines, change, problems }: Props) {
  const t = useSecretsWords();
  const [list, added] = useAdded();
  const add = () => {
    change([...lines, { id: nextId(lines), key: "", text: "", json: false }]);
    added();
  };
  return (
    <>
      <ul className="secrets-lines" ref={list} aria-label={t.keys}>
        {lines.map((line, index) => (
          <Pair
            key={line.id}
            line={line}
            number={index + 1}
            problem={problems.find(({ id }) => id === line.id)}
            change={(more) => change(lines.map((one) => (one === line ? { ...one, ...more } : one)))}
            remove={() => change(lines.filter((one) => one !== line))}
          />
        ))}
      </ul>
      <div>
        <Button onPress={add}>{t.addKey}</Button>
      </div>
    </>
  );
}

interface PairProps {
  readonly line: Line;
  readonly number: number;
  readonly problem: Problem | undefined;
  readonly change: (more: Partial<Line>) => void;
  readonly remove: () => void;
}

function Pair({ line: { id, key, text, json }, number, problem, change, remove }: PairProps) {
  const t = useSecretsWords();
  const [shown, setShown] = useState(false);
  useHiddenTab(() => setShown(false));
  const name = key || String(number);
  const about = problem ? { "aria-invalid": true, "aria-describedby": `secrets-line-${id}` } : {};
  const value = {
    className: "input",
    "aria-label": t.valueOf(name),
    placeholder: t.value,
    value: text,
    autoComplete: "off",
    spellCheck: false,
    onChange: (event: { target: { value: string } }) => change({ text: event.target.value }),
    ...about,
  };
  return (
    <li className="secrets-pair">
      <input
        className="input mono"
        aria-label={t.keyOf(number)}
        placeholder={t.key}
        value={key}
        spellCheck={false}
        autoCapitalize="none"
        onChange={(event) => change({ key: event.target.value })}
        {...about}
      />
      {shown ? (
        <textarea {...value} rows={Math.min(8, text.split("\n").length)} />
      ) : (
        <Masked value={value} text={text} />
      )}
      <span className={json ? "badge" : "secrets-plain"}>{json ? "JSON" : ""}</span>
      <Button kind="quiet" label={shown ? t.maskOf(name) : t.showOf(name)} onPress={() => setShown(!shown)}>
        {shown ? t.mask : t.show}
      </Button>
      <Button kind="quiet" icon label={t.removeOf(name)} onPress={remove}>
        ×
      </Button>
      {problem && (
        <span className="field-error" id={`secrets-line-${id}`} role="alert">
          {t[problem.why]}
        </span>
      )}
    </li>
  );
}

/** A field of one line cannot hold several: then it only says that they are there, and is written in once it shows. */
function Masked({ value, text }: { value: React.InputHTMLAttributes<HTMLInputElement>; text: string }) {
  const t = useSecretsWords();
  if (!text.includes("\n")) return <input {...value} type="password" autoComplete="new-password" />;
  return <input {...value} readOnly value={t.linesHidden(text.split("\n").length)} />;
}
