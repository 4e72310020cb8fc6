import { useCallback, useState } from "react";
import { useMutation } from "urql";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import { refresh } from "../api/refresh";
import { useToast } from "../shell/toasts";
import type { Finding } from "./model";
import { useLintWords } from "./words";

const FIX = graphql(`
  mutation FixFinding($input: FixFindingInput!) {
    fixFinding(input: $input) {
      node {
        id
        graph
        title
        rev
      }
    }
  }
`);

/** Corrects findings one after the other, and tells of each. The second value: it is at work. */
export function useFix(): [(findings: readonly Finding[]) => Promise<void>, boolean] {
  const t = useLintWords();
  const toast = useToast();
  const [, send] = useMutation(FIX);
  const [busy, setBusy] = useState(false);
  const fix = useCallback(
    async (findings: readonly Finding[]) => {
      setBusy(true);
      for (const { code, node } of findings) {
        if (!node) continue;
        const { data, error } = await send({ input: { code, node: node.id, graph: node.graph } });
        if (error) toast({ text: failureOf(error).message, tone: "error" });
        else if (data) toast({ text: t.fixed(data.fixFinding.node.title), tone: "ok" });
      }
      setBusy(false);
      refresh();
    },
    [send, toast, t],
  );
  return [fix, busy];
}
