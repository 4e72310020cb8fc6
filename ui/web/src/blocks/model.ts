import type { BlockWhere, TaskState } from "../api/gql/graphql";
import type { Address } from "../parts/address";

export const STATES: readonly TaskState[] = ["TODO", "DOING", "WAITING", "DONE", "CANCELLED"];

/** The condition that an address asks for; null: all blocks. */
export function whereOf({ text, tag, state, property, value }: Address): BlockWhere | null {
  const known = STATES.find((one) => one === state?.toUpperCase());
  const where: BlockWhere = {
    ...(text ? { text } : {}),
    ...(tag ? { tag: tag.replace(/^#/, "") } : {}),
    ...(known ? { state: [known] } : {}),
    ...(property ? { property, ...(value ? { propertyValue: value } : {}) } : {}),
  };
  return Object.keys(where).length ? where : null;
}

/** Properties on one line. */
export function propertiesOf(properties: unknown): string {
  if (typeof properties !== "object" || properties === null) return "";
  return Object.entries(properties)
    .map(([name, value]) => `${name}: ${Array.isArray(value) ? value.join(", ") : String(value)}`)
    .join(" · ");
}
