import type { Positions } from "./layout";
import { boxOf } from "./levels";
import type { Position } from "./slice";

const LANDMARKS = 18;
/** Among fewer nodes titles find room by themselves; only the first is a landmark. */
const CROWD = 150;

/** Nodes whose titles show wherever there is room: those with most relations, not too near to each other. */
export function landmarksOf(
  nodes: readonly { readonly key: string; readonly degree: number }[],
  positions: Positions,
): ReadonlySet<string> {
  const most = nodes.length < CROWD ? 1 : LANDMARKS;
  const first = nodes
    .filter(({ degree }) => degree > 1)
    .sort((a, b) => b.degree - a.degree)
    .slice(0, 20 * LANDMARKS);
  const places = first.flatMap(({ key }) => positions.get(key) ?? []);
  const { x, y } = boxOf(
    places.map((at) => at.x),
    places.map((at) => at.y),
  );
  const far = 0.11 * Math.max(x[1] - x[0], y[1] - y[0]);
  const chosen: (Position & { readonly key: string })[] = [];
  for (const { key } of first) {
    const at = positions.get(key);
    if (!at || chosen.some((other) => Math.hypot(other.x - at.x, other.y - at.y) < far)) continue;
    chosen.push({ ...at, key });
    if (chosen.length === most) break;
  }
  return new Set(chosen.map(({ key }) => key));
}
