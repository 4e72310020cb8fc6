import type { NodeType } from "../../api/gql/graphql";

const LETTERS: Record<NodeType, string> = {
  NOTE: "N",
  DECISION: "D",
  GUIDELINE: "G",
  PATTERN: "P",
  JOURNAL: "J",
  EXECUTION: "E",
};

/** The type of a node as a coloured ring with its letter. */
export function TypeMark({ type }: { type: NodeType }) {
  return (
    <span className="type-mark" style={{ "--type": `var(--type-${type.toLowerCase()})` } as never} aria-hidden="true">
      {LETTERS[type]}
    </span>
  );
}
