import { layout as arrange, Graph } from "@dagrejs/dagre";

export interface DagNode {
  readonly id: string;
  readonly label: string;
}

export interface DagEdge {
  readonly source: string;
  readonly target: string;
  readonly kind: string;
}

export interface Placed {
  readonly id: string;
  /** Left edge and upper edge, in pixels. */
  readonly x: number;
  readonly y: number;
}

export interface Line extends DagEdge {
  /** An SVG path. */
  readonly path: string;
}

export interface Drawing {
  readonly width: number;
  readonly height: number;
  readonly nodes: readonly Placed[];
  readonly lines: readonly Line[];
}

export const NODE = { width: 260, height: 64 };

/** Places for nodes and paths for edges, in layers from left to right: where an edge begins comes first. */
export function draw(nodes: readonly DagNode[], edges: readonly DagEdge[]): Drawing {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 56, marginx: 12, marginy: 12 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const { id } of nodes) graph.setNode(id, { ...NODE });
  const drawn = edges.filter(({ source, target }) => graph.hasNode(source) && graph.hasNode(target));
  for (const { source, target, kind } of drawn) graph.setEdge(source, target, {}, kind);
  arrange(graph);
  const { width = 0, height = 0 } = graph.graph();
  const middles = new Map(nodes.map(({ id }) => [id, graph.node(id) as Point]));
  return {
    width,
    height,
    nodes: [...middles].map(([id, { x, y }]) => ({ id, x: x - NODE.width / 2, y: y - NODE.height / 2 })),
    lines: drawn.map((edge) => {
      const { points } = graph.edge(edge.source, edge.target, edge.kind) as { points: Point[] };
      return { ...edge, path: smooth(ends(points, middles.get(edge.source), middles.get(edge.target))) };
    }),
  };
}

/** The points of a line that goes from left to right, from the middle of one side to the middle of the other. */
function ends(points: readonly Point[], source: Point | undefined, target: Point | undefined): readonly Point[] {
  if (!source || !target || source.x >= target.x) return points;
  const half = NODE.width / 2;
  const between = points.slice(1, -1).filter(({ x }) => x > source.x + half && x < target.x - half);
  const bends = between.length > 1 ? between : [];
  return [{ x: source.x + half, y: source.y }, ...bends, { x: target.x - half, y: target.y }];
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** A path through points that bends softly. */
export function smooth(points: readonly Point[]): string {
  return points
    .map(({ x, y }, index) => {
      const before = points[index - 1];
      if (!before) return `M${round(x)} ${round(y)}`;
      const middle = round((before.x + x) / 2);
      return `C${middle} ${round(before.y)} ${middle} ${round(y)} ${round(x)} ${round(y)}`;
    })
    .join("");
}

const round = (value: number): number => Math.round(value * 10) / 10;

/** Where an arrow key leads from a node: along an edge to the side, to the next of the layer up and down. */
export function step(drawing: Drawing, from: string, key: string): string | undefined {
  const here = drawing.nodes.find((node) => node.id === from);
  if (!here) return undefined;
  const joined = (id: string) =>
    drawing.lines.some(
      ({ source, target }) => (source === from && target === id) || (target === from && source === id),
    );
  const fits = new Map<string, (node: Placed) => boolean>([
    ["ArrowRight", (node) => node.x > here.x && joined(node.id)],
    ["ArrowLeft", (node) => node.x < here.x && joined(node.id)],
    ["ArrowDown", (node) => node.x === here.x && node.y > here.y],
    ["ArrowUp", (node) => node.x === here.x && node.y < here.y],
  ]).get(key);
  if (!fits) return undefined;
  const distance = (node: Placed) => Math.abs(node.y - here.y) + Math.abs(node.x - here.x);
  return drawing.nodes.filter((node) => node.id !== from && fits(node)).sort((a, b) => distance(a) - distance(b))[0]
    ?.id;
}
