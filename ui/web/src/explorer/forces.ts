import defaults from "graphology-layout-forceatlas2/defaults.js";
import iterate from "graphology-layout-forceatlas2/iterate.js";
import type { Job } from "./layout";

const NODE = 10;
const EDGE = 3;
const [X, Y, MASS, CONVERGENCE, SIZE, FIXED] = [0, 1, 6, 7, 8, 9];

/** ForceAtlas2 (Jacomy et al. 2014) for some rounds: the same job always ends the same. */
export function relax({ places, sizes, fixed, ends, rounds }: Job): Float32Array<ArrayBuffer> {
  const count = fixed.length;
  const nodes = new Float32Array(NODE * count);
  for (let i = 0; i < count; i += 1) {
    nodes[i * NODE + X] = places[2 * i] ?? 0;
    nodes[i * NODE + Y] = places[2 * i + 1] ?? 0;
    nodes[i * NODE + MASS] = 1;
    nodes[i * NODE + CONVERGENCE] = 1;
    nodes[i * NODE + SIZE] = sizes[i] ?? 1;
    nodes[i * NODE + FIXED] = fixed[i] ?? 0;
  }
  const edges = new Float32Array((EDGE * ends.length) / 2);
  for (let i = 0; i < ends.length / 2; i += 1) {
    const [source, target] = [ends[2 * i] ?? 0, ends[2 * i + 1] ?? 0];
    edges.set([source * NODE, target * NODE, 1], i * EDGE);
    for (const end of [source, target]) nodes[end * NODE + MASS] = (nodes[end * NODE + MASS] ?? 0) + 1;
  }
  const settings = {
    ...defaults,
    barnesHutOptimize: count > 800,
    strongGravityMode: true,
    gravity: 0.12,
    scalingRatio: 12,
    slowDown: 1 + Math.log(count),
  };
  for (let round = 0; round < rounds; round += 1) iterate(settings, nodes, edges);
  const moved = new Float32Array(2 * count);
  for (let i = 0; i < count; i += 1) {
    moved[2 * i] = nodes[i * NODE + X] ?? 0;
    moved[2 * i + 1] = nodes[i * NODE + Y] ?? 0;
  }
  return moved;
}
