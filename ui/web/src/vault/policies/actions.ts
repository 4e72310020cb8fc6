import { useMemo } from "react";
import { useClient } from "urql";
import { type Failure, failureOf } from "../../api/errors";
import type { VaultPolicyKind } from "../../api/gql/graphql";
import { refresh } from "../../api/refresh";
import { useToast } from "../../shell/toasts";
import { DELETE, POLICY, SAVE } from "./documents";
import { usePolicyWords } from "./words";

interface Named {
  readonly name: string;
  readonly kind: VaultPolicyKind;
}

interface Actions {
  /** The text that is saved now; null: none, or it could not be asked for. What shows on the page follows. */
  readonly savedNow: (policy: Named) => Promise<string | null>;
  /** Says why it was not saved. */
  readonly save: (policy: Named & { readonly text: string }) => Promise<Failure | undefined>;
  readonly remove: (policy: Named) => Promise<boolean>;
}

/** What can be done to policies. */
export function usePolicyActions(): Actions {
  const client = useClient();
  const toast = useToast();
  const t = usePolicyWords();
  return useMemo(
    () => ({
      savedNow: async (policy) => {
        const asked = client.query(POLICY, { ...policy, version: null }, { requestPolicy: "network-only" });
        const { data } = await asked.toPromise();
        return data?.vaultPolicy?.text ?? null;
      },
      save: async ({ name, kind, text }) => {
        const { data, error } = await client.mutation(SAVE, { input: { name, kind, text } }).toPromise();
        if (error) return failureOf(error);
        toast({ text: [t.saved(name), ...(data?.saveVaultPolicy.warnings ?? [])].join(" "), tone: "ok" });
        refresh();
        return undefined;
      },
      remove: async ({ name, kind }) => {
        const { error } = await client.mutation(DELETE, { input: { name, kind } }).toPromise();
        if (error) toast({ text: failureOf(error).message, tone: "error" });
        else toast({ text: t.deleted(name), tone: "ok" });
        refresh();
        return !error;
      },
    }),
    [client, toast, t],
  );
}
