import { expect, test } from "vitest";
import { wrapped } from "./labels";
import { ALL, atlasOf, boxOf, levelOf, linesOf } from "./levels";
import { type Columns, decode } from "./slice";

/** Communities of 100 nodes in a row, 2,000 apart; each node is joined to the next, and the first to the next community's. */
function sliceOf(count: number) {
  const places = Array.from({ length: count }, (_, i) => i);
  const group = (i: number) => Math.floor(i / 100);
  const source = [...places, ...places.filter((i) => i % 100 === 0)].slice(0, -1);
  const target = [...places.map((i) => (i % 100 === 99 ? i - 99 : i + 1)), ...places.filter((i) => i % 100 === 0)]
    .map((i, at) => (at < count ? i : (i + 100) % count))
    .slice(0, -1);
  const columns: Columns = {
    dict: { type: ["NOTE"], status: [], tag: [], edgeType: ["RELATES_TO"] },
    nodes: {
      id: places.map(String),
      graph: places.map(() => "g"),
      title: places.map((i) => `Node ${i}`),
      type: places.map(() => 0),
      status: places.map(() => null),
      tags: places.map(() => []),
      updated: places.map(() => ""),
      x: places.map((i) => 2_000 * group(i) + 10 * (i % 10)),
      y: places.map((i) => 10 * Math.floor((i % 100) / 10)),
      community: places.map(group),
    },
    edges: { source, target, type: source.map(() => 0) },
    communities: { id: [0], title: ["The first"] },
    truncated: false,
  };
  const slice = decode(columns);
  const positions = new Map(slice.nodes.map((node) => [node.key, node.position ?? { x: 0, y: 0 }]));
  return { slice, positions };
}

const NONE: ReadonlySet<number> = new Set();

function atlas() {
  const { slice, positions } = sliceOf(3_000);
  const found = atlasOf(slice, positions);
  if (!found) throw new Error("there are too many nodes to draw them all");
  return found;
}

test("a small slice has no communities, a large one has", () => {
  const { slice, positions } = sliceOf(ALL);
  expect(atlasOf(slice, positions)).toBeUndefined();
  const { circles } = atlas();
  expect(circles).toHaveLength(30);
  expect(circles.find(({ key }) => key === "#0")).toMatchObject({ title: "The first", type: "NOTE", x: 45, y: -45 });
  expect(circles.find(({ key }) => key === "#1")?.title).toMatch(/^Node 1\d\d$/);
});

test("from afar all are circles; near by they open, and only where one is", () => {
  const found = atlas();
  const far = levelOf(found, { x: [-100, 60_000], y: [-5_000, 5_000] }, 0.02, NONE);
  expect(far.nodes).toEqual([]);
  expect(far.circles).toHaveLength(30);
  const near = levelOf(found, { x: [-100, 300], y: [-150, 150] }, 4, NONE);
  expect(near.nodes).toEqual(Array.from({ length: 100 }, (_, i) => i));
  expect(near.circles).toHaveLength(29);
  expect(levelOf(found, { x: [-100, 60_000], y: [-5_000, 5_000] }, 0.02, new Set([7])).nodes).toEqual([7]);
});

test("there is a limit to what is open", () => {
  const level = levelOf(atlas(), { x: [-100, 60_000], y: [-150, 150] }, 4, NONE);
  expect(level.nodes.length).toBeLessThanOrEqual(2_500);
  expect(level.nodes.length).toBeGreaterThan(2_000);
  expect(level.nodes.length / 100 + level.circles.length).toBe(30);
});

test("lines join what is drawn: nodes, circles, and one to the other", () => {
  const found = atlas();
  const far = linesOf(found, levelOf(found, { x: [-100, 60_000], y: [-5_000, 5_000] }, 0.02, NONE));
  expect(far.every(({ source, target }) => source.startsWith("#") && target.startsWith("#"))).toBe(true);
  const near = linesOf(found, levelOf(found, { x: [-100, 300], y: [-150, 150] }, 4, NONE));
  expect(near.filter(({ type }) => type)).toHaveLength(100);
  expect(near).toContainEqual({ source: "g/0", target: "#1", count: 1 });
});

test("nodes without a community are taken together by place", () => {
  const { slice, positions } = sliceOf(3_000);
  const alone = slice.nodes.map(({ community: _, ...node }) => node);
  const found = atlasOf({ ...slice, nodes: alone }, positions);
  expect(found?.circles.length).toBeGreaterThan(1);
  expect(found?.circles.length).toBeLessThan(65);
  const few = slice.nodes.map((node, i) => ({ ...node, community: i < 1_000 ? 0 : i }));
  const mixed = atlasOf({ ...slice, nodes: few }, positions)?.circles ?? [];
  expect(mixed.filter(({ key }) => key.startsWith("#"))).toHaveLength(1);
  expect(mixed.filter(({ title }) => title).map(({ title }) => title)).toEqual(["The first"]);
});

test("boxes have any number of places", () => {
  const many = Float32Array.from({ length: 300_000 }, (_, i) => i);
  expect(boxOf(many, many)).toEqual({ x: [0, 299_999], y: [0, 299_999] });
  expect(boxOf([], [])).toEqual({ x: [0, 0], y: [0, 0] });
});

test("names are broken between words, into two lines", () => {
  expect(wrapped("Keep orders in the graph", 14)).toEqual(["Keep orders in", "the graph"]);
  expect(wrapped("Short", 14)).toEqual(["Short"]);
  expect(wrapped("🦀".repeat(40), 10)).toEqual(["🦀".repeat(10), `${"🦀".repeat(9)}…`]);
});
