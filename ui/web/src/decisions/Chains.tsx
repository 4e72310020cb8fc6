import { useMemo } from "react";
import { Button } from "../design/components/Button";
import { NodeLink } from "../design/components/NodeLink";
import { Empty } from "../design/components/States";
import { Status } from "../design/components/Status";
import { Dag } from "../parts/Dag";
import { chains, type Decision, type DecisionNode } from "./model";
import { useDecisionWords } from "./words";

/** What supersedes and depends on what, drawn. */
export function Chains({ decisions, showList }: { decisions: readonly Decision[]; showList: () => void }) {
  const t = useDecisionWords();
  const { nodes, edges } = useMemo(() => chains(decisions), [decisions]);
  if (nodes.length === 0)
    return (
      <Empty title={t.noChains}>
        <Button onPress={showList}>{t.showList}</Button>
      </Empty>
    );
  return (
    <Dag
      label={t.graph}
      nodes={nodes}
      edges={edges}
      kinds={{ supersedes: t.supersedes, dependsOn: t.dependsOn }}
      render={({ end }: DecisionNode) => (
        <div className={`decisions-node ${end.status ?? ""}`}>
          <NodeLink node={end} />
          <Status status={end.status} />
        </div>
      )}
    />
  );
}
