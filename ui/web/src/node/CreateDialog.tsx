import { useState } from "react";
import { useClient } from "urql";
import { type Failure, failureOf } from "../api/errors";
import type { NodeType } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { Dialog } from "../design/components/Dialog";
import { Form } from "../parts/Form";
import { textOf, type Values } from "../parts/form";
import { useToast } from "../shell/toasts";
import { CREATE } from "./documents";
import { useFields } from "./fields";
import { draftOf, newOf, TYPES } from "./model";
import { useNodeWords } from "./words";

interface Props {
  readonly graph: string | undefined;
  readonly close: () => void;
  readonly created: (node: { readonly id: string; readonly graph: string }) => void;
}

/** A new node, of any type; what is written stays when the type changes. */
export function CreateDialog({ graph, close, created }: Props) {
  const t = useNodeWords();
  const client = useClient();
  const toast = useToast();
  const [values, setValues] = useState<Values>(() => ({ type: "NOTE", ...draftOf({ type: "NOTE" }) }));
  const [failure, setFailure] = useState<Failure>();
  const type = textOf(values, "type") as NodeType;
  const fields = useFields(type);
  const place = graph ?? "default";
  const save = async () => {
    const input = { graph: place, nodes: [{ type, ...newOf(type, values) } as { type: NodeType; title: string }] };
    const { data, error } = await client.mutation(CREATE, { input }).toPromise();
    const made = data?.createNodes.nodes[0];
    if (error || !made) return setFailure(error && failureOf(error));
    toast({ text: t.createdNode, tone: "ok" });
    refresh();
    close();
    created(made);
  };
  return (
    <Dialog open onClose={close} label={t.newNode} wide>
      <Form
        fields={[
          { kind: "choice", name: "type", label: t.type, options: TYPES.map((key) => ({ key, name: t[key] })) },
          ...fields,
        ]}
        values={values}
        change={(more) => setValues((now) => ({ ...now, ...more }))}
        submit={save}
        submitName={t.create}
        cancel={close}
        failure={failure}
      >
        <div className="row">
          <h2>{t.newNode}</h2>
          <span className="badge">
            {t.graph}: {place}
          </span>
        </div>
      </Form>
    </Dialog>
  );
}
