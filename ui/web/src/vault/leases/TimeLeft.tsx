import { useSpans } from "../../parts/span";
import { type Left, type Lived, leftOf } from "./model";
import { useLeaseWords } from "./words";

/** How long a lease lives yet: as a bar, and in words. */
export function TimeLeft({ lease, now }: { lease: Lived; now: number }) {
  const t = useLeaseWords();
  const left = leftOf(lease, now);
  if (!left) return <span className="muted">{t.never}</span>;
  return (
    <span className="leases-left">
      <span className="leases-track" aria-hidden="true">
        <span className={`leases-bar ${left.tone}`} style={{ width: `${100 * left.share}%` }} />
      </span>
      <Words left={left} />
    </span>
  );
}

function Words({ left: { seconds, tone } }: { left: Left }) {
  const t = useLeaseWords();
  const span = useSpans();
  return <span className={`leases-words ${tone}`}>{seconds > 0 ? span(seconds) : t.over}</span>;
}
