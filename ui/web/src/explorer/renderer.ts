import { MultiDirectedGraph } from "graphology";
import Sigma from "sigma";
import { Camera } from "./camera";
import type { Colours } from "./export";
import { between, moves, startsOf } from "./glide";
import type { Positions } from "./layout";
import { type Circle, inside, type Level, levelOf, linesOf, linesOfAll, sameLevel } from "./levels";
import { type LineLook, Looks, type NodeLook } from "./looks";
import type { Placed } from "./placing";
import { thingAt } from "./pointing";
import { type Marks, Scene } from "./scene";
import { ShapeProgram } from "./shapes";
import type { Position, SliceNode } from "./slice";
import { pictureOf } from "./snapshot";
import type { Titled } from "./titles";
import { Titling } from "./titling";
import { webgl } from "./webgl";

interface Handlers {
  readonly select: (key: string | undefined) => void;
  readonly open: (key: string) => void;
  /** The part that shows has changed. */
  readonly moved: () => void;
  /** So many communities that are not open are in the view. */
  readonly opened: (closed: number) => void;
}

const GLIDE_MS = 450;
/** How long the view must rest before communities open and close. */
const REST_MS = 120;
/** The same while somebody holds it. */
const HELD_MS = 600;
const MANY_EDGES = 3_000;

/** The picture: sigma over a graphology graph. */
export class Renderer {
  readonly camera: Camera;
  readonly #sigma: Sigma;
  readonly #handlers: Handlers;
  readonly #scene: Scene;
  readonly #looks: Looks;
  readonly #titling: Titling;
  #resting: ReturnType<typeof setTimeout> | undefined;
  #looking = 0;
  #gliding = 0;

  constructor(container: HTMLElement, colours: Colours, handlers: Handlers, words: (relation: string) => string) {
    this.#handlers = handlers;
    this.#scene = new Scene(colours);
    this.#sigma = this.#made(container);
    this.camera = new Camera(this.#sigma, this.#scene);
    this.#looks = new Looks(this.#sigma, this.#scene, words);
    this.#titling = new Titling(this.#sigma, this.#scene, this.#looks);
    this.#listen();
  }

  /** Show a slice; the part that shows stays what it was. What gets another place goes there. */
  show(placed: Placed): void {
    const scene = this.#scene;
    const before = scene.placed;
    const was = scene.places();
    const stays = placed.scope === before?.scope;
    const first = !stays || before.slice.nodes.length === 0;
    cancelAnimationFrame(this.#gliding);
    const from = before && this.camera.frame(false);
    scene.placed = placed;
    scene.gliding = undefined;
    const to = this.camera.frame(first || moves(placed, before.positions));
    if (first) this.camera.begin();
    scene.draw(this.#levelNow());
    const still = !stays || !from || !to || matchMedia("(prefers-reduced-motion: reduce)").matches;
    const ends = still ? undefined : this.#ends();
    const starts = ends && startsOf(ends, was, from as never, to as never);
    scene.gliding = starts;
    this.#draw();
    if (starts && ends) this.#glide(starts, ends);
    performance.mark("explorer-drawn");
  }

  /** Let other nodes stand out. The layout and the data stay. */
  mark(marks: Marks): void {
    this.#scene.mark(marks);
    if (this.#scene.placed?.atlas) this.#redraw();
    else this.#sigma.refresh({ skipIndexation: true });
  }

  recolour(colours: Colours): void {
    this.#scene.colours = colours;
    if (this.#scene.placed) this.#redraw();
  }

  /** The circles and nodes in the view. */
  inView(): { circles: readonly Circle[]; nodes: readonly SliceNode[] } {
    const box = this.camera.visible();
    const { circles, nodes } = this.#scene;
    return {
      circles: circles.filter((circle) => inside(box, circle)),
      nodes: nodes.filter(({ key }) => inside(box, this.#scene.at(key))),
    };
  }

  /** Draws a ring around the circle that the keyboard is at. */
  ring(circle: string | undefined): void {
    this.#scene.circle = circle;
    this.#sigma.scheduleRender();
  }

  /** Draw the same again, as something else lies over it. */
  redraw(): void {
    this.#sigma.scheduleRender();
  }

  resize(): void {
    this.#sigma.resize();
    this.#sigma.refresh({ skipIndexation: true });
  }

  /** What shows, as a picture. */
  png(done: (picture: Blob | null) => void): void {
    pictureOf(this.#sigma, this.#scene.colours.background, done);
  }

  kill(): void {
    clearTimeout(this.#resting);
    cancelAnimationFrame(this.#looking);
    cancelAnimationFrame(this.#gliding);
    this.#sigma.kill();
  }

  #made(container: HTMLElement): Sigma {
    const font = '"Inter Variable", sans-serif';
    return new Sigma(new MultiDirectedGraph(), container, {
      allowInvalidContainer: true,
      nodeProgramClasses: { shape: ShapeProgram },
      defaultNodeType: "shape",
      defaultEdgeType: "arrow",
      labelFont: font,
      labelSize: 12,
      labelWeight: "500",
      labelDensity: 0.7,
      labelGridCellSize: 120,
      labelRenderedSizeThreshold: 2.5,
      edgeLabelFont: font,
      edgeLabelSize: 11,
      renderEdgeLabels: true,
      stagePadding: 48,
      zIndex: true,
      minCameraRatio: 0.005,
      maxCameraRatio: 4,
      zoomDuration: 120,
      doubleClickZoomingRatio: 1,
      nodeReducer: (key, data) => this.#looks.node(key, data as NodeLook),
      edgeReducer: (edge, data) => this.#line(edge, data as LineLook),
      defaultDrawNodeLabel: (context, data) => this.#titling.title(context, data as Titled, false),
      defaultDrawNodeHover: (context, data) => this.#titling.title(context, data as Titled, true),
      defaultDrawEdgeLabel: (context, { label }, from, to) => label && this.#titling.relation(context, label, from, to),
    });
  }

  #listen(): void {
    const { select, open } = this.#handlers;
    // Sigma asks the graphics card which node is under the pointer, and waits for it at every move of the mouse.
    Reflect.set(this.#sigma, "getNodeAtPosition", (at: Position) => thingAt(this.#sigma, this.#scene, this.#looks, at));
    this.#sigma.on("clickNode", ({ node }) => {
      const circle = this.#circle(node);
      if (circle) this.camera.approach(circle);
      else select(node);
    });
    this.#sigma.on("doubleClickNode", ({ node, preventSigmaDefault }) => {
      preventSigmaDefault();
      if (!this.#circle(node)) open(node);
    });
    this.#sigma.on("clickStage", () => select(undefined));
    this.#sigma.on("enterNode", ({ node }) => this.#hover(node));
    this.#sigma.on("leaveNode", () => this.#hover(undefined));
    this.#sigma.getCamera().on("updated", () => this.#moved());
    this.#sigma.on("resize", () => this.#moved());
  }

  #moved(): void {
    this.#handlers.moved();
    if (!this.#scene.placed?.atlas) return;
    clearTimeout(this.#resting);
    const { isMouseDown } = this.#sigma.getMouseCaptor();
    const drawn = () => {
      this.#looking = requestAnimationFrame(() => this.#rested()); // once sigma has drawn what the camera shows
    };
    this.#resting = setTimeout(drawn, isMouseDown ? HELD_MS : REST_MS);
  }

  /** Opens and closes communities where the view now is. */
  #rested(): void {
    if (!this.#scene.placed?.atlas) return;
    if (sameLevel(this.#levelNow(), this.#scene.level)) this.#tell();
    else this.#redraw();
  }

  #tell(): void {
    this.#handlers.opened(this.inView().circles.length);
  }

  #levelNow(): Level | undefined {
    const atlas = this.#scene.placed?.atlas;
    if (!atlas) return undefined;
    return levelOf(atlas, this.camera.visible(), this.#sigma.getGraphToViewportRatio(), this.#scene.pinned());
  }

  #redraw(): void {
    this.#scene.draw(this.#levelNow());
    this.#draw();
  }

  /** Puts nodes, circles and lines of the scene into sigma's graph. */
  #draw(): void {
    const { slice, placed, level, nodes, circles } = this.#scene;
    const lines = placed?.atlas && level ? linesOf(placed.atlas, level) : linesOfAll(slice);
    this.#looks.measure(lines.length);
    const graph = new MultiDirectedGraph();
    for (const circle of circles) graph.addNode(circle.key, this.#looks.ofCircle(circle));
    for (const node of nodes) graph.addNode(node.key, this.#looks.ofNode(node));
    for (const { source, target, type, count } of lines) graph.addEdge(source, target, { relation: type, count });
    const many = webgl() === "software" && lines.length > MANY_EDGES;
    this.#sigma.setSetting("hideEdgesOnMove", many);
    this.#sigma.setSetting("hideLabelsOnMove", many);
    this.#sigma.setGraph(graph);
    if (placed?.atlas) this.#tell();
  }

  /** Where all that is drawn is to be. */
  #ends(): Positions {
    const { nodes, circles, placed } = this.#scene;
    const ends = new Map<string, Position>(circles.map(({ key, x, y }) => [key, { x, y }]));
    for (const { key } of nodes) ends.set(key, placed?.positions.get(key) ?? { x: 0, y: 0 });
    return ends;
  }

  /** Moves what is drawn from one place to another. */
  #glide(from: Positions, to: Positions): void {
    const begun = performance.now();
    const step = () => {
      const done = Math.min(1, (performance.now() - begun) / GLIDE_MS);
      const places = between(from, to, done);
      this.#scene.gliding = done < 1 ? places : undefined;
      const at = (key: string) => places.get(key) ?? this.#scene.at(key);
      const graph = this.#sigma.getGraph();
      graph.updateEachNodeAttributes((key: string, look: object) => ({ ...look, ...at(key) }), {
        attributes: ["x", "y"],
      });
      if (done < 1) this.#gliding = requestAnimationFrame(step);
    };
    this.#gliding = requestAnimationFrame(step);
  }

  #circle(key: string): Circle | undefined {
    return (this.#sigma.getGraph().getNodeAttributes(key) as NodeLook).circle;
  }

  #line(edge: string, data: LineLook) {
    const graph = this.#sigma.getGraph();
    return this.#looks.line(graph.source(edge), graph.target(edge), data);
  }

  #hover(key: string | undefined): void {
    this.#scene.hover(key);
    this.#sigma.getContainer().classList.toggle("explorer-pointing", key !== undefined);
    this.#sigma.refresh({ skipIndexation: true });
  }
}
