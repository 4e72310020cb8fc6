import { useMemo } from "react";
import { useClient } from "urql";
import type { RelationType } from "../api/gql/graphql";
import { useTold } from "../parts/told";
import { DELETE, LINK, type Place, UNDELETE, UNLINK } from "./documents";
import { useNodeWords } from "./words";

/** The ends of a relation in one graph. */
export interface Joined {
  readonly graph: string;
  readonly source: string;
  readonly target: string;
  readonly relation: RelationType;
}

interface Actions {
  readonly remove: (node: Place & { readonly title: string }) => Promise<boolean>;
  readonly undelete: (node: Place) => Promise<boolean>;
  readonly link: (joined: Joined) => Promise<boolean>;
  readonly unlink: (joined: Joined) => Promise<boolean>;
}

/** What can be done to nodes at once, each with a toast that tells of it, takes it back, or says why not. */
export function useActions(): Actions {
  const client = useClient();
  const told = useTold();
  const t = useNodeWords();
  return useMemo(() => {
    const undelete: Actions["undelete"] = async ({ id, graph }) => {
      const { error } = await client.mutation(UNDELETE, { input: { id, graph } }).toPromise();
      return told(error, t.undeleted);
    };
    const remove: Actions["remove"] = async ({ id, graph, title }) => {
      const { error } = await client.mutation(DELETE, { input: { id, graph } }).toPromise();
      return told(error, t.removed(title), () => void undelete({ id, graph }));
    };
    const link: Actions["link"] = async (input) => {
      const { error } = await client.mutation(LINK, { input }).toPromise();
      return told(error, t.linked, () => void unlink(input));
    };
    const unlink: Actions["unlink"] = async (input) => {
      const { error } = await client.mutation(UNLINK, { input }).toPromise();
      return told(error, t.unlinked, () => void link(input));
    };
    return { remove, undelete, link, unlink };
  }, [client, told, t]);
}
