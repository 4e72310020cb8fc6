import { useState } from "react";
import type { SecretPlace } from "../../api/values";
import { Button } from "../../design/components/Button";
import { Dialog } from "../../design/components/Dialog";
import { type Found, NodeFinder } from "../../design/components/NodeFinder";
import { NodeLink } from "../../design/components/NodeLink";
import { useDates } from "../../i18n";
import { usePlace } from "../../shell/graph";
import { useUses } from "./changes";
import type { Secret } from "./documents";
import { useSecretsWords } from "./words";

/** Nodes of the graph that use a secret, and a way to note another. */
export function Uses({ place, secret }: { place: SecretPlace; secret: Secret }) {
  const t = useSecretsWords();
  const dates = useDates();
  const [adding, setAdding] = useState(false);
  return (
    <section aria-labelledby="secrets-uses">
      <div className="row wrap">
        <h3 id="secrets-uses">
          {t.uses} <span className="muted">{secret.uses.length}</span>
        </h3>
        <span className="secrets-actions">
          <Button onPress={() => setAdding(true)}>{t.note}</Button>
        </span>
      </div>
      {secret.uses.length === 0 && <p className="muted">{t.noUses}</p>}
      <ul>
        {secret.uses.map((use) => (
          <li key={use.id} className="secrets-use">
            <NodeLink node={use.node} />
            <span className="muted">
              {use.key && (
                <>
                  <code>{use.key}</code> ·{" "}
                </>
              )}
              {use.node.graph} · {dates.moment(use.createdAt)} · {use.createdBy}
            </span>
          </li>
        ))}
      </ul>
      {adding && <Add reference={secret.id} path={place.path} close={() => setAdding(false)} />}
    </section>
  );
}

interface AddProps {
  readonly reference: string;
  readonly path: string;
  readonly close: () => void;
}

function Add({ reference, path, close }: AddProps) {
  const t = useSecretsWords();
  const { graph } = usePlace();
  const { use } = useUses();
  const [node, setNode] = useState<Found>();
  const [key, setKey] = useState("");
  const save = async () => {
    if (!node) return;
    const whole = key.trim() ? `${reference}#${key.trim()}` : reference;
    if (await use({ graph: node.graph, node: node.id, reference: whole })) close();
  };
  return (
    <Dialog open onClose={close} label={t.noteTitle}>
      <form
        className="dialog-body secrets-add"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <h2>{t.noteTitle}</h2>
        <p className="muted">{t.noteText(path)}</p>
        <NodeFinder label={t.node} graph={graph} choose={setNode} chosen={node} showLabel />
        <label className="field">
          <span className="label">{t.onlyKey}</span>
          <input className="input" value={key} onChange={(event) => setKey(event.target.value)} />
        </label>
        <div className="dialog-actions">
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="primary" type="submit" disabled={!node}>
            {t.note}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
