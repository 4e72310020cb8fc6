import type { ImportJobsQuery } from "../api/gql/graphql";

export type Job = ImportJobsQuery["importJobs"][number];

/** A file that somebody chose. */
export interface Chosen {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly file: File;
}

/** A file that was read. */
export interface Document {
  readonly path: string;
  readonly content: string;
}

/** Whether an import still goes on. */
export const isRunning = ({ state }: Pick<Job, "state">): boolean => state === "QUEUED" || state === "RUNNING";

/** How much of an import is done, 0 to 1; undefined: nobody knows yet. */
export const progressOf = ({ files, done }: Pick<Job, "files" | "done">): number | undefined =>
  files > 0 ? Math.min(1, done / files) : undefined;

/** Markdown that is not in a hidden folder: what an import reads. */
export const isWanted = (path: string): boolean =>
  /\.(?:md|markdown)$/i.test(path) &&
  !path
    .split("/")
    .slice(1)
    .some((part) => part.startsWith("."));

/** The folder that all paths begin with, and the paths from there. */
export function withoutRoot(paths: readonly string[]): { readonly root: string; readonly paths: readonly string[] } {
  const root = paths[0]?.split("/")[0] ?? "";
  if (!root || !paths.every((path) => path.startsWith(`${root}/`))) return { root: "", paths };
  return { root, paths: paths.map((path) => path.slice(root.length + 1)) };
}

const BATCH = 100;
const BATCH_LENGTH = 2_000_000;

/** Documents in groups that one request can hold. */
export function batches(documents: readonly Document[]): readonly (readonly Document[])[] {
  const all: Document[][] = [];
  let length = 0;
  for (const document of documents) {
    const last = all.at(-1);
    if (!last || last.length >= BATCH || length + document.content.length > BATCH_LENGTH) {
      all.push([document]);
      length = document.content.length;
    } else {
      last.push(document);
      length += document.content.length;
    }
  }
  return all;
}
