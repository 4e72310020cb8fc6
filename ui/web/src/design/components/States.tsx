import { type ReactNode, useEffect, useState } from "react";
import type { CombinedError } from "urql";
import { failureOf } from "../../api/errors";
import { useShellWords } from "../../shell/words";
import { Button } from "./Button";

const SHOW_AFTER_MS = 150;
const SLOW_AFTER_MS = 4_000;

/** Whether some time has passed since it first showed. */
function useLate(afterMs: number): boolean {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), afterMs);
    return () => clearTimeout(timer);
  }, [afterMs]);
  return late;
}

/** Grey lines while something loads, after a moment only, in a place that keeps its size. */
export function Loading({ lines = 4 }: { lines?: number }) {
  const late = useLate(SHOW_AFTER_MS);
  const slow = useLate(SLOW_AFTER_MS);
  const t = useShellWords();
  return (
    <div aria-busy="true">
      <span className="visually-hidden" role="status">
        {late ? t.loading : ""}
      </span>
      {Array.from({ length: lines }, (_, line) => (
        <div
          // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all the same
          key={line}
          className={late ? "skeleton" : ""}
          style={{ width: `${90 - 12 * (line % 3)}%`, ...(late ? {} : { height: 14, margin: "9px 0" }) }}
        />
      ))}
      {slow && <p className="muted">{t.slow}</p>}
    </div>
  );
}

/** A line at the top while another answer is waited for, and a sentence when that takes long. */
export function Waiting() {
  const late = useLate(SHOW_AFTER_MS);
  const slow = useLate(SLOW_AFTER_MS);
  const t = useShellWords();
  return (
    <div className={late ? "waiting late" : "waiting"} aria-busy="true" role="status">
      {slow ? t.slow : <span className="visually-hidden">{late ? t.loading : ""}</span>}
    </div>
  );
}

interface EmptyProps {
  readonly title: string;
  /** Of the heading, where it is all that a page says. */
  readonly level?: 1 | 2;
  readonly children?: ReactNode;
}

/** Nothing is there: one sentence, one thing to do. */
export function Empty({ title, level, children }: EmptyProps) {
  const Title = level ? (`h${level}` as const) : "strong";
  return (
    <div className="state">
      <Title>{title}</Title>
      {children}
    </div>
  );
}

/** What failed, in the API's words, with a way to try again. */
export function Failed({ error, retry }: { error: CombinedError; retry?: () => void }) {
  const failure = failureOf(error);
  const t = useShellWords();
  return (
    <div className="state error" role="alert">
      <strong>{failure.code === "OFFLINE" ? t.offline : failure.message}</strong>
      {failure.hint && <span>{failure.hint}</span>}
      <span className="mono">
        {failure.code}
        {failure.requestId ? ` · ${failure.requestId}` : ""}
      </span>
      {retry && <Button onPress={retry}>{t.retry}</Button>}
    </div>
  );
}
