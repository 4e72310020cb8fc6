import { useMemo, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { useDates } from "../i18n";
import { Chart } from "./Chart";
import { instants } from "./growth";
import { usePartsWords } from "./words";
import "./parts.css";

const FIRST = graphql(`
  query GrowthFirst($graph: String) {
    nodes(graph: $graph, orderBy: { field: CREATED_AT, direction: ASC }, first: 1) {
      nodes {
        id
        graph
        createdAt
      }
    }
  }
`);

const COUNTS = graphql(`
  query GrowthCounts(
    $graph: String
    $t0: DateTime!
    $t1: DateTime!
    $t2: DateTime!
    $t3: DateTime!
    $t4: DateTime!
    $t5: DateTime!
    $t6: DateTime!
    $t7: DateTime!
  ) {
    n0: nodes(graph: $graph, asOf: $t0, first: 1) {
      totalCount
    }
    n1: nodes(graph: $graph, asOf: $t1, first: 1) {
      totalCount
    }
    n2: nodes(graph: $graph, asOf: $t2, first: 1) {
      totalCount
    }
    n3: nodes(graph: $graph, asOf: $t3, first: 1) {
      totalCount
    }
    n4: nodes(graph: $graph, asOf: $t4, first: 1) {
      totalCount
    }
    n5: nodes(graph: $graph, asOf: $t5, first: 1) {
      totalCount
    }
    n6: nodes(graph: $graph, asOf: $t6, first: 1) {
      totalCount
    }
    n7: nodes(graph: $graph, asOf: $t7, first: 1) {
      totalCount
    }
  }
`);

const POINTS = 8;

/** How many nodes a graph had, from its first node until now. */
export function Growth({ graph }: { graph: string | undefined }) {
  const [{ data }] = useQuery({ query: FIRST, variables: { graph: graph ?? null } });
  const first = data?.nodes.nodes[0]?.createdAt;
  return first ? <Counted key={`${graph} ${first}`} graph={graph} first={first} /> : null;
}

function Counted({ graph, first }: { graph: string | undefined; first: string }) {
  const t = usePartsWords();
  const dates = useDates();
  const [now] = useState(Date.now);
  const times = useMemo(() => instants(first, now, POINTS), [first, now]);
  const [t0, t1, t2, t3, t4, t5, t6, t7] = times as [string, string, string, string, string, string, string, string];
  const [{ data }] = useQuery({
    query: COUNTS,
    variables: { graph: graph ?? null, t0, t1, t2, t3, t4, t5, t6, t7 },
  });
  const series = useMemo(() => {
    if (!data) return undefined;
    const { n0, n1, n2, n3, n4, n5, n6, n7 } = data;
    return [{ name: t.nodes, values: [n0, n1, n2, n3, n4, n5, n6, n7].map((one) => one.totalCount) }];
  }, [data, t]);
  if (!series) return null;
  return <Chart label={t.growth} times={times} series={series} time={dates.moment} timeName={t.when} height={150} />;
}
