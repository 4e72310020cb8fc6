import { useRef, useState } from "react";
import { Button } from "../design/components/Button";
import { partsOf } from "../design/components/cut";
import { usePartsWords } from "./words";

/** Characters that a text area holds without making the page wait. */
const PART = 100_000;

interface Props {
  readonly text: string;
  readonly change: (text: string) => void;
  readonly rows: number;
  readonly common: { readonly id: string; readonly name: string; readonly onBlur: () => void };
}

/** A text of several lines. A very long one is written part by part. */
export function LongText({ text, change, rows, common }: Props) {
  const t = usePartsWords();
  const [at, setAt] = useState(0);
  const parts = useParts(text);
  const here = Math.min(at, parts.now.length - 1);
  return (
    <>
      <textarea
        {...common}
        className="input"
        dir="auto"
        rows={rows}
        value={parts.now[here]}
        onChange={(event) => change(parts.written(here, event.target.value))}
      />
      {parts.now.length > 1 && (
        <div className="row wrap">
          <span className="muted" role="status">
            {t.partOf(here + 1, parts.now.length)}
          </span>
          <Button disabled={here === 0} onPress={() => setAt(here - 1)}>
            {t.partBefore}
          </Button>
          <Button disabled={here === parts.now.length - 1} onPress={() => setAt(here + 1)}>
            {t.partAfter}
          </Button>
        </div>
      )}
    </>
  );
}

/** The parts of a text; they stay the same parts while somebody writes in one, and are made anew for another text. */
function useParts(text: string) {
  const kept = useRef<{ readonly text: string; readonly parts: readonly string[] }>(undefined);
  if (kept.current?.text !== text)
    kept.current = { text, parts: text.length > 2 * PART ? partsOf(text, PART) : [text] };
  const { parts } = kept.current;
  const written = (place: number, part: string): string => {
    const next = parts.with(place, part);
    kept.current = { text: next.join(""), parts: next };
    return kept.current.text;
  };
  return { now: parts, written };
}
