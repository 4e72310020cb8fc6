import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { type CombinedError, useClient } from "urql";
import { usePlace } from "../shell/graph";
import { AROUND } from "./documents";
import { keyOfName, patternName, type View } from "./model";
import { usePath } from "./PathSteps";
import { useMatches } from "./Patterns";
import type { Marks } from "./scene";
import {
  keyOf,
  leavesOf,
  matching,
  neighboursOf,
  only,
  placeOfKey,
  type Slice,
  type SliceEdge,
  without,
} from "./slice";
import { useSlice } from "./state";

interface Shown {
  readonly slice: Slice | undefined;
  readonly total: number;
  readonly error: CombinedError | undefined;
  readonly ask: () => void;
  /** The key of the node that is selected, and of the one that a path leads to. */
  readonly selected: string | undefined;
  readonly to: string | undefined;
  readonly marks: Marks;
  readonly expand: (key: string) => void;
  readonly collapse: (key: string) => void;
}

const NONE: readonly string[] = [];

/** The slice of the view with what was expanded, without what was collapsed; and what stands out in it. */
export function useShown(view: View): Shown {
  const { graph, asOf } = usePlace();
  const client = useClient();
  const [more, setMore] = useState(NONE);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const { matches, error: unmatched } = useMatches(asOf ? undefined : view.pattern);
  const among = useMemo(() => matches && endsOf(matches), [matches]);
  const waits = !asOf && view.pattern !== undefined && !among;
  const { slice: whole, total, error, ask } = useSlice(view, more, among?.ids, waits);
  const slice = useMemo(() => {
    const matched = whole && among ? only(whole, ({ key }) => among.keys.has(key), among.joins(whole)) : whole;
    return matched && without(matched, hidden);
  }, [whole, among, hidden]);
  const selected = keyOfName(view.node, graph, slice);
  const to = keyOfName(view.to, graph, slice);
  const { path } = usePath(selected, to);
  const steps = useMemo(() => (path?.nodes ?? []).map(({ place, key }) => keyOf({ graph: place, id: key })), [path]);
  const add = useCallback(
    (ids: readonly string[]) =>
      setMore((all) => (ids.every((id) => all.includes(id)) ? all : [...new Set([...all, ...ids])])),
    [],
  );
  const show = (keys: Iterable<string>) => {
    const shown = new Set(keys);
    setHidden((all) =>
      [...all].some((key) => shown.has(key)) ? new Set([...all].filter((key) => !shown.has(key))) : all,
    );
  };
  useForgetting(`${graph} ${view.focus} ${view.pattern && patternName(view.pattern)}`, () => {
    setMore(NONE);
    setHidden(new Set());
  });
  const lacking =
    whole && !view.pattern
      ? [selected, ...steps].flatMap((key) => (key && !whole.places.has(key) ? placeOfKey(key).id : []))
      : [];
  // biome-ignore lint/correctness/useExhaustiveDependencies: the names of what is lacking say it all
  useEffect(() => {
    if (lacking.length) add(lacking);
  }, [lacking.join("\n"), add]);
  return {
    slice,
    total,
    error: error ?? unmatched,
    ask,
    selected,
    to,
    marks: useMarks(view.q, slice, selected, steps),
    expand: (key) => {
      show((whole && neighboursOf(whole).get(key))?.map((next) => next.key) ?? []);
      const { graph: own, id } = placeOfKey(key);
      const variables = { id, graph: own, relations: null, asOf: asOf ?? null };
      void client
        .query(AROUND, variables)
        .toPromise()
        .then(({ data }) => data && add(data.neighbours.map(({ node }) => node.key)));
    },
    collapse: (key) => {
      if (slice) setHidden((all) => new Set([...all, ...leavesOf(key, neighboursOf(slice))]));
    },
  };
}

/** The nodes of relations, and which edges of a slice are these relations. */
function endsOf(matches: readonly { readonly type: string; readonly source: Place; readonly target: Place }[]) {
  const ends = matches.flatMap(({ source, target }) => [source, target]);
  const names = new Set(matches.map(({ type, source, target }) => `${keyOf(source)} ${type} ${keyOf(target)}`));
  return {
    ids: [...new Set(ends.map(({ id }) => id))],
    keys: new Set(ends.map(keyOf)),
    joins:
      ({ nodes }: Slice) =>
      ({ source, target, type }: SliceEdge) =>
        names.has(`${nodes[source]?.key} ${type} ${nodes[target]?.key}`),
  };
}

type Place = Parameters<typeof keyOf>[0];

/** What stands out: the selected node, what was found, the path. */
function useMarks(q: string, slice: Slice | undefined, selected: string | undefined, path: readonly string[]): Marks {
  const hits = useMemo(() => (slice && q.trim() ? matching(slice, q) : undefined), [slice, q]);
  return useMemo(() => ({ selected, hits, path }), [selected, hits, path]);
}

/** Calls back when the place is another one. */
function useForgetting(place: string, forget: () => void): void {
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place) forget();
    before.current = place;
  });
}
