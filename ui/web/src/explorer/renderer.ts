import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import type { NodeDisplayData } from "sigma/types";
import { type Colours, labelOf, mixed } from "./export";
import { type Positions, sizeOf } from "./layout";
import { SHAPES, type Shaped, ShapeProgram } from "./shapes";
import { type Next, neighboursOf, type Position, type Slice, type SliceNode } from "./slice";
import { webgl } from "./webgl";

/** What stands out in the picture. */
export interface Marks {
  readonly selected: string | undefined;
  /** What was found: everything else steps back. Nothing: no search. */
  readonly hits: ReadonlySet<string> | undefined;
  /** The nodes of a path, in order. */
  readonly path: readonly string[];
}

interface Handlers {
  readonly select: (key: string | undefined) => void;
  readonly open: (key: string) => void;
  /** The part that shows has changed. */
  readonly moved: () => void;
}

export interface Box {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

type Plate = readonly [left: number, top: number, right: number, bottom: number];

const OVER = new Set(["superseded", "deprecated", "rejected"]);
const ANIMATION = { duration: 150 };
const MANY_EDGES = 3_000;
const MANY_NODES = 5_000;
const CELL = 12;
/** More cells than a row of the view has. */
const ROW = 10_000;
const NO_MARKS: Marks = { selected: undefined, hits: undefined, path: [] };

interface NodeLook extends Shaped {
  x: number;
  y: number;
  size: number;
  label: string;
  color: string;
  type: string;
}

/** The picture: sigma over a graphology graph. The one place that knows either. */
export class Renderer {
  readonly #sigma: Sigma;
  #colours: Colours;
  #slice: Slice | undefined;
  #positions: Positions = new Map();
  #neighbours: ReadonlyMap<string, readonly Next[]> = new Map();
  #marks: Marks = NO_MARKS;
  #near: ReadonlySet<string> = new Set();
  #steps: ReadonlySet<string> = new Set();
  #hovered: string | undefined;
  /** Where titles are already drawn in this frame. */
  #plates: Plate[] = [];
  /** The cells of the view in which nodes are. */
  #occupied: ReadonlySet<number> = new Set();
  #scale = 1;

  constructor(container: HTMLElement, colours: Colours, handlers: Handlers, labels: (edge: string) => string) {
    this.#colours = colours;
    this.#sigma = new Sigma(new MultiDirectedGraph(), container, {
      allowInvalidContainer: true,
      nodeProgramClasses: { shape: ShapeProgram },
      defaultNodeType: "shape",
      defaultEdgeType: "arrow",
      labelFont: '"Inter Variable", sans-serif',
      labelSize: 12,
      labelWeight: "500",
      labelDensity: 0.7,
      labelGridCellSize: 120,
      labelRenderedSizeThreshold: 2.5,
      edgeLabelFont: '"Inter Variable", sans-serif',
      edgeLabelSize: 11,
      renderEdgeLabels: true,
      stagePadding: 48,
      zIndex: true,
      minCameraRatio: 0.02,
      maxCameraRatio: 4,
      zoomDuration: 120,
      doubleClickZoomingRatio: 1,
      nodeReducer: (key, data) => this.#node(key, data as NodeLook),
      edgeReducer: (edge, data) => this.#edge(edge, data as { relation: string }, labels),
      defaultDrawNodeLabel: (context, data) => this.#label(context, data, false),
      defaultDrawNodeHover: (context, data) => this.#label(context, data, true),
    });
    // Sigma asks the graphics card which node is under the pointer, and waits for it at every move of the mouse.
    Reflect.set(this.#sigma, "getNodeAtPosition", (at: Position) => this.#nodeAt(at));
    const { labels: plates, nodes } = this.#sigma.getCanvases();
    if (plates) nodes?.before(plates);
    this.#sigma.on("beforeRender", () => {
      this.#plates = [];
      this.#occupied = this.#cells();
    });
    this.#sigma.on("clickNode", ({ node }) => handlers.select(node));
    this.#sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      handlers.open(node);
    });
    this.#sigma.on("clickStage", () => handlers.select(undefined));
    this.#sigma.on("enterNode", ({ node }) => this.#hover(node));
    this.#sigma.on("leaveNode", () => this.#hover(undefined));
    this.#sigma.getCamera().on("updated", handlers.moved);
    this.#sigma.on("resize", handlers.moved);
  }

  /** Show a slice at these places; the part that shows stays what it was. */
  show(slice: Slice, positions: Positions): void {
    const first = this.#slice === undefined || this.#slice.nodes.length === 0;
    [this.#slice, this.#positions] = [slice, positions];
    this.#neighbours = neighboursOf(slice);
    this.#scale = this.#scaleNow();
    this.#hovered = undefined;
    const graph = new MultiDirectedGraph();
    for (const node of slice.nodes) graph.addNode(node.key, this.#lookOf(node));
    for (const { source, target, type } of slice.edges) {
      const [from, to] = [slice.nodes[source]?.key, slice.nodes[target]?.key];
      if (from !== undefined && to !== undefined) graph.addEdge(from, to, { relation: type });
    }
    this.#markAround();
    const many = webgl() === "software" && slice.edges.length > MANY_EDGES;
    this.#sigma.setSetting("hideEdgesOnMove", many);
    this.#sigma.setSetting("hideLabelsOnMove", many);
    this.#frame(first);
    this.#sigma.setGraph(graph);
  }

  /** Let other nodes stand out. The layout and the data stay. */
  mark(marks: Marks): void {
    this.#marks = marks;
    this.#markAround();
    this.#sigma.refresh({ skipIndexation: true });
  }

  recolour(colours: Colours): void {
    this.#colours = colours;
    if (this.#slice) this.show(this.#slice, this.#positions);
  }

  zoom(factor: number): void {
    const camera = this.#sigma.getCamera();
    void camera.animate({ ratio: camera.getBoundedRatio(camera.ratio / factor) }, ANIMATION);
  }

  /** Show everything. */
  fit(): void {
    this.#frame(true);
    this.#sigma.refresh();
    void this.#sigma.getCamera().animate({ x: 0.5, y: 0.5, ratio: 1 }, ANIMATION);
  }

  /** Bring a node into the middle when it is outside of what shows. */
  reveal(key: string): void {
    const at = this.#positions.get(key);
    const data = this.#sigma.getNodeDisplayData(key);
    if (!at || !data) return;
    const { x, y } = this.#sigma.graphToViewport(at);
    const { width, height } = this.#sigma.getDimensions();
    const inside = x > 40 && y > 40 && x < width - 40 && y < height - 40;
    if (!inside) void this.#sigma.getCamera().animate({ x: data.x, y: data.y }, ANIMATION);
  }

  /** Put a place of the graph into the middle. */
  lookAt(at: { x: number; y: number }): void {
    const framed = this.#sigma.viewportToFramedGraph(this.#sigma.graphToViewport(at));
    this.#sigma.getCamera().setState(framed);
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

  resize(): void {
    this.#sigma.resize();
    this.#sigma.refresh({ skipIndexation: true });
  }

  /** What shows, as a picture; drawn anew, as a WebGL canvas forgets after it was shown. */
  png(done: (picture: Blob | null) => void): void {
    this.#sigma.refresh({ skipIndexation: true });
    const layers = [...this.#sigma.getContainer().querySelectorAll("canvas")];
    const first = layers[0];
    const target = document.createElement("canvas");
    const context = target.getContext("2d");
    if (!first || !context) {
      done(null);
      return;
    }
    [target.width, target.height] = [first.width, first.height];
    context.fillStyle = this.#colours.background;
    context.fillRect(0, 0, target.width, target.height);
    for (const layer of layers) context.drawImage(layer, 0, 0);
    target.toBlob(done, "image/png");
  }

  kill(): void {
    this.#sigma.kill();
  }

  /** The node at a place of the view; the uppermost is the one that was added last. */
  #nodeAt(at: Position): string | null {
    const { x, y } = this.#sigma.viewportToGraph(at);
    const scale = this.#sigma.scaleSize(1) / this.#sigma.getGraphToViewportRatio();
    let found: string | null = null;
    for (const { key, degree } of this.#slice?.nodes ?? []) {
      const node = this.#positions.get(key);
      const radius = Math.max(8, this.#scale * sizeOf(degree)) * scale;
      if (node && (node.x - x) ** 2 + (node.y - y) ** 2 <= radius ** 2) found = key;
    }
    return found;
  }

  #lookOf(node: SliceNode): NodeLook {
    const at = this.#positions.get(node.key) ?? { x: 0, y: 0 };
    return {
      x: at.x,
      y: at.y,
      size: this.#scale * sizeOf(node.degree),
      label: labelOf(node.title),
      color: this.#colours.types[node.type],
      type: "shape",
      shape: SHAPES[node.type],
      hollow: OVER.has(node.status ?? ""),
    };
  }

  /** Nodes are drawn smaller where there are many in a small place. */
  #scaleNow(): number {
    const { width, height } = this.#sigma.getDimensions();
    const room = Math.sqrt((width * height) / Math.max(1, this.#slice?.nodes.length ?? 0));
    return Math.min(1, Math.max(0.45, room / 90));
  }

  #cells(): Set<number> {
    const cells = new Set<number>();
    const nodes = this.#slice?.nodes ?? [];
    if (nodes.length > MANY_NODES) return cells;
    for (const { key } of nodes) {
      const at = this.#positions.get(key);
      if (!at) continue;
      const { x, y } = this.#sigma.graphToViewport(at);
      cells.add(cellOf(x, y));
    }
    return cells;
  }

  /** Whether a title between these places would stand over or under other nodes. */
  #covers(left: number, right: number, y: number): boolean {
    for (let x = left + CELL; x < right; x += CELL) {
      if ([y - 10, y, y + 10].some((at) => this.#occupied.has(cellOf(x, at)))) return true;
    }
    return false;
  }

  /** Keeps what the camera relates to, so that nothing moves when nodes come or go. */
  #frame(again: boolean): void {
    if (!again && this.#sigma.getCustomBBox()) return;
    const all = (this.#slice?.nodes ?? []).flatMap((node) => this.#positions.get(node.key) ?? []);
    const range = (values: readonly number[]): [number, number] => {
      const [low, high] = [Math.min(...values), Math.max(...values)];
      return high - low < 60 ? [(low + high) / 2 - 60, (low + high) / 2 + 60] : [low, high];
    };
    if (all.length) this.#sigma.setCustomBBox({ x: range(all.map(({ x }) => x)), y: range(all.map(({ y }) => y)) });
  }

  #hover(key: string | undefined): void {
    this.#hovered = key;
    this.#sigma.getContainer().classList.toggle("explorer-pointing", key !== undefined);
    this.#markAround();
    this.#sigma.refresh({ skipIndexation: true });
  }

  #markAround(): void {
    const middle = this.#hovered ?? this.#marks.selected;
    const around = (middle && this.#neighbours.get(middle)) || [];
    this.#near = new Set(middle && this.#neighbours.has(middle) ? [middle, ...around.map((next) => next.key)] : []);
    this.#steps = new Set(this.#marks.path.flatMap((key, place, all) => pair(key, all[place + 1])));
  }

  /** Whether a node steps back: it is no hit, not on the path, not near what is selected. */
  #faint(key: string): boolean {
    const { hits, path } = this.#marks;
    if (path.length) return !path.includes(key);
    if (hits) return !hits.has(key) && !this.#near.has(key);
    return this.#near.size > 0 && !this.#near.has(key);
  }

  #node(key: string, data: NodeLook): Partial<NodeDisplayData> & Shaped {
    const faint = this.#faint(key);
    const selected = key === this.#marks.selected;
    const named = selected || this.#marks.path.includes(key) || (this.#near.size < 24 && this.#near.has(key));
    return {
      ...data,
      ...(faint ? { color: mixed(data.color, this.#colours.background, 0.75), label: "" } : {}),
      highlighted: selected,
      forceLabel: named || (this.#marks.hits !== undefined && this.#marks.hits.size < 24 && this.#marks.hits.has(key)),
      zIndex: faint ? 0 : 1,
    };
  }

  #edge(edge: string, data: { relation: string }, labels: (edge: string) => string) {
    const graph = this.#sigma.getGraph();
    const [source, target] = [graph.source(edge), graph.target(edge)];
    const middle = this.#hovered ?? this.#marks.selected;
    const onPath = this.#steps.has(`${source} ${target}`);
    const touching = onPath || (middle !== undefined && [source, target].includes(middle));
    const faint = !touching && (this.#faint(source) || this.#faint(target));
    const { edge: plain, text, background } = this.#colours;
    return {
      color: touching ? mixed(text, background, 0.35) : faint ? mixed(plain, background, 0.6) : plain,
      size: touching ? 2 : 1.2,
      label: touching ? labels(data.relation) : "",
      forceLabel: touching && (onPath || this.#near.size < 12),
      zIndex: touching ? 1 : 0,
    };
  }

  /** A title on a plate under the nodes, so that it is legible over relations; where another one is, it is left out. */
  #label(
    context: CanvasRenderingContext2D,
    data: { label: string | null; x: number; y: number; size: number; forceLabel?: boolean },
    strong: boolean,
  ): void {
    const { background, text, edge } = this.#colours;
    if (strong) {
      context.beginPath();
      context.arc(data.x, data.y, data.size * 1.15 + 3, 0, 2 * Math.PI);
      context.lineWidth = 2;
      context.strokeStyle = text;
      context.stroke();
    }
    if (!data.label) return;
    context.font = `${strong ? 600 : 500} 12px "Inter Variable", sans-serif`;
    const width = context.measureText(data.label).width;
    const [x, y] = [data.x + data.size * 1.15 + 5, data.y - 9];
    const taken = this.#plates.some(([l, t, r, b]) => x < r && x + width > l && y < b && y + 18 > t);
    if (!strong && (taken || (!data.forceLabel && this.#covers(x, x + width, data.y)))) return;
    this.#plates.push([x - 3, y, x + width + 3, y + 18]);
    context.globalAlpha = strong ? 1 : 0.82;
    context.fillStyle = background;
    context.beginPath();
    context.roundRect(x - 3, y, width + 6, 18, 4);
    context.fill();
    context.globalAlpha = 1;
    if (strong) {
      context.lineWidth = 1;
      context.strokeStyle = edge;
      context.stroke();
    }
    context.fillStyle = text;
    context.fillText(data.label, x, data.y + 4);
  }
}

const cellOf = (x: number, y: number) => Math.floor(y / CELL) * ROW + Math.floor(x / CELL);

const pair = (key: string, next: string | undefined) =>
  next === undefined ? [] : [`${key} ${next}`, `${next} ${key}`];
