import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import type { NodeDisplayData } from "sigma/types";
import { type Colours, labelOf, mixed } from "./export";
import { between, glided, moves } from "./glide";
import { type Plate, Plates, type Spot } from "./labels";
import { type Positions, sizeOf } from "./layout";
import { type Box, boxOf, type Circle, type Level, type Line, levelOf, linesOf, openingScale } from "./levels";
import type { Placed } from "./placing";
import { CIRCLE, SHAPES, type Shaped, ShapeProgram } from "./shapes";
import { type Next, neighboursOf, type Position, type Slice, type SliceNode } from "./slice";
import { drawName, drawTitle, type Name, nameOf, ring, type Titled, widthOf } from "./titles";
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
  /** So many communities that are not open are in the view. */
  readonly opened: (closed: number) => void;
}

const OVER = new Set(["superseded", "deprecated", "rejected"]);
const ANIMATION = { duration: 150 };
const GLIDE_MS = 450;
/** How long the view must rest before communities open and close. */
const REST_MS = 120;
/** The same while somebody holds it. */
const HELD_MS = 600;
const MANY_EDGES = 3_000;
/** With so many lines each is as faint as it may be. */
const FULL_EDGES = 4_000;
const LANDMARKS = 18;
const FIRST_NAMES = 6;
/** Among fewer nodes titles find room by themselves; only the first is a landmark. */
const CROWD = 150;
const NARROW = 600;
const MOST_PINNED = 150;
const LEAST_FRAME = 400;
/** The part of the view that circles cover when everything shows. */
const COVERED = 0.16;
const NO_MARKS: Marks = { selected: undefined, hits: undefined, path: [] };
const NOTHING: Slice = {
  nodes: [],
  edges: [],
  places: new Map(),
  truncated: false,
  communities: new Map(),
  version: undefined,
  pending: false,
};

interface NodeLook extends Shaped {
  x: number;
  y: number;
  size: number;
  label: string;
  color: string;
  type: string;
  circle?: Circle;
}

interface LineLook {
  readonly relation: string | undefined;
  readonly count: number;
}

/** The picture: sigma over a graphology graph. The one place that knows either. */
export class Renderer {
  readonly #sigma: Sigma;
  readonly #handlers: Handlers;
  readonly #plates = new Plates();
  #colours: Colours;
  #placed: Placed | undefined;
  /** Where nodes are drawn, also while they glide. */
  #positions: Positions = new Map();
  #level: Level | undefined;
  #shown: readonly SliceNode[] = [];
  #marks: Marks = NO_MARKS;
  #near: ReadonlySet<string> = new Set();
  #steps: ReadonlySet<string> = new Set();
  #hovered: string | undefined;
  #names: ReadonlyMap<string, Name> = new Map();
  #strong: ReadonlyMap<string, Plate> = new Map();
  #landmarks: ReadonlySet<string> = new Set();
  #fresh = true;
  /** How far lines step back where there are many. */
  #crowd = 0;
  /** What sizes are multiplied by, so that they are the same however near an atlas is. */
  #thin = 1;
  #scale = 1;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #gliding = 0;

  constructor(container: HTMLElement, colours: Colours, handlers: Handlers, labels: (edge: string) => string) {
    this.#colours = colours;
    this.#handlers = handlers;
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
      minCameraRatio: 0.005,
      maxCameraRatio: 4,
      zoomDuration: 120,
      doubleClickZoomingRatio: 1,
      nodeReducer: (key, data) => this.#node(key, data as NodeLook),
      edgeReducer: (edge, data) => this.#edge(edge, data as LineLook, labels),
      defaultDrawNodeLabel: (context, data) => this.#title(context, data as Titled, false),
      defaultDrawNodeHover: (context, data) => this.#title(context, data as Titled, true),
    });
    // Sigma asks the graphics card which node is under the pointer, and waits for it at every move of the mouse.
    Reflect.set(this.#sigma, "getNodeAtPosition", (at: Position) => this.#nodeAt(at));
    this.#sigma.on("beforeRender", () => {
      this.#fresh = true;
    });
    this.#sigma.on("clickNode", ({ node }) => (this.#circle(node) ? this.#approach(node) : handlers.select(node)));
    this.#sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      if (!this.#circle(node)) handlers.open(node);
    });
    this.#sigma.on("clickStage", () => handlers.select(undefined));
    this.#sigma.on("enterNode", ({ node }) => this.#hover(node));
    this.#sigma.on("leaveNode", () => this.#hover(undefined));
    this.#sigma.getCamera().on("updated", () => this.#moved());
    this.#sigma.on("resize", () => this.#moved());
  }

  /** Show a slice; the part that shows stays what it was. Nodes that get another place go there. */
  show(placed: Placed): void {
    const before = this.#positions;
    const stays = placed.scope === this.#placed?.scope;
    const first = !stays || this.#placed?.slice.nodes.length === 0;
    cancelAnimationFrame(this.#gliding);
    this.#placed = placed;
    const frame = this.#sigma.getCustomBBox() as Box | null;
    this.#frame(first || moves(placed, before));
    const moving = stays && frame ? glided(placed, before, frame, this.#sigma.getCustomBBox() as Box) : undefined;
    const still = !moving || placed.atlas !== undefined || matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#positions = still ? placed.positions : moving;
    if (first) this.#sigma.getCamera().setState({ x: 0.5, y: 0.5, ratio: 1 });
    this.#draw();
    if (!still) this.#glide(moving, placed.positions);
    performance.mark("explorer-drawn");
  }

  /** Let other nodes stand out. The layout and the data stay. */
  mark(marks: Marks): void {
    this.#marks = marks;
    this.#markAround();
    if (this.#placed?.atlas) this.#draw();
    else this.#sigma.refresh({ skipIndexation: true });
  }

  recolour(colours: Colours): void {
    this.#colours = colours;
    if (this.#placed) this.#draw();
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
    if (!at) return;
    const { x, y } = this.#sigma.graphToViewport(at);
    const { width, height } = this.#sigma.getDimensions();
    const inside = x > 40 && y > 40 && x < width - 40 && y < height - 40;
    if (!inside) void this.#sigma.getCamera().animate(this.#sigma.viewportToFramedGraph({ x, y }), ANIMATION);
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

  /** Draw the same again, as something else lies over it. */
  redraw(): void {
    this.#sigma.scheduleRender();
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
    clearTimeout(this.#resting);
    cancelAnimationFrame(this.#gliding);
    this.#sigma.kill();
  }

  get #slice(): Slice {
    return this.#placed?.slice ?? NOTHING;
  }

  get #neighbours(): ReadonlyMap<string, readonly Next[]> {
    return neighboursOf(this.#slice);
  }

  #moved(): void {
    this.#handlers.moved();
    if (!this.#placed?.atlas) return;
    clearTimeout(this.#resting);
    const { isMouseDown } = this.#sigma.getMouseCaptor();
    this.#resting = setTimeout(() => this.#rested(), isMouseDown ? HELD_MS : REST_MS);
  }

  /** Opens and closes communities where the view now is. */
  #rested(): void {
    if (this.#placed?.atlas && !same(this.#levelNow(), this.#level)) this.#draw();
  }

  #levelNow(): Level | undefined {
    const atlas = this.#placed?.atlas;
    if (!atlas) return undefined;
    return levelOf(atlas, this.visible(), this.#sigma.getGraphToViewportRatio(), this.#pinned());
  }

  /** Nodes that show however far away they are: what somebody looks for. */
  #pinned(): ReadonlySet<number> {
    const { selected, hits, path } = this.#marks;
    const found = hits && hits.size <= MOST_PINNED ? [...hits] : [];
    const near =
      (selected &&
        this.#neighbours
          .get(selected)
          ?.slice(0, MOST_PINNED)
          .map((next) => next.key)) ||
      [];
    const keys = [...(selected ? [selected, ...near] : []), ...found, ...path];
    return new Set(keys.flatMap((key) => this.#slice.places.get(key) ?? []));
  }

  /** Puts nodes, circles and lines of the present level into sigma's graph. */
  #draw(): void {
    const slice = this.#slice;
    const atlas = this.#placed?.atlas;
    this.#level = this.#levelNow();
    const places = this.#level?.nodes ?? [...slice.nodes.keys()];
    this.#shown = places.map((place) => slice.nodes[place]).filter((node) => node !== undefined);
    this.#thin = atlas ? 1 / this.#sigma.scaleSize(1) : 1;
    this.#scale = this.#scaleNow();
    this.#landmarks = landmarksOf(this.#shown, this.#positions);
    this.#hovered = undefined;
    const graph = new MultiDirectedGraph();
    const circles = this.#circles();
    for (const circle of circles) graph.addNode(circle.key, this.#lookOfCircle(circle));
    for (const node of this.#shown) graph.addNode(node.key, this.#lookOf(node));
    const lines = atlas && this.#level ? linesOf(atlas, this.#level) : linesOfAll(slice);
    for (const { source, target, type, count } of lines) graph.addEdge(source, target, { relation: type, count });
    this.#crowd = 0.5 * Math.min(1, lines.length / FULL_EDGES);
    this.#markAround();
    const many = webgl() === "software" && lines.length > MANY_EDGES;
    this.#sigma.setSetting("hideEdgesOnMove", many);
    this.#sigma.setSetting("hideLabelsOnMove", many);
    this.#sigma.setGraph(graph);
    if (atlas) this.#tell(circles);
  }

  /** Tells how many circles there are in the view. */
  #tell(circles: readonly Circle[]): void {
    const { x, y } = this.visible();
    this.#handlers.opened(circles.filter((at) => at.x > x[0] && at.x < x[1] && at.y > y[0] && at.y < y[1]).length);
  }

  /** Moves what is drawn from one place to another. */
  #glide(from: Positions, to: Positions): void {
    const begun = performance.now();
    const step = () => {
      const done = Math.min(1, (performance.now() - begun) / GLIDE_MS);
      this.#positions = between(from, to, done);
      const graph = this.#sigma.getGraph();
      for (const { key } of this.#shown) graph.mergeNodeAttributes(key, this.#positions.get(key) ?? {});
      if (done < 1) this.#gliding = requestAnimationFrame(step);
    };
    this.#gliding = requestAnimationFrame(step);
  }

  #circle(key: string): Circle | undefined {
    return (this.#sigma.getGraph().getNodeAttributes(key) as NodeLook).circle;
  }

  /** Goes so near to a circle that it opens. */
  #approach(key: string): void {
    const circle = this.#circle(key);
    if (!circle) return;
    const camera = this.#sigma.getCamera();
    const { width, height } = this.#sigma.getDimensions();
    const scale = Math.max(openingScale(circle), (0.35 * Math.min(width, height)) / circle.reach);
    const ratio = camera.getBoundedRatio((camera.ratio * this.#sigma.getGraphToViewportRatio()) / scale);
    const at = this.#sigma.viewportToFramedGraph(this.#sigma.graphToViewport(circle));
    void camera.animate({ ...at, ratio }, { duration: 2 * ANIMATION.duration });
  }

  /** The node or circle at a place of the view; the uppermost is the one that was added last. */
  #nodeAt(at: Position): string | null {
    const { x, y } = this.#sigma.viewportToGraph(at);
    const unit = this.#sigma.getGraphToViewportRatio();
    const hit = (node: Position | undefined, size: number) =>
      node && (node.x - x) ** 2 + (node.y - y) ** 2 <= (Math.max(8, this.#sigma.scaleSize(size)) / unit) ** 2;
    let found: string | null = null;
    for (const circle of this.#circles()) if (hit(circle, this.#radiusOf(circle))) found = circle.key;
    for (const { key, degree } of this.#shown) {
      if (hit(this.#positions.get(key), this.#scale * sizeOf(degree))) found = key;
    }
    return found;
  }

  #lookOf(node: SliceNode): NodeLook {
    const at = this.#positions.get(node.key) ?? { x: 0, y: 0 };
    return {
      x: at.x,
      y: at.y,
      size: this.#scale * sizeOf(node.degree),
      label: this.#labelOf(node),
      color: this.#colours.types[node.type],
      type: "shape",
      shape: SHAPES[node.type],
      hollow: OVER.has(node.status ?? ""),
    };
  }

  #lookOfCircle(circle: Circle): NodeLook {
    const { x, y, title, type } = circle;
    return {
      x,
      y,
      size: this.#radiusOf(circle),
      label: title || "○",
      color: mixed(this.#colours.types[type], this.#colours.background, 0.25),
      type: "shape",
      shape: CIRCLE,
      hollow: false,
      circle,
    };
  }

  /** The more nodes, the larger; not larger than the place that they take where everything shows. */
  #radiusOf({ members, reach }: Circle): number {
    const { width, height } = this.#sigma.getDimensions();
    const each = Math.sqrt((COVERED * width * height) / (Math.PI * Math.max(1, this.#slice.nodes.length)));
    const whole = this.#sigma.getGraphToViewportRatio() * this.#sigma.getCamera().ratio;
    return Math.max(6, Math.min(each * Math.sqrt(members.length), reach * whole));
  }

  /** Nodes are drawn smaller where there are many in a small place. */
  #scaleNow(): number {
    const { width, height } = this.#sigma.getDimensions();
    const room = Math.sqrt((width * height) / Math.max(1, this.#shown.length));
    return Math.min(1, Math.max(0.45, room / 90)) * this.#thin;
  }

  /** Finds out what of the view is taken, before the first title of a frame. */
  #beginFrame(context: CanvasRenderingContext2D): void {
    this.#fresh = false;
    const { width, height } = this.#sigma.getDimensions();
    const box = this.#sigma.getContainer().getBoundingClientRect();
    const over = this.#sigma.getContainer().parentElement?.querySelectorAll<HTMLElement>("[data-over]") ?? [];
    const taken = [...over].map((one): Plate => {
      const { left, top, right, bottom } = one.getBoundingClientRect();
      return [left - box.left - 4, top - box.top - 4, right - box.left + 4, bottom - box.top + 4];
    });
    this.#plates.begin([0, 0, width, height], taken, this.#spots(width, height));
    this.#strong = new Map([this.#marks.selected, this.#hovered].flatMap((key) => this.#plateOf(context, key)));
    this.#names = new Map(this.#circles().flatMap((circle, i) => this.#named(context, circle, i < FIRST_NAMES)));
  }

  /** The nodes in the view; the camera never turns, so that two points tell where all others are. */
  *#spots(width: number, height: number): Iterable<Spot> {
    const [origin, one] = [this.#sigma.graphToViewport({ x: 0, y: 0 }), this.#sigma.graphToViewport({ x: 1, y: 1 })];
    const scale = this.#scale * this.#sigma.scaleSize(1);
    for (const { key, degree } of this.#shown) {
      const at = this.#positions.get(key);
      if (!at) continue;
      const x = origin.x + at.x * (one.x - origin.x);
      const y = origin.y + at.y * (one.y - origin.y);
      if (x > 0 && y > 0 && x < width && y < height) yield { x, y, size: scale * sizeOf(degree) };
    }
  }

  /** Where the title of a node that stands out is, before all others take their places. */
  #plateOf(context: CanvasRenderingContext2D, key: string | undefined): (readonly [string, Plate])[] {
    const place = key === undefined ? undefined : this.#slice.places.get(key);
    const node = place === undefined ? undefined : this.#slice.nodes[place];
    const at = node && this.#positions.get(node.key);
    if (!node || !at) return [];
    const size = this.#sigma.scaleSize(this.#scale * sizeOf(node.degree));
    const width = widthOf(context, this.#labelOf(node), true);
    const plate = this.#plates.beside({ ...this.#sigma.graphToViewport(at), size }, width, true, true);
    return plate ? [[node.key, plate]] : [];
  }

  /** Titles are shorter where there is little room. */
  #labelOf(node: SliceNode): string {
    return labelOf(node.title, this.#sigma.getDimensions().width < NARROW ? 24 : undefined);
  }

  #named(context: CanvasRenderingContext2D, circle: Circle, first: boolean): (readonly [string, Name])[] {
    const at = { ...this.#sigma.graphToViewport(circle), size: this.#sigma.scaleSize(this.#radiusOf(circle)) };
    this.#plates.reserve(at);
    const name = nameOf(context, circle, at, this.#plates, first);
    return name ? [[circle.key, name]] : [];
  }

  /** The circles that are drawn, the largest first. */
  #circles(): readonly Circle[] {
    return (this.#level?.circles ?? []).flatMap((place) => this.#placed?.atlas?.circles[place] ?? []);
  }

  /** Keeps what the camera relates to, so that nothing moves when nodes come or go. */
  #frame(again: boolean): void {
    if (!again && this.#sigma.getCustomBBox()) return;
    const all = this.#slice.nodes.flatMap((node) => this.#placed?.positions.get(node.key) ?? []);
    if (all.length === 0) return;
    const wide = ([low, high]: readonly [number, number]): [number, number] => {
      const lacking = Math.max(0, LEAST_FRAME - (high - low)) / 2;
      return [low - lacking, high + lacking];
    };
    const { x, y } = boxOf(
      all.map((at) => at.x),
      all.map((at) => at.y),
    );
    this.#sigma.setCustomBBox({ x: wide(x), y: wide(y) });
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
    if (data.circle) {
      const color = faint ? mixed(data.color, this.#colours.background, 0.6) : data.color;
      return { ...data, color, highlighted: false, forceLabel: true, zIndex: 0 };
    }
    const selected = key === this.#marks.selected;
    const named = selected || this.#marks.path.includes(key) || (this.#near.size < 24 && this.#near.has(key));
    return {
      ...data,
      ...(faint ? { color: mixed(data.color, this.#colours.background, 0.75), label: "" } : {}),
      highlighted: selected,
      forceLabel:
        named ||
        this.#landmarks.has(key) ||
        (this.#marks.hits !== undefined && this.#marks.hits.size < 24 && this.#marks.hits.has(key)),
      zIndex: faint ? 1 : 2,
    };
  }

  #edge(edge: string, data: LineLook, labels: (edge: string) => string) {
    const graph = this.#sigma.getGraph();
    const [source, target] = [graph.source(edge), graph.target(edge)];
    const middle = this.#hovered ?? this.#marks.selected;
    const onPath = this.#steps.has(`${source} ${target}`);
    const touching = onPath || (middle !== undefined && [source, target].includes(middle));
    const { edge: plain, text, background } = this.#colours;
    if (!data.relation) {
      const strength = Math.min(1, Math.log2(1 + data.count) / 7);
      const color = touching ? mixed(text, background, 0.35) : mixed(plain, background, 0.75 - 0.45 * strength);
      const size = this.#thin * (touching ? 2 : 0.6 + 2 * strength);
      return { color, size, label: "", type: "line", zIndex: 0 };
    }
    const faint = !touching && (this.#faint(source) || this.#faint(target));
    return {
      color: touching ? mixed(text, background, 0.35) : mixed(plain, background, faint ? 0.6 : this.#crowd),
      size: this.#thin * (touching ? 2 : 1.2),
      label: touching ? labels(data.relation) : "",
      forceLabel: touching && (onPath || this.#near.size < 12),
      zIndex: touching ? 1 : 0,
    };
  }

  #title(context: CanvasRenderingContext2D, data: Titled, strong: boolean): void {
    if (this.#fresh) this.#beginFrame(context);
    const { circle, key = "" } = data;
    if (circle) {
      if (strong) ring(context, data, data.size, this.#colours.text);
      const name = this.#names.get(circle.key);
      if (name) drawName(context, name, this.#colours);
    } else if (strong || !this.#strong.has(key)) {
      drawTitle(context, data, this.#plates, this.#colours, strong ? this.#strong.get(key) : undefined);
    }
  }
}

/** Nodes whose titles show wherever there is room: those with most relations, not too near to each other. */
function landmarksOf(nodes: readonly SliceNode[], positions: Positions): ReadonlySet<string> {
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

function linesOfAll({ nodes, edges }: Slice): Line[] {
  return edges.flatMap(({ source, target, type }) => {
    const [from, to] = [nodes[source]?.key, nodes[target]?.key];
    return from === undefined || to === undefined ? [] : [{ source: from, target: to, type, count: 1 }];
  });
}

/** Whether two levels draw the same. */
function same(a: Level | undefined, b: Level | undefined): boolean {
  const equal = (one: readonly number[] = [], other: readonly number[] = []) =>
    one.length === other.length && one.every((place, i) => place === other[i]);
  return equal(a?.nodes, b?.nodes) && equal(a?.circles, b?.circles);
}

const pair = (key: string, next: string | undefined) =>
  next === undefined ? [] : [`${key} ${next}`, `${next} ${key}`];
