import type { NodeType, NodeWhere, SearchMode } from "../api/gql/graphql";
import type { Address } from "../parts/address";

export const MODES: readonly SearchMode[] = ["TEXT", "SEMANTIC", "HYBRID"];
export const TYPES: readonly NodeType[] = ["NOTE", "DECISION", "GUIDELINE", "PATTERN", "JOURNAL", "EXECUTION"];

/** What is looked for. */
export interface Wanted {
  readonly q: string;
  readonly mode: SearchMode;
  readonly explain: boolean;
  readonly type: NodeType | "";
  readonly tag: string;
  readonly status: string;
}

/** What an address asks for. */
export function wantedOf(address: Address): Wanted {
  const mode = MODES.find((one) => one === address["mode"]?.toUpperCase());
  const type = TYPES.find((one) => one === address["type"]?.toUpperCase());
  return {
    q: address["q"]?.trim() ?? "",
    mode: mode ?? "TEXT",
    explain: address["explain"] === "yes",
    type: type ?? "",
    tag: address["tag"] ?? "",
    status: address["status"] ?? "",
  };
}

/** Whether there are words to search for: signs alone find nothing. */
export const hasWords = ({ q }: Wanted): boolean => /[\p{L}\p{N}]/u.test(q);

/** The filters, as a condition on nodes. */
export function whereOf({ type, tag, status }: Wanted): NodeWhere | null {
  const where: NodeWhere = {
    ...(type ? { type: { eq: type } } : {}),
    ...(tag ? { tags: { hasAll: [tag] } } : {}),
    ...(status ? { status: { eq: status } } : {}),
  };
  return Object.keys(where).length ? where : null;
}
