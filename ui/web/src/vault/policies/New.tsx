import { useState } from "react";
import type { VaultPolicyKind } from "../../api/gql/graphql";
import { Dialog } from "../../design/components/Dialog";
import { Form } from "../../parts/Form";
import { textOf, type Values } from "../../parts/form";
import { KINDS, kindOf, nameOf } from "./model";
import { usePolicyWords } from "./words";

interface Props {
  readonly begin: (name: string, kind: VaultPolicyKind) => void;
  readonly close: () => void;
}

/** Asks what a new policy is called and of which kind it is. */
export function New({ begin, close }: Props) {
  const t = usePolicyWords();
  const [values, setValues] = useState<Values>({ name: "", kind: "ACL" });
  return (
    <Dialog open onClose={close} label={t.create}>
      <Form
        fields={[
          { name: "name", label: t.name, hint: t.nameHint, kind: "text", required: true, most: 200 },
          { name: "kind", label: t.kind, kind: "choice", options: KINDS.map((key) => ({ key, name: t[key] })) },
        ]}
        values={values}
        change={(change) => setValues({ ...values, ...change })}
        submit={() => begin(nameOf(textOf(values, "name")), kindOf(textOf(values, "kind")))}
        submitName={t.begin}
        cancel={close}
      >
        <h2>{t.create}</h2>
      </Form>
    </Dialog>
  );
}
