import type { Positions } from "./layout";
import type { Box } from "./levels";
import type { Placed } from "./placing";
import type { Position } from "./slice";

/** Whether nodes that were there get other places, and not a few are only added. */
export function moves({ slice, positions }: Placed, before: Positions): boolean {
  return slice.nodes.some(({ key }) => {
    const [was, is] = [before.get(key), positions.get(key)];
    return was && is && (was.x !== is.x || was.y !== is.y);
  });
}

/**
 * Where what is drawn is at first, so that in the new frame it stands where it stood in the old one; undefined: nothing
 * moves. What was nowhere begins at its end.
 */
export function startsOf(
  ends: Positions,
  before: (key: string) => Position | undefined,
  from: Box,
  to: Box,
): Positions | undefined {
  const middle = ([low, high]: readonly [number, number]) => (low + high) / 2;
  const size = ({ x, y }: Box) => Math.max(x[1] - x[0], y[1] - y[0]);
  const factor = size(to) / size(from);
  const starts = new Map<string, Position>();
  let any = false;
  for (const [key, end] of ends) {
    const was = before(key);
    any ||= was !== undefined && (was.x !== end.x || was.y !== end.y);
    const x = was && middle(to.x) + (was.x - middle(from.x)) * factor;
    const y = was && middle(to.y) + (was.y - middle(from.y)) * factor;
    starts.set(key, x === undefined || y === undefined ? end : { x, y });
  }
  return any ? starts : undefined;
}

/** Places a part of the way from one to another, quickly at first. */
export function between(from: Positions, to: Positions, done: number): Map<string, Position> {
  const part = 1 - (1 - done) ** 3;
  const now = new Map(to);
  for (const [key, a] of from) {
    const b = to.get(key);
    if (b) now.set(key, { x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part });
  }
  return now;
}
