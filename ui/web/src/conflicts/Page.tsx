import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { GraphChoice } from "../parts/GraphChoice";
import { ImportLink } from "../parts/ImportLink";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { Conflict } from "./Conflict";
import { useConflictWords } from "./words";
import "./conflicts.css";

const CONFLICTS = graphql(`
  query Conflicts($graph: String!, $first: Int!, $after: String) {
    conflicts(graph: $graph, first: $first, after: $after) {
      id
      graph
      source
      path
      kind
      nodeId
      since
      file
      node
    }
  }
`);

/** Files and nodes that changed at the same time, side by side, until somebody decides. */
export function Page() {
  const t = useConflictWords();
  return (
    <div className="page conflicts">
      <div className="page-head">
        <h1>{t.title}</h1>
      </div>
      <GraphChoice>{(graph) => <Open graph={graph} />}</GraphChoice>
    </div>
  );
}

function Open({ graph }: { graph: string }) {
  const t = useConflictWords();
  const paging = usePaging(50, graph);
  const { first, after } = paging;
  const answer = useAnswer({ query: CONFLICTS, variables: { graph, first, after } });
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      <ImportLink graph={graph}>{t.import}</ImportLink>
    </Empty>
  );
  return (
    <Answered answer={answer} empty={({ conflicts }) => conflicts.length === 0 && after === null && nothing}>
      {({ conflicts }) => (
        <>
          <p className="muted conflicts-count" role="status">
            {t.counted(conflicts.length, conflicts.length >= first)}
          </p>
          {conflicts.map((conflict) => (
            <Conflict key={conflict.id} conflict={conflict} />
          ))}
          <More paging={paging} shown={conflicts.length} end={conflicts.at(-1)?.id ?? null} />
        </>
      )}
    </Answered>
  );
}
