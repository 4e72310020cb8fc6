import { outline } from "./export";
import type { SliceNode } from "./slice";

/** The shape and colour that nodes of a type have in the picture. */
export function Shape({ type }: { type: SliceNode["type"] }) {
  return (
    <svg width="16" height="16" viewBox="0 0 16 16" aria-hidden="true" className="explorer-shape">
      <path d={outline(type, 8, 8, 6)} fill={`var(--type-${type.toLowerCase()})`} />
    </svg>
  );
}
