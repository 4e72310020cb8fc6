import { useMemo, useState } from "react";
import type { DiffLine } from "../../node/model";
import { Button } from "./Button";
import { useMarkdownWords } from "./words";
import "./diff.css";

const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const AROUND = 3;
const FIRST = 300;

interface Shown extends DiffLine {
  readonly place: number;
  /** Lines are left out above it. */
  readonly gap: boolean;
}

/** The lines that changed with a few around them; the sign says what the colour repeats. Of many the first show. */
export function Diff({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  const t = useMarkdownWords();
  const [most, setMost] = useState(FIRST);
  const near = useMemo(() => nearChanges(lines), [lines]);
  const left = near.slice(most).filter((line) => line.kind !== "same").length;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="diff" tabIndex={0} aria-label={label}>
      {near.slice(0, most).map((line) => (
        <div key={line.place}>
          {line.gap && (
            <div className="diff-gap" aria-hidden="true">
              ⋯
            </div>
          )}
          <div className={`diff-line ${line.kind}`} dir="auto">
            <span aria-hidden="true">{SIGNS[line.kind]}</span>
            {line.kind === "added" && <ins>{line.text}</ins>}
            {line.kind === "removed" && <del>{line.text}</del>}
            {line.kind === "same" && line.text}
          </div>
        </div>
      ))}
      {left > 0 && (
        <div className="row wrap diff-more">
          <span className="muted">{t.moreLines(left)}</span>
          <Button onPress={() => setMost(most * 4)}>{t.showLines}</Button>
        </div>
      )}
    </section>
  );
}

/** Changed lines and those around them, in order. */
function nearChanges(lines: readonly DiffLine[]): readonly Shown[] {
  const changes = lines.flatMap((line, place) => (line.kind === "same" ? [] : [place]));
  const places = new Set(changes.flatMap((at) => Array.from({ length: 2 * AROUND + 1 }, (_, i) => at - AROUND + i)));
  return lines.flatMap((line, place) =>
    places.has(place) ? [{ ...line, place, gap: place > 0 && !places.has(place - 1) }] : [],
  );
}
