import { type RefObject, useEffect, useRef, useState } from "react";

/** A list that lines are added to, and what to call when one was: its first field gets the focus. */
export function useAdded(): readonly [list: RefObject<HTMLUListElement | null>, added: () => void] {
  const list = useRef<HTMLUListElement>(null);
  const [count, setCount] = useState(0);
  useEffect(() => {
    if (count) list.current?.querySelector<HTMLInputElement>("li:last-child input")?.focus();
  }, [count]);
  return [list, () => setCount((before) => before + 1)];
}

/** An id that none of the lines has. */
export const nextId = (lines: readonly { readonly id: number }[]): number =>
  1 + Math.max(-1, ...lines.map(({ id }) => id));
