import { type KeyboardEvent, useEffect, useMemo, useState } from "react";
import type { Circle } from "./levels";
import { MAX_DEPTH } from "./model";
import type { Placed } from "./placing";
import type { Renderer } from "./renderer";
import { type Next, neighboursOf } from "./slice";
import { ARROWS, circleTowards, firstOf, neighbourTowards } from "./walk";

interface Props {
  readonly placed: Placed | undefined;
  readonly renderer: Renderer | undefined;
  readonly selected: string | undefined;
  readonly depth: number;
  readonly select: (key: string | undefined) => void;
  readonly open: (key: string) => void;
  readonly leave: () => void;
  readonly setDepth: (depth: number) => void;
}

interface Keys {
  readonly neighbours: ReadonlyMap<string, readonly Next[]>;
  /** The community that the keyboard is at. */
  readonly circle: Circle | undefined;
  readonly onKeyDown: (event: KeyboardEvent) => void;
  readonly onBlur: () => void;
}

/** What keys do in the picture: they walk it, from neighbour to neighbour or from circle to circle, as the mouse does. */
export function useKeys({ placed, renderer, selected, depth, select, open, leave, setDepth }: Props): Keys {
  const [at, setAt] = useState<string>();
  const neighbours = useMemo(() => (placed ? neighboursOf(placed.slice) : new Map<string, Next[]>()), [placed]);
  const atlas = placed?.atlas;
  const circle = selected ? undefined : atlas?.circles.find(({ key }) => key === at);
  useEffect(() => renderer?.ring(circle?.key), [renderer, circle?.key]);
  const walk = (direction: readonly [number, number]) => {
    if (selected) return select(neighbourTowards(placed, neighbours, selected, direction));
    const shown = atlas ? renderer?.inView() : undefined;
    if (shown?.circles.length) return setAt(circleTowards(shown.circles, circle?.key, direction));
    return select(firstOf(shown?.nodes.length ? shown.nodes : (placed?.slice.nodes ?? [])));
  };
  const enter = () => {
    if (selected) return open(selected);
    if (!circle) return;
    setAt(undefined);
    renderer?.camera.approach(circle);
    const middle = placed?.slice.nodes[circle.members[0] ?? 0];
    if (middle) select(middle.key);
  };
  const goBack = () => {
    if (!atlas || !(selected || circle)) return leave();
    setAt(undefined);
    if (!selected) return;
    select(undefined);
    renderer?.camera.fit();
  };
  const acts = new Map<string, () => void>([
    ["Enter", enter],
    ["Escape", goBack],
    ["+", () => renderer?.camera.zoom(1.5)],
    ["-", () => renderer?.camera.zoom(1 / 1.5)],
    ["0", () => renderer?.camera.fit()],
    ["[", () => setDepth(Math.max(1, depth - 1))],
    ["]", () => setDepth(Math.min(MAX_DEPTH, depth + 1))],
  ]);
  const onKeyDown = (event: KeyboardEvent) => {
    const direction = ARROWS[event.key];
    const act = direction ? () => walk(direction) : acts.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return { neighbours, circle, onKeyDown, onBlur: () => setAt(undefined) };
}
