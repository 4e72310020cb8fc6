import { useMemo } from "react";
import { NodeLink } from "../design/components/NodeLink";
import { Status } from "../design/components/Status";
import { useLanguage } from "../i18n";
import { Chart } from "../parts/Chart";
import { perMonth } from "../parts/chart";
import { Timeline } from "../parts/Timeline";
import { type Decision, type End, keyOf } from "./model";
import { useDecisionWords } from "./words";

interface Props {
  readonly decisions: readonly Decision[];
  readonly successors: ReadonlyMap<string, readonly End[]>;
}

/** Decisions over time: how many in each month, and which. */
export function History({ decisions, successors }: Props) {
  const t = useDecisionWords();
  const { language } = useLanguage();
  const items = useMemo(() => decisions.map((one) => ({ id: keyOf(one), at: one.date, one })), [decisions]);
  const { months, counts } = useMemo(() => perMonth(decisions.flatMap(({ date }) => date ?? [])), [decisions]);
  const series = useMemo(() => [{ name: t.count, values: counts }], [t, counts]);
  const month = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  return (
    <>
      {months.length > 2 && (
        <div className="card decisions-chart">
          <Chart
            label={t.perMonth}
            times={months}
            series={series}
            bars
            height={130}
            timeName={t.month}
            time={(iso) => month.format(new Date(iso))}
          />
        </div>
      )}
      <Timeline
        label={t.timeline}
        items={items}
        undated={t.undated}
        render={({ one }) => (
          <>
            <div className="row wrap">
              <NodeLink node={one} />
              <Status status={one.status} />
            </div>
            {one.supersedes.map((old) => (
              <div key={keyOf(old)} className="row decisions-beside">
                {t.supersedes} <NodeLink node={old} />
              </div>
            ))}
            {(successors.get(keyOf(one)) ?? []).map((by) => (
              <div key={keyOf(by)} className="row decisions-beside">
                {t.successor.toLowerCase()} <NodeLink node={by} />
              </div>
            ))}
          </>
        )}
      />
    </>
  );
}
