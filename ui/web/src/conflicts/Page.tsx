import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { Empty, Failed, Loading } from "../design/components/States";
import { GraphChoice } from "../parts/GraphChoice";
import { ImportLink } from "../parts/ImportLink";
import { Conflict } from "./Conflict";
import { useConflictWords } from "./words";
import "./conflicts.css";

const CONFLICTS = graphql(`
  query Conflicts($graph: String!) {
    conflicts(graph: $graph, first: 100) {
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
  const [{ data, error }, ask] = useQuery({ query: CONFLICTS, variables: { graph } });
  if (error && !data) return <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Loading lines={8} />;
  if (data.conflicts.length === 0)
    return (
      <Empty title={t.empty}>
        <span>{t.emptyText}</span>
        <ImportLink graph={graph}>{t.import}</ImportLink>
      </Empty>
    );
  return (
    <>
      <p className="muted conflicts-count" role="status">
        {t.counted(data.conflicts.length)}
      </p>
      {data.conflicts.map((conflict) => (
        <Conflict key={conflict.id} conflict={conflict} />
      ))}
    </>
  );
}
