import type Sigma from "sigma";
import type { Looks } from "./looks";
import type { Scene } from "./scene";
import type { Position } from "./slice";

const LEAST = 8;

/** The node or circle at a place of the view; the uppermost is the one that was added last. */
export function thingAt(sigma: Sigma, scene: Scene, looks: Looks, at: Position): string | null {
  const { x, y } = sigma.viewportToGraph(at);
  const unit = sigma.getGraphToViewportRatio();
  const hit = (place: Position | undefined, size: number) =>
    place && (place.x - x) ** 2 + (place.y - y) ** 2 <= (Math.max(LEAST, sigma.scaleSize(size)) / unit) ** 2;
  let found: string | null = null;
  for (const circle of scene.circles) if (hit(circle, looks.radiusOf(circle))) found = circle.key;
  for (const node of scene.nodes) if (hit(scene.at(node.key), looks.sizeOf(node))) found = node.key;
  return found;
}
