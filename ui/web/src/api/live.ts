import { useEffect, useRef } from "react";
import { useClient } from "urql";
import { graphql } from "./gql";
import type { LiveChangesSubscription } from "./gql/graphql";
import { refresh } from "./refresh";

const CHANGES = graphql(`
  subscription LiveChanges($graph: String, $after: String) {
    nodeChanged(graph: $graph, after: $after) {
      cursor
      op
      id
      graph
      rev
    }
  }
`);

export type Change = LiveChangesSubscription["nodeChanged"];

/** When the server surely listens: what was committed before it did is asked for once more. */
const SURE_MS = 1_500;

const listeners = new Set<(change: Change) => void>();

/**
 * Subscribes once, for the whole app, to the graph that shows or to all. After a broken connection it goes on where it
 * was. What is on the screen is asked for again.
 */
export function useLive(graph: string | undefined): void {
  const client = useClient();
  const cursor = useRef<string | null>(null);
  useEffect(() => {
    const { unsubscribe } = client
      .subscription(CHANGES, { graph: graph ?? null, after: cursor.current })
      .subscribe(({ data }) => {
        if (!data) return;
        cursor.current = data.nodeChanged.cursor;
        for (const listener of listeners) listener(data.nodeChanged);
        refresh();
      });
    const sure = setTimeout(refresh, SURE_MS);
    return () => {
      clearTimeout(sure);
      unsubscribe();
    };
  }, [client, graph]);
}

/** Calls back for every change that anybody commits. */
export function useChanges(listener: (change: Change) => void): void {
  const latest = useRef(listener);
  latest.current = listener;
  useEffect(() => {
    const call = (change: Change) => latest.current(change);
    listeners.add(call);
    return () => {
      listeners.delete(call);
    };
  }, []);
}
