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
}

/** Below a list that does not show all there is: how many show, and a way to the others. */
export function More({ paging, shown, all, end }: Props) {
  const t = usePartsWords();
  const more = paging.more(shown, end);
  const full = shown >= paging.first;
  const some = paging.after !== null || (all === undefined ? full : shown < all);
  if (!some || shown === 0) return null;
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
