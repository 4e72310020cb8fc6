import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { useAnswer } from "../api/answer";
import type { NodeUsesQuery } from "../api/gql/graphql";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { Failed, Loading } from "../design/components/States";
import { useDates } from "../i18n";
import { useUses } from "../vault/secrets/changes";
import { isReference } from "../vault/secrets/model";
import { useSecretsWords } from "../vault/secrets/words";
import { type Details, USES } from "./documents";

interface Props {
  readonly node: Details;
  /** They cannot be changed: it is another time. */
  readonly fixed: boolean;
}

/** The secrets that a node uses, by where they are in the vault; never a value. */
export function SecretUses({ node, fixed }: Props) {
  const variables = { id: node.id, graph: node.graph };
  const { data, error, again } = useAnswer({ query: USES, variables, pause: fixed });
  if (fixed) return null;
  if (error && !data) return <Failed error={error} retry={again} />;
  return data ? <Uses node={node} uses={data.node?.usesSecrets ?? []} /> : <Loading lines={2} />;
}

type Use = NonNullable<NodeUsesQuery["node"]>["usesSecrets"][number];

function Uses({ node, uses }: { node: Details; uses: readonly Use[] }) {
  const t = useSecretsWords();
  const dates = useDates();
  const { stop } = useUses();
  const [adding, setAdding] = useState(false);
  return (
    <section className="node-part">
      <h3>
        {t.nodeUses} <span className="muted">{uses.length}</span>
      </h3>
      {uses.length === 0 && <p className="muted">{t.noNodeUses}</p>}
      <ul>
        {uses.map(({ id, reference, createdAt, createdBy }) => (
          <li key={id} className="node-relation">
            <span className="row">
              <Link
                to={"/vault/secrets" as never}
                search={{ graph: node.graph, ref: reference } as never}
                className="truncate"
                title={reference}
              >
                <code>{reference.replace(/^vault:/, "")}</code>
              </Link>
              <Button
                kind="quiet"
                icon
                label={t.stopUse(reference)}
                onPress={() => void stop({ graph: node.graph, node: node.id, reference })}
              >
                ×
              </Button>
            </span>
            <span className="muted node-where">
              {dates.moment(createdAt)} · {createdBy}
            </span>
          </li>
        ))}
      </ul>
      <Button onPress={() => setAdding(true)}>{t.addUse}</Button>
      {adding && <Add node={node} close={() => setAdding(false)} />}
    </section>
  );
}

function Add({ node, close }: { node: Details; close: () => void }) {
  const t = useSecretsWords();
  const { use } = useUses();
  const [wrong, setWrong] = useState(false);
  const save = async (written: string) => {
    setWrong(!isReference(written));
    if (isReference(written) && (await use({ graph: node.graph, node: node.id, reference: written }))) close();
  };
  return (
    <Dialog open onClose={close} label={t.addUse}>
      <form
        className="dialog-body"
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void save(String(new FormData(event.currentTarget).get("reference") ?? "").trim());
        }}
      >
        <h2>{t.addUse}</h2>
        <p dir="auto" className="truncate">
          {node.title}
        </p>
        <label className="field">
          <span className="label">{t.useReference}</span>
          <input
            className="input mono"
            name="reference"
            autoComplete="off"
            autoCapitalize="none"
            spellCheck={false}
            defaultValue="vault:"
            aria-invalid={wrong}
            aria-describedby="node-reference"
          />
          <span id="node-reference" className={wrong ? "field-error" : "muted"} role={wrong ? "alert" : undefined}>
            {wrong ? t.badReference : t.referenceHint}
          </span>
        </label>
        <div className="dialog-actions">
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="primary" type="submit">
            {t.note}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
