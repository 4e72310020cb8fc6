import { useMemo } from "react";
import { useDates } from "../../i18n";
import { Chart } from "../../parts/Chart";
import type { Event } from "./documents";
import { counted } from "./model";
import { useAuditWords } from "./words";

/** How many requests there were over time, and how many of them were refused, as far as the lines are loaded. */
export function OverTime({ lines }: { lines: readonly Event[] }) {
  const t = useAuditWords();
  const dates = useDates();
  const { times, requests, refusals } = useMemo(() => counted(lines), [lines]);
  const series = useMemo(
    () => [
      { name: t.requests, values: requests },
      { name: t.refusals, values: refusals, tone: "danger" as const },
    ],
    [t, requests, refusals],
  );
  if (times.length === 0) return null;
  return (
    <div className="card">
      <Chart label={t.chart} times={times} series={series} bars height={130} timeName={t.time} time={dates.moment} />
      <p className="muted audit-note">{t.chartNote}</p>
    </div>
  );
}
