import type { TaskState, TodosQuery } from "../api/gql/graphql";
import type { Card } from "../parts/kanban";

export type Task = TodosQuery["todos"]["nodes"][number];

export const STATES: readonly TaskState[] = ["TODO", "DOING", "WAITING", "DONE", "CANCELLED"];

export interface TaskCard extends Card<TaskState> {
  readonly task: Task;
}

/** Where a task is shown until the page has what was written. */
export interface Put {
  readonly to: TaskState;
}

/** Tasks as cards, in the columns of their states; `moved` has those that were moved a moment ago, by `graph/id`. */
export function cardsOf(tasks: readonly Task[], moved: ReadonlyMap<string, Put>): readonly TaskCard[] {
  return tasks.map((task) => ({
    id: keyOf(task),
    column: moved.get(keyOf(task))?.to ?? task.state ?? "TODO",
    label: firstLine(task.text),
    task,
  }));
}

export const keyOf = ({ graph, id }: { graph: string; id: string }): string => `${graph}/${id}`;

export const firstLine = (text: string): string => text.split("\n", 1)[0] ?? "";

/** Which of the blocks of a node that say the same a block is, from 0; undefined: it is not there. */
export function occurrenceOf(blocks: readonly { id: string; text: string }[], id: string): number | undefined {
  const at = blocks.findIndex((block) => block.id === id);
  const block = blocks[at];
  if (!block) return undefined;
  return blocks.slice(0, at).filter((one) => firstLine(one.text) === firstLine(block.text)).length;
}

/** Whether a day is before today. */
export const isPast = (day: string | null, today: string): boolean => day !== null && day < today;
