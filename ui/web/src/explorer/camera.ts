import type Sigma from "sigma";
import { type Box, boxOf, type Circle, openingScale } from "./levels";
import type { Scene } from "./scene";
import type { Position } from "./slice";

const ANIMATION = { duration: 150 };
const LEAST_FRAME = 400;
const WHOLE = { x: 0.5, y: 0.5, ratio: 1 };

/** Which part of the graph shows, and how to go to another. */
export class Camera {
  readonly #sigma: Sigma;
  readonly #scene: Scene;

  constructor(sigma: Sigma, scene: Scene) {
    this.#sigma = sigma;
    this.#scene = scene;
  }

  zoom(factor: number): void {
    const camera = this.#sigma.getCamera();
    void camera.animate({ ratio: camera.getBoundedRatio(camera.ratio / factor) }, ANIMATION);
  }

  /** Show everything. */
  fit(): void {
    this.frame(true);
    this.#sigma.refresh();
    void this.#sigma.getCamera().animate(WHOLE, ANIMATION);
  }

  /** The same at once. */
  begin(): void {
    this.#sigma.getCamera().setState(WHOLE);
  }

  /** Bring a node into the middle when it is outside of what shows. */
  reveal(key: string): void {
    const at = this.#scene.at(key);
    if (!at) return;
    const { x, y } = this.#sigma.graphToViewport(at);
    const { width, height } = this.#sigma.getDimensions();
    const inside = x > 40 && y > 40 && x < width - 40 && y < height - 40;
    if (!inside) void this.#sigma.getCamera().animate(this.#sigma.viewportToFramedGraph({ x, y }), ANIMATION);
  }

  /** Put a place of the graph into the middle. */
  lookAt(at: Position): void {
    this.#sigma.getCamera().setState(this.#framed(at));
  }

  /** Go so near to a circle that it opens. */
  approach(circle: Circle): void {
    const camera = this.#sigma.getCamera();
    const { width, height } = this.#sigma.getDimensions();
    const scale = Math.max(openingScale(circle), (0.35 * Math.min(width, height)) / circle.reach);
    const ratio = camera.getBoundedRatio((camera.ratio * this.#sigma.getGraphToViewportRatio()) / scale);
    void camera.animate({ ...this.#framed(circle), ratio }, { duration: 2 * ANIMATION.duration });
  }

  /** The part that shows, as places of the graph. */
  visible(): Box {
    const { width, height } = this.#sigma.getDimensions();
    const [a, b] = [
      { x: 0, y: 0 },
      { x: width, y: height },
    ].map((corner) => this.#sigma.viewportToGraph(corner));
    return { x: [a?.x ?? 0, b?.x ?? 0], y: [b?.y ?? 0, a?.y ?? 0] };
  }

  /** Keeps what the camera relates to, so that nothing moves when nodes come or go; gives what it is. */
  frame(again: boolean): Box | undefined {
    const kept = this.#sigma.getCustomBBox() as Box | null;
    if (!again && kept) return kept;
    const { slice, placed } = this.#scene;
    const box = frameOf(slice.nodes.flatMap((node) => placed?.positions.get(node.key) ?? []));
    if (box) this.#sigma.setCustomBBox({ x: [...box.x], y: [...box.y] });
    return box ?? kept ?? undefined;
  }

  #framed(at: Position): Position {
    return this.#sigma.viewportToFramedGraph(this.#sigma.graphToViewport(at));
  }
}

/** The box around places, not smaller than a few nodes need. */
function frameOf(all: readonly Position[]): Box | undefined {
  if (all.length === 0) return undefined;
  const wide = ([low, high]: readonly [number, number]): [number, number] => {
    const lacking = Math.max(0, LEAST_FRAME - (high - low)) / 2;
    return [low - lacking, high + lacking];
  };
  const { x, y } = boxOf(
    all.map((at) => at.x),
    all.map((at) => at.y),
  );
  return { x: wide(x), y: wide(y) };
}
