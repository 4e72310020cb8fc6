import { useCallback, useEffect, useRef, useState } from "react";
import { useClient } from "urql";
import { failureOf } from "../../api/errors";
import { LIST } from "./documents";
import type { Entry, Folder, Folders } from "./tree";

/** Names asked for at once. */
const FIRST = 500;
const NOTHING: Folder = { entries: [], end: null, loading: true };

export interface Loading {
  readonly folders: Folders;
  /** Loads a folder anew, or what comes after what is known of it. */
  readonly load: (path: string, more?: boolean) => void;
}

/** Folders of a mount as far as somebody opened them; `open` is loaded when it is not known yet. */
export function useFolders(mount: string, open: ReadonlySet<string>): Loading {
  const client = useClient();
  const [folders, setFolders] = useState<Folders>(new Map());
  const known = useRef(folders);
  const put = useCallback((path: string, folder: Folder) => {
    known.current = new Map([...known.current, [path, folder]]);
    setFolders(known.current);
  }, []);
  const load = useCallback(
    async (path: string, more = false) => {
      const before = known.current.get(path) ?? NOTHING;
      const after = more ? before.end : null;
      put(path, { ...before, loading: more || before.entries.length === 0 });
      const context = { requestPolicy: "network-only" } as const;
      const { data, error } = await client.query(LIST, { mount, path, first: FIRST, after }, context).toPromise();
      const found = (data?.secrets.nodes ?? []).map(named);
      const entries = more ? [...before.entries, ...found] : found;
      if (error) put(path, { ...before, loading: false, problem: failureOf(error).message });
      else put(path, { entries, end: endOf(data?.secrets.pageInfo), loading: false });
    },
    [client, mount, put],
  );
  useEffect(() => {
    for (const path of open) if (!known.current.has(path)) void load(path);
  }, [open, load]);
  return { folders, load: useCallback((path, more) => void load(path, more), [load]) };
}

/** Folders are told by a slash. */
const named = (entry: Entry): Entry =>
  entry.isFolder ? { ...entry, name: `${entry.name.replace(/\/$/, "")}/` } : entry;

const endOf = (page: { readonly hasNextPage: boolean; readonly endCursor: string | null } | undefined) =>
  page?.hasNextPage ? page.endCursor : null;
