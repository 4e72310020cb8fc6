import { useMemo } from "react";
import { useClient } from "urql";
import { failureOf } from "../../api/errors";
import { refresh } from "../../api/refresh";
import { useSpans } from "../../parts/span";
import { useToast } from "../../shell/toasts";
import { RENEW, REVOKE } from "./documents";
import { useLeaseWords } from "./words";

interface Actions {
  /** By so many seconds, or by as many as at first. */
  readonly renew: (id: string, increment?: number) => Promise<void>;
  readonly revoke: (id: string, prefix?: boolean) => Promise<void>;
}

/** What can be done to leases, each with a toast that tells of it or says why not. */
export function useLeaseActions(): Actions {
  const client = useClient();
  const toast = useToast();
  const span = useSpans();
  const t = useLeaseWords();
  return useMemo(
    () => ({
      renew: async (id, increment) => {
        const input = { id, ...(increment === undefined ? {} : { increment }) };
        const { data, error } = await client.mutation(RENEW, { input }).toPromise();
        if (error) toast({ text: failureOf(error).message, tone: "error" });
        else toast({ text: t.renewed(span(data?.renewLease.lease.ttl ?? 0)), tone: "ok" });
        refresh();
      },
      revoke: async (id, prefix = false) => {
        const { error } = await client.mutation(REVOKE, { input: { id, prefix } }).toPromise();
        if (error) toast({ text: failureOf(error).message, tone: "error" });
        else toast({ text: t.revoked, tone: "ok" });
        refresh();
      },
    }),
    [client, toast, span, t],
  );
}
