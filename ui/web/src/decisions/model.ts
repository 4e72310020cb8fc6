import type { DecisionLogQuery } from "../api/gql/graphql";
import type { DagEdge } from "../parts/dag";

export type Decision = DecisionLogQuery["decisions"]["nodes"][number];
export type End = Pick<Decision, "id" | "graph" | "title" | "type" | "status">;

export const VIEWS = ["list", "timeline", "graph"] as const;
export type View = (typeof VIEWS)[number];

/** The view that an address names. */
export const viewOf = (view: string | undefined): View => VIEWS.find((one) => one === view) ?? "list";

export const NO_STATUS = "none";

/** How many decisions have each status, in the order of a decision's life. */
export function statuses(decisions: readonly Pick<Decision, "status">[]): readonly { key: string; count: number }[] {
  const counts = new Map<string, number>();
  for (const { status } of decisions) counts.set(status ?? NO_STATUS, (counts.get(status ?? NO_STATUS) ?? 0) + 1);
  const place = (key: string) => {
    const at = LIFE.indexOf(key);
    return at < 0 ? LIFE.length : at;
  };
  return [...counts].map(([key, count]) => ({ key, count })).sort((a, b) => place(a.key) - place(b.key));
}

const LIFE = ["draft", "proposed", "accepted", "superseded", "deprecated", "rejected"];

/** Decisions of one status; of all without one. */
export const ofStatus = <T extends Pick<Decision, "status">>(decisions: readonly T[], status: string): readonly T[] =>
  status ? decisions.filter((one) => (one.status ?? NO_STATUS) === status) : decisions;

/** What took the place of each decision, by `graph/id`. */
export function successors(decisions: readonly Decision[]): ReadonlyMap<string, readonly End[]> {
  const found = new Map<string, End[]>();
  for (const decision of decisions) {
    for (const old of decision.supersedes) found.set(keyOf(old), [...(found.get(keyOf(old)) ?? []), decision]);
  }
  return found;
}

export const keyOf = ({ graph, id }: { graph: string; id: string }): string => `${graph}/${id}`;

/** Decisions that supersede or depend on something, what that is, and the edges between them. */
export function chains(decisions: readonly Decision[]): { nodes: readonly DecisionNode[]; edges: readonly DagEdge[] } {
  const ends = new Map<string, End>();
  const edges: DagEdge[] = [];
  for (const decision of decisions) {
    for (const [kind, targets] of [
      ["supersedes", decision.supersedes],
      ["dependsOn", decision.dependsOn],
    ] as const) {
      for (const target of targets) {
        ends.set(keyOf(decision), decision).set(keyOf(target), target);
        edges.push({ source: keyOf(decision), target: keyOf(target), kind });
      }
    }
  }
  return { nodes: [...ends].map(([id, end]) => ({ id, label: end.title, end })), edges };
}

export interface DecisionNode {
  readonly id: string;
  readonly label: string;
  readonly end: End;
}
