import { type CSSProperties, type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from "react";
import { type Edit, indented, lineNumbers, newLine } from "./editor";
import { usePartsWords } from "./words";
import "./editor.css";

/** Lines of a text that something is said of elsewhere on the page. */
export interface Mark {
  readonly from: number;
  readonly to: number;
  readonly tone: "ok" | "danger" | "info";
  /** A sign beside the number of the first line. */
  readonly sign: string;
}

interface Props {
  readonly label: string;
  readonly text: string;
  readonly change: (text: string) => void;
  readonly readOnly?: boolean;
  readonly marks?: readonly Mark[];
  /** A line that comes into view. */
  readonly line?: number | undefined;
  /** What is wrong with the text. */
  readonly problem?: string | undefined;
}

const LINE = 20;
const PADDING = 10;
/** Lines that stay above one that comes into view. */
const ABOVE = 4;

/**
 * A text with numbers beside its lines. Tab indents; after Escape it leads out of the field, as everywhere else. Ctrl and
 * Z take back what these keys did, too.
 */
export function Editor({ label, text, change, readOnly = false, marks = [], line, problem }: Props) {
  const t = usePartsWords();
  const id = useId();
  const field = useRef<HTMLTextAreaElement>(null);
  const leaving = useRef(false);
  const [top, setTop] = useState(0);
  useEffect(() => {
    if (line && field.current) field.current.scrollTop = Math.max(0, (line - 1 - ABOVE) * LINE);
  }, [line]);
  useLayoutEffect(() => setTop(field.current?.scrollTop ?? 0), []);
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    const { value, selectionStart, selectionEnd } = event.currentTarget;
    const out = leaving.current;
    leaving.current = event.key === "Escape" || (out && event.key === "Shift");
    if (readOnly || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Tab" && !out) put(event, indented(value, selectionStart, selectionEnd, event.shiftKey));
    if (event.key === "Enter") put(event, newLine(value, selectionStart, selectionEnd));
  };
  const numbers = lineNumbers(text);
  const moved = { transform: `translateY(${-top}px)` };
  return (
    <div className="editor-field">
      <div className={problem ? "editor wrong" : "editor"} style={{ "--lines": numbers.length } as CSSProperties}>
        <div className="editor-gutter" aria-hidden="true">
          <pre style={moved}>{numbers.join("\n")}</pre>
          {marks.map(({ from, tone, sign }) => (
            <span
              key={`${tone} ${from}`}
              className={`editor-sign ${tone}`}
              style={{ top: PADDING + (from - 1) * LINE, ...moved }}
            >
              {sign}
            </span>
          ))}
        </div>
        <div className="editor-body">
          <div className="editor-marks" aria-hidden="true">
            {marks.map(({ from, to, tone }) => (
              <span
                key={`${tone} ${from}`}
                className={`editor-mark ${tone}`}
                style={{ top: PADDING + (from - 1) * LINE, height: (to - from + 1) * LINE, ...moved }}
              />
            ))}
          </div>
          <textarea
            ref={field}
            aria-label={label}
            aria-invalid={problem !== undefined}
            aria-describedby={[readOnly ? "" : `${id}-hint`, problem ? `${id}-problem` : ""].join(" ").trim()}
            wrap="off"
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            readOnly={readOnly}
            value={text}
            onChange={(event) => change(event.target.value)}
            onKeyDown={keys}
            onBlur={() => {
              leaving.current = false;
            }}
            onScroll={(event) => setTop(event.currentTarget.scrollTop)}
          />
        </div>
      </div>
      {problem && (
        <p className="field-error" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
      {!readOnly && (
        <p className="muted editor-hint" id={`${id}-hint`}>
          {t.editorHint}
        </p>
      )}
    </div>
  );
}

/** Changes the field as typing does, so that the browser can take it back. */
function put(event: KeyboardEvent<HTMLTextAreaElement>, { from, to, text, start, end }: Edit): void {
  event.preventDefault();
  const field = event.currentTarget;
  field.setSelectionRange(from, to);
  if (text !== field.value.slice(from, to)) document.execCommand(text ? "insertText" : "delete", false, text);
  field.setSelectionRange(start, end);
}
