import { pieces, type Ranges } from "./highlight";
import "./parts.css";

/** A text with some of it marked. */
export function Highlighted({ text, ranges }: { text: string; ranges: Ranges }) {
  return pieces(text, ranges).map(({ at, text: part, marked }) =>
    marked ? <mark key={at}>{part}</mark> : <span key={at}>{part}</span>,
  );
}
