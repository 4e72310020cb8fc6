import { pieces, plain, type Ranges } from "./highlight";
import "./parts.css";

interface Props {
  readonly text: string;
  readonly ranges: Ranges;
  /** It is markdown, and shows without its signs. */
  readonly markdown?: boolean;
}

/** A text with some of it marked. */
export function Highlighted({ text, ranges, markdown = false }: Props) {
  const all = pieces(text, ranges);
  return (markdown ? plain(all) : all).map(({ at, text: part, marked }) =>
    marked ? <mark key={at}>{part}</mark> : <span key={at}>{part}</span>,
  );
}
