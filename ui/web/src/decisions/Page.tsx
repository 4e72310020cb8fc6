import { useMemo } from "react";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Choices } from "../parts/Choices";
import { ImportLink } from "../parts/ImportLink";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { usePlace } from "../shell/graph";
import { Chains } from "./Chains";
import { History } from "./History";
import { Log } from "./Log";
import { NO_STATUS, ofStatus, statuses, successors, VIEWS, viewOf } from "./model";
import { useDecisionWords } from "./words";
import "./decisions.css";

const DECISIONS = graphql(`
  query DecisionLog($graph: String, $asOf: DateTime, $first: Int!, $after: String) {
    decisions(
      graph: $graph
      asOf: $asOf
      first: $first
      after: $after
      orderBy: { field: DATE, direction: DESC }
    ) {
      totalCount
      pageInfo {
        endCursor
      }
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
  const paging = usePaging(500, `${graph} ${asOf}`);
  const { first, after } = paging;
  const answer = useAnswer({
    query: DECISIONS,
    variables: { graph: graph ?? null, asOf: asOf ?? null, first, after },
  });
  const view = viewOf(address["view"]);
  const status = address["status"] ?? "";
  const all = answer.data?.decisions.nodes;
  const shown = useMemo(() => ofStatus(all ?? [], status), [all, status]);
  const known = useMemo(() => successors(all ?? []), [all]);
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      <ImportLink graph={graph}>{t.import}</ImportLink>
    </Empty>
  );
  return (
    <div className="page decisions">
      <div className="page-head">
        <h1>{t.title}</h1>
        <Choices
          label={t.view}
          options={VIEWS.map((key) => ({ key, name: t[key] }))}
          value={view}
          choose={(next) => set({ view: next === "list" ? undefined : next })}
        />
      </div>
      <Answered answer={answer} empty={({ decisions }) => decisions.totalCount === 0 && nothing}>
        {({ decisions: { nodes, totalCount, pageInfo } }) => (
          <>
            <div className="filters">
              <Choices
                label={t.status}
                options={[
                  { key: "", name: t.all, count: nodes.length },
                  ...statuses(nodes).map(({ key, count }) => ({ key, count, name: key === NO_STATUS ? t.none : key })),
                ]}
                value={status}
                choose={(next) => set({ status: next })}
              />
            </div>
            {view === "list" && <Log decisions={shown} successors={known} />}
            {view === "timeline" && <History decisions={shown} successors={known} />}
            {view === "graph" && <Chains decisions={shown} showList={() => set({ view: undefined })} />}
            <More paging={paging} shown={nodes.length} all={totalCount} end={pageInfo.endCursor} />
          </>
        )}
      </Answered>
    </div>
  );
}
