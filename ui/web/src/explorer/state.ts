import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type CombinedError, useClient } from "urql";
import type { ExplorerSliceQueryVariables } from "../api/gql/graphql";
import { usePlace } from "../shell/graph";
import { LAYOUT, TOTAL } from "./documents";
import { keyOfName, searchOf, type View, viewOf, whereOf } from "./model";
import { newPace, paced } from "./pace";
import { decode, placeOfKey, type Slice, withPlacesOf } from "./slice";
import { columnsOf } from "./slices";

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

/** Of more nodes the slice is asked for again at the most once in `PACE_MS`, however much changes. */
const LARGE = 2_000;
const PACE_MS = 4_000;

/** How many nodes are shown at the most: those that changed last. */
const FIRST = 20_000;
const SOON_MS = 300;
const LATE_MS = 5_000;

interface SliceState {
  readonly slice: Slice | undefined;
  /** How many nodes there are in all, whatever the filters say. */
  readonly total: number;
  readonly error: CombinedError | undefined;
  readonly ask: () => void;
}

/**
 * The slice that the view asks for, with places of the server; what shows stays until another one is there. `more` are
 * ids that show anyway, `among` the ids of which alone any show; while it `waits`, these are not known yet.
 */
export function useSlice(
  view: View,
  more: readonly string[],
  among: readonly string[] | undefined,
  waits: boolean,
): SliceState {
  const { graph, asOf } = usePlace();
  const { turn, ask, again, total } = useTurns(graph, asOf);
  const focus = view.focus ? placeOfKey(keyOfName(view.focus, graph) ?? `/${view.focus}`).id : null;
  const asked: ExplorerSliceQueryVariables = {
    graph: graph ?? null,
    where: whereOf(view, among, []),
    relations: view.relations.length ? [...view.relations] : null,
    first: FIRST,
    asOf: asOf ?? null,
    focus,
    depth: view.depth,
    places: true,
  };
  const own = useColumns(waits || !turn ? undefined : asked, turn, ask, again);
  const where = focus && own.slice ? around(own.slice, more) : whereOf(view, among, more);
  const wider = { ...asked, where, first: FIRST + more.length, focus: null, places: false };
  const extended = useColumns(more.length && own.slice && turn ? wider : undefined, turn, ask, again);
  const last = useRef<Slice>(undefined);
  const slice = useMemo(() => {
    if (!more.length || !own.slice) last.current = own.slice;
    else if (extended.slice && extended.current) last.current = withPlacesOf(extended.slice, own.slice);
    return last.current ?? own.slice;
  }, [own.slice, extended.slice, extended.current, more.length]);
  return { slice, total, error: own.error ?? extended.error, ask: again };
}

const around = (slice: Slice, more: readonly string[]) => ({
  id: { in: [...slice.nodes.map(({ id }) => id), ...more] },
});

/**
 * How often the slice was to be asked for: again whenever what is on the screen is. The first turn of a place comes with
 * the number of its nodes, so that no change falls between two questions; before it there is none. Many changes of a
 * large graph soon after each other are one turn.
 */
function useTurns(graph: string | undefined, asOf: string | undefined) {
  const client = useClient();
  const place = `${graph} ${asOf}`;
  const [state, setState] = useState({ place: "", turn: 0, total: 0 });
  const latest = useRef({ total: 0, pace: newPace() });
  const turn = useCallback(
    () => setState((before) => ({ place, turn: before.turn + 1, total: latest.current.total })),
    [place],
  );
  const ask = useCallback(() => {
    const { total, pace } = latest.current;
    paced(pace, total > LARGE ? PACE_MS : 0, turn);
  }, [turn]);
  useEffect(() => {
    const variables = { graph: graph ?? null, asOf: asOf ?? null };
    const watched = client.query(TOTAL, variables, { requestPolicy: "cache-and-network" });
    const own = { total: 0, pace: newPace() };
    latest.current = own;
    const { unsubscribe } = watched.subscribe(({ data, stale }) => {
      if (stale) return;
      own.total = data?.nodes.totalCount ?? own.total;
      ask();
    });
    return () => {
      unsubscribe();
      clearTimeout(own.pace.later);
    };
  }, [client, graph, asOf, ask]);
  return { turn: state.place === place ? state.turn : 0, ask, again: turn, total: state.total };
}

/**
 * The slice behind these variables: asked for again in each turn, and when the server has made its places, the first of
 * them at once.
 */
function useColumns(
  variables: ExplorerSliceQueryVariables | undefined,
  turn: number,
  ask: () => void,
  again: () => void,
) {
  const client = useClient();
  const name = variables && JSON.stringify(variables);
  const [shown, setShown] = useState<{ readonly name: string; readonly slice: Slice }>();
  const [error, setError] = useState<CombinedError>();
  const wanted = useRef<{ readonly name: string | undefined; key?: number }>({ name: undefined });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the name says what is asked; a turn, that it is asked again
  useEffect(() => {
    if (wanted.current.name !== name) wanted.current = { name };
    if (!variables || !name) return;
    const own = wanted.current;
    columnsOf(variables, own.key).then(
      (answer) => {
        if (own !== wanted.current) return;
        setError(undefined);
        if (!answer || answer.key < (own.key ?? 0)) return;
        own.key = answer.key;
        setShown({ name, slice: decode(answer.columns) });
      },
      (problem: CombinedError) => own === wanted.current && setError(problem),
    );
  }, [name, turn]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: each slice that is not settled is looked after once
  useEffect(() => {
    const slice = shown?.slice;
    if (!slice?.pending || !variables || shown?.name !== name) return;
    let wait = SOON_MS;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const { places: _, ...layout } = variables;
      const { data } = await client.query(LAYOUT, layout, { requestPolicy: "network-only" }).toPromise();
      const { layoutVersion, layoutPending } = data?.graphSlice ?? {
        layoutVersion: slice.version,
        layoutPending: true,
      };
      if (!layoutPending || layoutVersion !== slice.version) return slice.version ? ask() : again();
      wait = Math.min(LATE_MS, 1.5 * wait);
      timer = setTimeout(look, wait);
    };
    timer = setTimeout(look, wait);
    return () => clearTimeout(timer);
  }, [shown, name]);
  return { slice: shown?.slice, current: shown !== undefined && shown.name === name, error };
}
