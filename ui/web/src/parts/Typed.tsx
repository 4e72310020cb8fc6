import { useEffect, useRef, useState } from "react";
import "./parts.css";

const WAIT_MS = 250;

interface Props {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly focus?: boolean;
}

/** A field whose value is passed on a moment after somebody stops typing, and at once with Enter. */
export function Typed({ label, value, change, focus }: Props) {
  const [text, setText] = useState(value);
  const told = useRef(value);
  const tell = useRef(change);
  tell.current = change;
  useEffect(() => {
    if (value === told.current) return;
    told.current = value;
    setText(value);
  }, [value]);
  const pass = (next: string) => {
    if (next === told.current) return;
    told.current = next;
    tell.current(next);
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: `pass` always does the same
  useEffect(() => {
    const timer = setTimeout(() => pass(text), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return (
    <input
      className="input typed"
      type="search"
      aria-label={label}
      placeholder={label}
      value={text}
      // biome-ignore lint/a11y/noAutofocus: the page is for writing here
      autoFocus={focus ?? false}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={(event) => event.key === "Enter" && pass(text)}
    />
  );
}
