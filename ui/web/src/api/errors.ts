import type { CombinedError } from "urql";

/** What went wrong with a request: a code of the API, a sentence for people, and what to do about it. */
export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
  /** What of the input it is about, such as `input.title`. */
  readonly field?: string;
  readonly requestId?: string;
}

/** The failure behind an error of the client: the API's own words where there are any. */
export function failureOf(error: CombinedError): Failure {
  const first = error.graphQLErrors[0];
  if (first) {
    const more = first.extensions;
    return {
      code: String(more["code"] ?? "ERROR"),
      message: first.message,
      ...(typeof more["hint"] === "string" ? { hint: more["hint"] } : {}),
      ...(typeof more["field"] === "string" ? { field: more["field"] } : {}),
      ...(typeof more["requestId"] === "string" ? { requestId: more["requestId"] } : {}),
    };
  }
  return { code: "OFFLINE", message: error.networkError?.message ?? error.message };
}
