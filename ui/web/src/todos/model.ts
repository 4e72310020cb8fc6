import type { TaskState, TodosQuery } from "../api/gql/graphql";
import type { Card } from "../parts/kanban";
import { plain, tasksIn } from "../parts/task";

export type Task = TodosQuery["todos"]["nodes"][number];

export const STATES: readonly TaskState[] = ["TODO", "DOING", "WAITING", "DONE", "CANCELLED"];

export interface TaskCard extends Card<TaskState> {
  readonly task: Task;
}

/** States of tasks, by `graph/id` of the task. */
export type States = ReadonlyMap<string, TaskState>;

/** Tasks as cards: where they were moved a moment ago, else where their text says that they are. */
export function cardsOf(tasks: readonly Task[], written: States, moved: States): readonly TaskCard[] {
  return tasks.map((task) => ({
    id: keyOf(task),
    column: moved.get(keyOf(task)) ?? written.get(keyOf(task)) ?? task.state ?? "TODO",
    label: firstLine(task.text),
    task,
  }));
}

/**
 * Where tasks stand in the texts of their nodes, by `graph/id` of the node. The list of tasks says what the files said
 * when they were read last; a text that was changed here since says more. Left out are tasks of which a text has not as
 * many as the list.
 */
export function statesOf(tasks: readonly Task[], texts: ReadonlyMap<string, string>): States {
  const alike = new Map<string, Task[]>();
  for (const task of tasks) {
    const key = JSON.stringify([keyOf(task.node), plain(firstLine(task.text))]);
    const known = alike.get(key);
    if (known) known.push(task);
    else alike.set(key, [task]);
  }
  const said = new Map([...texts].map(([node, text]) => [node, tasksIn(text)]));
  const states = new Map<string, TaskState>();
  for (const [key, group] of alike) {
    const [node, text] = JSON.parse(key) as [string, string];
    const found = (said.get(node) ?? []).filter((one) => one.text === text);
    if (found.length !== group.length) continue;
    group.forEach((task, index) => {
      const state = found[index]?.state;
      if (state) states.set(keyOf(task), state);
    });
  }
  return states;
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
