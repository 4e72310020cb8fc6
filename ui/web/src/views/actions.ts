import { useMemo } from "react";
import { useClient } from "urql";
import { refresh } from "../api/refresh";
import { useTold } from "../parts/told";
import { useToast } from "../shell/toasts";
import { DELETE, SAVE, type View } from "./documents";
import { useViewWords } from "./words";

interface Actions {
  readonly save: (name: string, address: string, graph: string | null) => Promise<boolean>;
  readonly rename: (view: View, name: string) => Promise<boolean>;
  readonly remove: (view: View) => Promise<boolean>;
  readonly copy: (view: View) => Promise<void>;
}

/** What can be done with saved views, each with a toast that tells of it, takes it back, or says why not. */
export function useViewActions(): Actions {
  const client = useClient();
  const toast = useToast();
  const told = useTold();
  const t = useViewWords();
  return useMemo(() => {
    const save: Actions["save"] = async (name, address, graph) => {
      const { error } = await client.mutation(SAVE, { input: { name, address, graph } }).toPromise();
      return told(error, t.saved(name));
    };
    const rename: Actions["rename"] = async ({ id, rev, address, name: before }, name) => {
      const { data, error } = await client.mutation(SAVE, { input: { id, rev, name, address } }).toPromise();
      const view = data?.saveView.view;
      const back = { id, rev: view?.rev ?? rev, name: before, address };
      const undo = () => void client.mutation(SAVE, { input: back }).toPromise().then(refresh);
      return told(error, t.renamed(name), undo);
    };
    const remove: Actions["remove"] = async ({ id, rev, name, address, graph }) => {
      const { error } = await client.mutation(DELETE, { id, rev }).toPromise();
      return told(error, t.removed(name), () => void save(name, address, graph));
    };
    const copy: Actions["copy"] = async ({ address, name }) => {
      const link = new URL(address, window.location.origin).href;
      try {
        await navigator.clipboard.writeText(link);
        toast({ text: t.copied(name), tone: "ok" });
      } catch {
        toast({ text: link });
      }
    };
    return { save, rename, remove, copy };
  }, [client, toast, told, t]);
}
