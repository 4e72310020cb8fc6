import { useState } from "react";
import { useClient } from "urql";
import { type Failure, failureOf } from "../api/errors";
import type { NodeType } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { useToast } from "../shell/toasts";
import { CREATE } from "./documents";
import { Fields } from "./Fields";
import { type Draft, TYPES, tagsOf } from "./model";
import { useNodeWords } from "./words";

const BLANK: Draft = { title: "", status: "", date: "", tags: "", content: "" };

interface Props {
  readonly graph: string | undefined;
  readonly close: () => void;
  readonly created: (node: { readonly id: string; readonly graph: string }) => void;
}

/** A new node, of any type. */
export function CreateDialog({ graph, close, created }: Props) {
  const t = useNodeWords();
  const client = useClient();
  const toast = useToast();
  const [type, setType] = useState<NodeType>("NOTE");
  const [draft, setDraft] = useState(BLANK);
  const [failure, setFailure] = useState<Failure>();
  const place = graph ?? "default";
  const save = async () => {
    const { title, content, status, date, tags } = draft;
    const node = { type, title: title.trim(), content, tags: tagsOf(tags), status: status || null, date: date || null };
    const { data, error } = await client.mutation(CREATE, { input: { graph: place, nodes: [node] } }).toPromise();
    const made = data?.createNodes.nodes[0];
    if (error || !made) return setFailure(error && failureOf(error));
    toast({ text: t.createdNode, tone: "ok" });
    refresh();
    close();
    created(made);
  };
  return (
    <Dialog open onClose={close} label={t.newNode} wide>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="row">
          <h2>{t.newNode}</h2>
          <span className="badge">
            {t.graph}: {place}
          </span>
        </div>
        <label className="field">
          <span className="label">{t.type}</span>
          <select className="input" value={type} onChange={(event) => setType(event.target.value as NodeType)}>
            {TYPES.map((one) => (
              <option key={one} value={one}>
                {t[one]}
              </option>
            ))}
          </select>
        </label>
        <Fields draft={draft} change={(more) => setDraft((now) => ({ ...now, ...more }))} />
        {failure && (
          <p className="field-error" role="alert">
            {failure.message} {failure.hint}
          </p>
        )}
        <div className="dialog-actions">
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="primary" type="submit" disabled={!draft.title.trim()}>
            {t.create}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
