import type { ReactNode } from "react";
import type { Answer } from "../api/answer";
import { failureOf } from "../api/errors";
import { Button } from "../design/components/Button";
import { Failed, Loading, Waiting } from "../design/components/States";
import { useShellWords } from "../shell/words";
import { usePartsWords } from "./words";
import "./parts.css";

interface Props<T> {
  readonly answer: Answer<T>;
  /** What shows instead when there is nothing; false when there is something. */
  readonly empty?: (data: T) => ReactNode | false;
  readonly children: (data: T) => ReactNode;
}

/**
 * What the API said: grey lines until it did, what failed and a way to try again, what shows when there is nothing, or
 * the answer; above a part of it, or an old one, it says so.
 */
export function Answered<T>({ answer: { data, error, waiting, again }, empty, children }: Props<T>) {
  if (!data) return error ? <Failed error={error} retry={again} /> : <Loading lines={8} />;
  const nothing = !error && empty?.(data);
  return (
    <>
      {waiting && <Waiting />}
      {error && <Partly error={error} again={again} />}
      {nothing || children(data)}
    </>
  );
}

/** Says that it is not all, or not of now. */
function Partly({ error, again }: { error: NonNullable<Answer<unknown>["error"]>; again: () => void }) {
  const t = usePartsWords();
  const { retry } = useShellWords();
  const failure = failureOf(error);
  return (
    <div className="banner partly" role="alert">
      <span>{failure.code === "OFFLINE" ? t.old : `${t.part} ${failure.message}`}</span>
      <Button onPress={again}>{retry}</Button>
    </div>
  );
}
