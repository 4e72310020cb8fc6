import type { Circle } from "./levels";
import type { Placed } from "./placing";
import type { Next, Position, SliceNode } from "./slice";

type Direction = readonly [x: number, y: number];

export const ARROWS: Readonly<Record<string, Direction>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The neighbour that lies in a direction; the node itself where none does. */
export function neighbourTowards(
  placed: Placed | undefined,
  neighbours: ReadonlyMap<string, readonly Next[]>,
  from: string,
  direction: Direction,
): string {
  const start = placed?.positions.get(from);
  const others = (neighbours.get(from) ?? []).flatMap(({ key }) => {
    const at = placed?.positions.get(key);
    return at && key !== from ? [{ key, ...at }] : [];
  });
  return (start && ahead(start, others, direction)) ?? from;
}

/** The circle that lies in a direction from another; at first the largest, which is the first. */
export function circleTowards(
  circles: readonly Circle[],
  from: string | undefined,
  direction: Direction,
): string | undefined {
  const start = circles.find(({ key }) => key === from);
  if (!start) return circles[0]?.key;
  return ahead(start, circles, direction) ?? start.key;
}

/** The node with most relations. */
export function firstOf(nodes: readonly SliceNode[]): string | undefined {
  return nodes.reduce<SliceNode | undefined>((a, b) => (a && a.degree >= b.degree ? a : b), undefined)?.key;
}

/** Of some places the one that lies in a direction: straight ahead before near. */
function ahead(
  start: Position,
  others: readonly (Position & { readonly key: string })[],
  [dx, dy]: Direction,
): string | undefined {
  let best: { key: string; score: number } | undefined;
  for (const { key, x, y } of others) {
    const [right, up] = [x - start.x, y - start.y];
    const far = Math.hypot(right, up);
    const straight = (right * dx + up * dy) / (far || 1);
    const score = far / straight ** 2;
    if (straight > 0.2 && (!best || score < best.score)) best = { key, score };
  }
  return best?.key;
}
