import { useMemo } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { Empty, Failed, Loading } from "../design/components/States";
import { useAddress } from "../parts/address";
import { Choices } from "../parts/Choices";
import { ImportLink } from "../parts/ImportLink";
import { usePlace } from "../shell/graph";
import { Chains } from "./Chains";
import { History } from "./History";
import { Log } from "./Log";
import { NO_STATUS, ofStatus, statuses, successors, VIEWS, viewOf } from "./model";
import { useDecisionWords } from "./words";
import "./decisions.css";

const DECISIONS = graphql(`
  query DecisionLog($graph: String, $asOf: DateTime) {
    decisions(graph: $graph, asOf: $asOf, first: 500, orderBy: { field: DATE, direction: DESC }) {
      totalCount
      nodes {
        id
        graph
        title
        type
        status
        date
        path
        deciders
        updatedAt
        supersedes(first: 20) {
          id
          graph
          title
          type
          status
        }
        dependsOn(first: 20) {
          id
          graph
          title
          type
          status
        }
      }
    }
  }
`);

/** The decision log: as a list, over time, and as chains of what supersedes and depends on what. */
export function Page() {
  const t = useDecisionWords();
  const { graph, asOf } = usePlace();
  const [address, set] = useAddress();
  const [{ data, error }, ask] = useQuery({
    query: DECISIONS,
    variables: { graph: graph ?? null, asOf: asOf ?? null },
  });
  const view = viewOf(address["view"]);
  const status = address["status"] ?? "";
  const all = data?.decisions.nodes;
  const shown = useMemo(() => ofStatus(all ?? [], status), [all, status]);
  const known = useMemo(() => successors(all ?? []), [all]);
  return (
    <div className="page decisions">
      <div className="page-head">
        <h1>{t.title}</h1>
        {data && data.decisions.totalCount > data.decisions.nodes.length && (
          <span className="muted">{t.first(data.decisions.nodes.length, data.decisions.totalCount)}</span>
        )}
        <Choices
          label={t.view}
          options={VIEWS.map((key) => ({ key, name: t[key] }))}
          value={view}
          choose={(next) => set({ view: next === "list" ? undefined : next })}
        />
      </div>
      {error && !data && <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />}
      {!data && !error && <Loading lines={8} />}
      {all?.length === 0 && (
        <Empty title={t.empty}>
          <span>{t.emptyText}</span>
          <ImportLink graph={graph}>{t.import}</ImportLink>
        </Empty>
      )}
      {all && all.length > 0 && (
        <>
          <div className="filters">
            <Choices
              label={t.status}
              options={[
                { key: "", name: t.all, count: all.length },
                ...statuses(all).map(({ key, count }) => ({ key, count, name: key === NO_STATUS ? t.none : key })),
              ]}
              value={status}
              choose={(next) => set({ status: next })}
            />
          </div>
          {view === "list" && <Log decisions={shown} successors={known} />}
          {view === "timeline" && <History decisions={shown} successors={known} />}
          {view === "graph" && <Chains decisions={shown} showList={() => set({ view: undefined })} />}
        </>
      )}
    </div>
  );
}
