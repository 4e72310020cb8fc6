import { CombinedError, stringifyDocument } from "urql";
import type { ExplorerSliceQueryVariables } from "../api/gql/graphql";
import { authorization } from "../api/token";
import { SLICE } from "./documents";
import type { Columns } from "./slice";

/** What the worker is asked; `known`: the key of the answer to the same question that whoever asks has. */
export interface Question {
  readonly key: number;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly known: number | undefined;
}

/** What it answers: columns, that nothing changed, or what went wrong. */
export type Answer =
  | { readonly key: number; readonly same: true }
  | { readonly key: number; readonly columns: Columns }
  | { readonly key: number; readonly errors: readonly { readonly message: string }[]; readonly problem: string };

let worker: Worker | undefined;
let asked = 0;
const waiting = new Map<number, (answer: Answer) => void>();

function theWorker(): Worker {
  if (worker) return worker;
  worker = new Worker(new URL("./slices.worker.ts", import.meta.url), { type: "module" });
  worker.onmessage = ({ data }: MessageEvent<Answer>) => {
    waiting.get(data.key)?.(data);
    waiting.delete(data.key);
  };
  return worker;
}

/** Columns, and the key of the question that they answer: later questions have higher ones. */
export interface Arrived {
  readonly key: number;
  readonly columns: Columns;
}

/**
 * Asks the API for a slice in a worker, where its text is also taken apart.
 *
 * @returns the columns; undefined: they are those of the answer that is `known`.
 * @throws CombinedError as the client does.
 */
export async function columnsOf(
  variables: ExplorerSliceQueryVariables,
  known: number | undefined,
): Promise<Arrived | undefined> {
  asked += 1;
  const key = asked;
  const url = new URL("/graphql", window.location.origin).href;
  const body = JSON.stringify({ query: stringifyDocument(SLICE), operationName: "ExplorerSlice", variables });
  const answer = await new Promise<Answer>((resolve) => {
    waiting.set(key, resolve);
    theWorker().postMessage({ key, url, headers: authorization(), body, known } satisfies Question);
  });
  if ("same" in answer) return undefined;
  if ("columns" in answer) return answer;
  throw answer.errors.length
    ? new CombinedError({ graphQLErrors: [...answer.errors] })
    : new CombinedError({ networkError: new Error(answer.problem) });
}
