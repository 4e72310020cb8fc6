import { useCallback, useRef, useState } from "react";
import { type Client, type CombinedError, useClient } from "urql";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import type { TaskState } from "../api/gql/graphql";
import { readable } from "../parts/excerpt";
import { withState } from "../parts/task";
import { useToast } from "../shell/toasts";
import { firstLine, keyOf, occurrenceOf, type Put, type Task } from "./model";
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

class Refused extends Error {
  constructor(readonly why: "gone" | "box") {
    super(why);
  }
}

/**
 * Write where a task stands into its node's text.
 *
 * @throws {Refused} it is not there any more, or its text cannot say so.
 * @throws {CombinedError} what the API says is wrong.
 */
async function write(client: Client, task: Task, state: TaskState): Promise<Written> {
  const { id, graph } = task.node;
  const found = await client.query(TEXT, { id, graph }, { requestPolicy: "network-only" }).toPromise();
  if (found.error) throw found.error;
  const node = found.data?.node;
  const occurrence = occurrenceOf(found.data?.blocks.nodes ?? [], task.id);
  if (!node || occurrence === undefined) throw new Refused("gone");
  const content = withState(node.content, firstLine(task.text), occurrence, state);
  if (typeof content !== "string") throw new Refused(content.refused);
  return { before: node.content, rev: await update(client, task, node.rev, content) };
}

async function update(client: Client, { node: { id, graph } }: Task, rev: number, content: string): Promise<number> {
  const done = await client.mutation(UPDATE, { input: { id, graph, rev, content } }).toPromise();
  if (done.error) throw done.error;
  return done.data?.updateNode.node.rev ?? rev;
}

/**
 * Moves tasks, and back: at once on the screen, then in their nodes' texts; what is refused goes back and is told.
 *
 * @param again asks for the tasks again that the page shows; done when it has them.
 */
export function useMove(
  again: () => Promise<unknown>,
): [ReadonlyMap<string, Put>, (task: Task, to: TaskState) => Promise<void>] {
  const t = useTodoWords();
  const client = useClient();
  const toast = useToast();
  const latest = useRef(again);
  latest.current = again; // an undo may come after the filters have changed
  const [moved, setMoved] = useState<ReadonlyMap<string, Put>>(new Map());
  const move = useCallback(
    async (task: Task, to: TaskState) => {
      const key = keyOf(task);
      const put = async <T>(place: Put, change: () => Promise<T>): Promise<T | undefined> => {
        setMoved((all) => new Map(all).set(key, place));
        try {
          return await change();
        } catch (error) {
          const text = error instanceof Refused ? t[error.why] : failureOf(error as CombinedError).message;
          toast({ text, tone: "error" });
          return undefined;
        } finally {
          void latest
            .current()
            .finally(() => setMoved((all) => new Map([...all].filter(([other, at]) => other !== key || at !== place))));
        }
      };
      const written = await put({ to }, () => write(client, task, to));
      if (!written) return;
      const back = { to: task.state ?? "TODO" };
      const undo = () => void put(back, () => update(client, task, written.rev, written.before));
      toast({ text: t.moved(readable(firstLine(task.text)), t[to]), tone: "ok", undo });
    },
    [client, toast, t],
  );
  return [moved, move];
}
