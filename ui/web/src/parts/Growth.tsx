import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { useDates } from "../i18n";
import { Chart } from "./Chart";
import { isShort, totals } from "./growth";
import { usePartsWords } from "./words";
import "./parts.css";

const GROWTH = graphql(`
  query Growth($graph: String, $by: Period!) {
    graphGrowth(graph: $graph, by: $by) {
      period
      type
      nodes
    }
  }
`);

/** How many nodes a graph had, from its first node until now: by month, or by day where there are few months. */
export function Growth({ graph }: { graph: string | undefined }) {
  const t = usePartsWords();
  const dates = useDates();
  const [now] = useState(Date.now);
  const of = { graph: graph ?? null };
  const [{ data: months }] = useQuery({ query: GROWTH, variables: { ...of, by: "MONTH" } });
  const short = months !== undefined && isShort(months.graphGrowth);
  const [{ data: days }] = useQuery({ query: GROWTH, variables: { ...of, by: "DAY" }, pause: !short });
  const grown = (short ? days : months)?.graphGrowth;
  const shown = useMemo(() => {
    if (!grown?.length) return undefined;
    const { times, values } = totals(grown, now);
    return { times, series: [{ name: t.nodes, values }] };
  }, [grown, now, t]);
  if (!shown) return null;
  const time = (iso: string) => (iso.endsWith("T00:00:00.000Z") ? dates.day(iso) : dates.moment(iso));
  return <Chart label={t.growth} {...shown} time={time} timeName={t.when} height={150} />;
}
