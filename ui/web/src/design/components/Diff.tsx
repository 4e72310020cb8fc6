import type { DiffLine } from "../../node/model";
import "./diff.css";

const SIGNS = { same: " ", added: "+", removed: "−" } as const;
const AROUND = 3;

/** The lines that changed with a few around them; the sign says what the colour repeats. */
export function Diff({ lines, label }: { lines: readonly DiffLine[]; label: string }) {
  const near = (index: number) => lines.slice(Math.max(0, index - AROUND), index + AROUND + 1).some(changed);
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
    <section className="diff" tabIndex={0} aria-label={label}>
      {lines.map((line, index) =>
        near(index) ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: lines have no other name, and do not move
          <div key={index} className={`diff-line ${line.kind}`} dir="auto">
            <span aria-hidden="true">{SIGNS[line.kind]}</span>
            {line.kind === "added" && <ins>{line.text}</ins>}
            {line.kind === "removed" && <del>{line.text}</del>}
            {line.kind === "same" && line.text}
          </div>
        ) : (
          near(index - 1) && (
            // biome-ignore lint/suspicious/noArrayIndexKey: as above
            <div key={index} className="diff-gap" aria-hidden="true">
              ⋯
            </div>
          )
        ),
      )}
    </section>
  );
}

const changed = (line: DiffLine) => line.kind !== "same";
