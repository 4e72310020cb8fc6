import { useCallback, useState } from "react";
import { type Client, type CombinedError, useClient } from "urql";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import type { TaskState } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { readable } from "../parts/excerpt";
import { withState } from "../parts/task";
import { useToast } from "../shell/toasts";
import { firstLine, keyOf, occurrenceOf, type Task } from "./model";
import { useTodoWords } from "./words";

const TEXT = graphql(`
  query TaskText($id: ID!, $graph: String!) {
    node(id: $id, graph: $graph) {
      id
      graph
      content
      rev
    }
    blocks(node: $id, graph: $graph, first: 1000) {
      nodes {
        id
        text
      }
    }
  }
`);

const UPDATE = graphql(`
  mutation MoveTask($input: UpdateNodeInput!) {
    updateNode(input: $input) {
      node {
        id
        graph
        content
        rev
      }
    }
  }
`);

interface Written {
  readonly before: string;
  readonly rev: number;
}

/** Write where a task stands into its node's text. Tells what the text was, or throws what went wrong. */
async function write(client: Client, task: Task, state: TaskState): Promise<Written | "gone" | "box"> {
  const { id, graph } = task.node;
  const found = await client.query(TEXT, { id, graph }, { requestPolicy: "network-only" }).toPromise();
  if (found.error) throw found.error;
  const node = found.data?.node;
  const occurrence = occurrenceOf(found.data?.blocks.nodes ?? [], task.id);
  if (!node || occurrence === undefined) return "gone";
  const content = withState(node.content, firstLine(task.text), occurrence, state);
  if (typeof content !== "string") return content.refused;
  return { before: node.content, rev: await update(client, task, node.rev, content) };
}

async function update(client: Client, { node: { id, graph } }: Task, rev: number, content: string): Promise<number> {
  const done = await client.mutation(UPDATE, { input: { id, graph, rev, content } }).toPromise();
  if (done.error) throw done.error;
  return done.data?.updateNode.node.rev ?? rev;
}

/** Moves tasks: at once on the screen, then in their nodes' texts; what is refused goes back and is told. */
export function useMove(): [ReadonlyMap<string, TaskState>, (task: Task, to: TaskState) => Promise<void>] {
  const t = useTodoWords();
  const client = useClient();
  const toast = useToast();
  const [moved, setMoved] = useState<ReadonlyMap<string, TaskState>>(new Map());
  const move = useCallback(
    async (task: Task, to: TaskState) => {
      const key = keyOf(task);
      const refused = (error: unknown) => toast({ text: failureOf(error as CombinedError).message, tone: "error" });
      setMoved((all) => new Map(all).set(key, to));
      try {
        const written = await write(client, task, to);
        if (typeof written === "string") toast({ text: t[written], tone: "error" });
        else {
          const undo = () => void update(client, task, written.rev, written.before).catch(refused).finally(refresh);
          toast({ text: t.moved(readable(firstLine(task.text)), t[to]), tone: "ok", undo });
        }
      } catch (error) {
        refused(error);
      } finally {
        setMoved((all) => new Map([...all].filter(([other]) => other !== key)));
        refresh();
      }
    },
    [client, toast, t],
  );
  return [moved, move];
}
