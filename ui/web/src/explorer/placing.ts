import { useEffect, useState } from "react";
import { layOut, type Positions, partOf } from "./layout";
import { ALL, type Atlas, atlasOf } from "./levels";
import type { Position, Slice } from "./slice";

/** A slice of which every node has a place. */
export interface Placed {
  readonly slice: Slice;
  readonly positions: Positions;
  readonly scope: string;
  /** The same cut into communities, where there are too many nodes to draw. */
  readonly atlas: Atlas | undefined;
}

/** Places of nodes by scope: kept while the app is open, so that a picture is the same when one comes back. */
const kept = new Map<string, ReadonlyMap<string, Position>>();

/**
 * Gives every node of a slice a place: the server's, else the one it had, else one that a worker finds beside what is
 * there. While the server still makes the first places of many nodes there is nothing to show.
 */
export function usePlaced(slice: Slice | undefined, scope: string): Placed | undefined {
  const [placed, setPlaced] = useState<Placed>();
  useEffect(() => {
    if (!slice) return;
    const known = new Map(kept.get(scope));
    for (const { key, position } of slice.nodes) if (position) known.set(key, position);
    const show = () => {
      kept.set(scope, known);
      setPlaced({ slice, positions: known, scope, atlas: atlasOf(slice, known) });
    };
    const part = partOf(slice, known);
    if (!part) return show();
    if (slice.nodes.length > ALL && slice.pending && known.size === 0) return setPlaced(undefined);
    return layOut(part, (places) => {
      for (const [key, at] of places) if (!known.has(key)) known.set(key, at);
      show();
    });
  }, [slice, scope]);
  return placed;
}
