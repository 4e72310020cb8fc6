import { Button } from "../design/components/Button";
import type { Paging } from "./paging";
import { usePartsWords } from "./words";
import "./parts.css";

interface Props {
  readonly paging: Paging;
  readonly shown: number;
  /** How many there are, where that is known. */
  readonly all?: number;
  /** The cursor that the next ones come after. */
  readonly end?: string | null;
  /** Whether there are more, where a page can be short, or empty, and not the last. */
  readonly next?: boolean;
}

/** Below a list that does not show all there is: how many show, and a way to the others. */
export function More({ paging, shown, all, end, next }: Props) {
  const t = usePartsWords();
  const more = paging.more(next ? Math.max(shown, paging.first) : shown, end);
  const full = next ?? shown >= paging.first;
  const some = paging.after !== null || (all === undefined ? full : shown < all);
  if (!some || (shown === 0 && !next)) return null;
  const text = paging.after ? t.fromHere(shown) : all === undefined ? t.first(shown) : t.firstOf(shown, all);
  return (
    <div className="row wrap more">
      <span className="muted" role="status">
        {text}.{!more && full ? ` ${t.narrow}` : ""}
      </span>
      {more && <Button onPress={more}>{t.showMore}</Button>}
      {paging.start && <Button onPress={paging.start}>{t.fromStart}</Button>}
    </div>
  );
}
