import { useState } from "react";
import { type Client, type CombinedError, useClient } from "urql";
import { graphql } from "../api/gql";
import type { DocumentFormat, UploadDocumentsMutation } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { read } from "./files";
import { batches, type Chosen, withoutRoot } from "./model";

const IMPORT = graphql(`
  mutation UploadDocuments($input: ImportDocumentsInput!) {
    importDocuments(input: $input) {
      created
      updated
      restored
      unchanged
      failed
      problems {
        path
        line
        message
        severity
      }
    }
  }
`);

const FINISH = graphql(`
  mutation FinishUpload($input: FinishImportInput!) {
    finishImport(input: $input) {
      relations
      unresolvedCount
    }
  }
`);

type Imported = UploadDocumentsMutation["importDocuments"];

/** How an upload stands. */
export interface Uploading {
  readonly phase: "reading" | "joining" | "over" | "nothing";
  readonly done: number;
  readonly files: number;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  readonly problems: Imported["problems"];
  readonly error?: CombinedError;
}

const BEGUN: Uploading = {
  phase: "reading",
  done: 0,
  files: 0,
  created: 0,
  updated: 0,
  unchanged: 0,
  problems: [],
};

export interface Target {
  readonly graph: string;
  readonly format: DocumentFormat;
}

/** Sends files of this computer, and tells how it stands. Nothing is deleted: what is not among them stays. */
export function useUpload(target: Target): [Uploading | undefined, (files: readonly Chosen[]) => Promise<void>] {
  const client = useClient();
  const [state, setState] = useState<Uploading>();
  const send = async (files: readonly Chosen[]) => {
    for await (const next of upload(client, target, files)) setState(next);
    refresh();
  };
  return [state, send];
}

async function* upload(client: Client, { graph, format }: Target, files: readonly Chosen[]): AsyncGenerator<Uploading> {
  const documents = await read(files);
  let state: Uploading = { ...BEGUN, files: documents.length };
  if (documents.length === 0) return yield { ...state, phase: "nothing" };
  yield state;
  const { root, paths } = withoutRoot(documents.map(({ path }) => path));
  const source = root || SOURCE;
  const named = documents.map(({ content }, at) => ({ path: paths[at] ?? "", content }));
  for (const batch of batches(named)) {
    const input = { source, graph, documents: batch.map((document) => ({ ...document, format })) };
    const { data, error } = await client.mutation(IMPORT, { input }).toPromise();
    if (error) return yield { ...state, phase: "over", error };
    if (data) state = added(state, data.importDocuments, batch.length);
    yield state;
  }
  yield { ...state, phase: "joining" };
  const { error } = await client.mutation(FINISH, { input: { source, graph, keep: null } }).toPromise();
  yield { ...state, phase: "over", ...(error ? { error } : {}) };
}

/** The source of files that come without a folder. */
const SOURCE = "upload";

const added = (state: Uploading, found: Imported, files: number): Uploading => ({
  ...state,
  done: state.done + files,
  created: state.created + found.created + found.restored,
  updated: state.updated + found.updated,
  unchanged: state.unchanged + found.unchanged,
  problems: [...state.problems, ...found.problems],
});
