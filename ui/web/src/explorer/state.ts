import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type CombinedError, useQuery } from "urql";
import { usePlace } from "../shell/graph";
import { AROUND, SLICE } from "./documents";
import { jobOf, layOut, type Positions } from "./layout";
import { keyOfName, searchOf, type View, viewOf, whereOf } from "./model";
import { decode, type Position, placeOfKey, type Slice } from "./slice";
import { webgl } from "./webgl";

export type ChangeView = (change: Partial<View>, replace?: boolean) => void;

/** The view of the address, and how to change it. */
export function useView(): [View, ChangeView] {
  const search = useSearch({ strict: false }) as Record<string, unknown>;
  const navigate = useNavigate();
  const view = useMemo(() => viewOf(search), [search]);
  const change = useCallback<ChangeView>(
    (part, replace = false) => {
      const to = { to: ".", search: (before: object) => ({ ...before, ...searchOf(part) }), replace };
      void navigate(to as never);
    },
    [navigate],
  );
  return [view, change];
}

const FIRST = webgl() === "software" ? 1_000 : 2_000;

interface SliceState {
  readonly slice: Slice | undefined;
  readonly error: CombinedError | undefined;
  readonly ask: () => void;
}

/** The slice that the view asks for; what shows stays until another one is there. `more` are ids that show anyway. */
export function useSlice(view: View, more: readonly string[]): SliceState {
  const { graph, asOf } = usePlace();
  const relations = view.relations.length ? [...view.relations] : null;
  const around = useAround(view, relations);
  const waits = view.focus !== "" && !around;
  const [{ data, error }, ask] = useQuery({
    query: SLICE,
    variables: {
      graph: graph ?? null,
      where: whereOf(view, around, more),
      relations,
      first: FIRST + more.length,
      asOf: asOf ?? null,
    },
    pause: waits,
    requestPolicy: "cache-and-network",
  });
  const shown = useRef<{ readonly text: string; readonly slice: Slice }>(undefined);
  const slice = useMemo(() => {
    const text = data && !waits ? JSON.stringify(data) : undefined;
    if (data && text && text !== shown.current?.text) shown.current = { text, slice: decode(data.graphSlice) };
    return shown.current?.slice;
  }, [data, waits]);
  return { slice, error, ask: () => ask({ requestPolicy: "network-only" }) };
}

/** Ids of the focus and of what is near it; undefined while they are asked for, and without a focus. */
function useAround(view: View, relations: View["relations"] | null): readonly string[] | undefined {
  const { graph, asOf } = usePlace();
  const key = keyOfName(view.focus, graph);
  const { id, graph: own } = key ? placeOfKey(key) : { id: view.focus, graph: undefined };
  const variables = {
    id,
    graph: own ?? null,
    depth: view.depth,
    relations: relations && [...relations],
    asOf: asOf ?? null,
  };
  const [{ data, error }] = useQuery({
    query: AROUND,
    variables,
    pause: view.focus === "",
    requestPolicy: "cache-and-network",
  });
  return useMemo(() => {
    if (!id || (!data && !error)) return undefined;
    return [id, ...(data?.neighbours ?? []).map(({ node }) => node.key)];
  }, [data, error, id]);
}

/** A slice of which every node has a place. */
export interface Placed {
  readonly slice: Slice;
  readonly positions: Positions;
  readonly scope: string;
}

/** Places of nodes by scope: kept while the app is open, so that a picture is the same when one comes back. */
const kept = new Map<string, Map<string, Position>>();

/** Gives every node of a slice a place, in a worker; nodes that have one keep it. */
export function usePlaced(slice: Slice | undefined, scope: string): Placed | undefined {
  const [placed, setPlaced] = useState<Placed>();
  useEffect(() => {
    if (!slice) return;
    const known = new Map(kept.get(scope));
    for (const { key, position } of slice.nodes) if (position) known.set(key, position);
    const show = () => {
      kept.set(scope, known);
      setPlaced({ slice, positions: known, scope });
    };
    const job = jobOf(slice, known);
    if (!job) return show();
    return layOut(job, (places) => {
      slice.nodes.forEach(({ key }, i) => {
        if (!known.has(key)) known.set(key, { x: places[2 * i] ?? 0, y: places[2 * i + 1] ?? 0 });
      });
      show();
    });
  }, [slice, scope]);
  return placed;
}
