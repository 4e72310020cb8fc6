import { useState } from "react";
import type { RelationType } from "../api/gql/graphql";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { type Found, NodeFinder } from "../design/components/NodeFinder";
import { useActions } from "./actions";
import type { Details } from "./documents";
import { RELATIONS } from "./model";
import { useNodeWords } from "./words";

/** Joins a node to another one of its graph. */
export function LinkDialog({ node, close }: { node: Details; close: () => void }) {
  const t = useNodeWords();
  const { link } = useActions();
  const [relation, setRelation] = useState<RelationType>("RELATES_TO");
  const [other, setOther] = useState<Found>();
  const save = async () => {
    if (!other) return;
    const done = await link({ graph: node.graph, source: node.id, target: other.id, relation });
    if (done) close();
  };
  return (
    <Dialog open onClose={close} label={t.linkTitle}>
      <form
        className="dialog-body node-link"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>{t.linkTitle}</h2>
        <p dir="auto" className="truncate">
          {node.title}
        </p>
        <label className="field">
          <span className="label">{t.relation}</span>
          <select
            className="input"
            value={relation}
            onChange={(event) => setRelation(event.target.value as RelationType)}
          >
            {RELATIONS.map((one) => (
              <option key={one} value={one}>
                {t[one]}
              </option>
            ))}
          </select>
        </label>
        <NodeFinder label={t.find} graph={node.graph} choose={setOther} except={node.id} chosen={other} />
        <div className="dialog-actions">
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="primary" type="submit" disabled={!other}>
            {t.link}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
