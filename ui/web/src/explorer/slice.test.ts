import { expect, test } from "vitest";
import { cypher, json, labelOf, svg } from "./export";
import { relax } from "./forces";
import { fraction, partOf, UNIT } from "./layout";
import { type Columns, decode, leavesOf, matching, neighboursOf, placeOfKey, without } from "./slice";
import { rowsOf } from "./tree";

/** Hub `a` with the leaves `b` and `c`; `d` hangs on `c`, `e` is alone. */
const columns: Columns = {
  dict: {
    type: ["NOTE", "DECISION"],
    status: ["accepted"],
    tag: ["net", "shop"],
    edgeType: ["RELATES_TO", "SUPERSEDES"],
  },
  nodes: {
    id: ["a", "b", "c", "d", "e"],
    graph: ["g", "g", "g", "other", "g"],
    title: ["Hub", "It's\n\\ a 'b'", '<c> & "c"', "Ünïcode 🦀", "مرحبا"],
    type: [0, 1, 0, 0, 1],
    status: [null, 0, null, null, null],
    tags: [[0], [0, 1], [], [], []],
    updated: ["2026-01-01T00:00:00Z", "", "", "", ""],
  },
  edges: { source: [0, 0, 2, 0], target: [1, 2, 3, 0], type: [0, 1, 0, 0] },
  truncated: false,
};
const slice = decode(columns);
const keys = (found: Iterable<string>) => [...found].sort();

test("columns become nodes and relations", () => {
  expect(slice.nodes[1]).toMatchObject({
    key: "g/b",
    type: "DECISION",
    status: "accepted",
    tags: ["net", "shop"],
    degree: 1,
  });
  expect(slice.edges[1]).toEqual({ source: 0, target: 2, type: "SUPERSEDES" });
  expect(placeOfKey("g/x/y")).toEqual({ graph: "g", id: "x/y" });
});

test("places of the server are taken where there are any", () => {
  const placed = decode({ ...columns, nodes: { ...columns.nodes, x: [1, null, 0, 0, 0], y: [2, null, 0, 0, 0] } });
  expect(placed.nodes[0]?.position).toEqual({ x: 1, y: -2 });
  expect(placed.nodes[1]).not.toHaveProperty("position");
});

test("hiding takes relations along; leaves hang on one node alone", () => {
  const less = without(slice, new Set(["g/a"]));
  expect(less.nodes.map((node) => node.key)).toEqual(["g/b", "g/c", "other/d", "g/e"]);
  expect(less.edges).toEqual([{ source: 1, target: 2, type: "RELATES_TO" }]);
  expect(leavesOf("g/a", neighboursOf(slice))).toEqual(["g/b"]);
  expect(leavesOf("g/c", neighboursOf(slice))).toEqual(["other/d"]);
});

test("every word must be in title, id or tags", () => {
  expect(keys(matching(slice, "NET sho"))).toEqual(["g/b"]);
  expect(keys(matching(slice, " "))).toEqual([]);
});

test("a tree goes as far as it is open, and no node is under itself", () => {
  const rows = rowsOf(slice, neighboursOf(slice), slice.nodes.slice(0, 1), new Set(["g/a", "g/a\u0000g/c"]));
  expect(rows.map(({ node, level, open }) => [node.id, level, open])).toEqual([
    ["a", 1, true],
    ["b", 2, undefined],
    ["c", 2, true],
    ["d", 3, undefined],
  ]);
});

test("the same slice is laid out the same, and known nodes stay", () => {
  const part = partOf(slice, new Map());
  if (!part) throw new Error("there is something to lay out");
  const first = relax(part.job);
  expect(first).toEqual(relax(partOf(slice, new Map())?.job ?? part.job));
  expect(first.every(Number.isFinite)).toBe(true);
  const known = new Map(slice.nodes.slice(0, 4).map(({ key }, i) => [key, { x: 60 * i, y: 6 * i }]));
  const next = relax(partOf(slice, known)?.job ?? part.job);
  expect([...next.slice(0, 8)]).toEqual([0, 0, 10, 1, 20, 2, 30, 3].map((at) => (6 * at) / UNIT));
  expect(partOf(slice, new Map([...known, ["g/e", { x: 0, y: 0 }]]))).toBeUndefined();
});

test("hashes spread", () => {
  const all = Array.from({ length: 1_000 }, (_, i) => fraction(`node-${i}`));
  expect(Math.min(...all)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...all)).toBeLessThan(1);
  expect(all.filter((one) => one < 0.5).length).toBeGreaterThan(400);
  expect(all.filter((one) => one < 0.5).length).toBeLessThan(600);
});

test("labels are one short line and end with a whole sign", () => {
  expect(labelOf("a\n b")).toBe("a b");
  expect(labelOf("🦀".repeat(100), 5)).toBe("🦀🦀🦀🦀…");
});

test("exports escape what titles have", () => {
  const positions = new Map(slice.nodes.map(({ key }, i) => [key, { x: i, y: -i }]));
  const statements = cypher(slice);
  expect(statements).toContain("MERGE (n:Decision {graph: 'g', id: 'b'}) SET n.title = 'It\\'s\\n\\\\ a \\'b\\''");
  expect(statements).toContain(
    "MATCH (a:Note {graph: 'g', id: 'a'}) MATCH (b:Note {graph: 'g', id: 'c'}) MERGE (a)-[:SUPERSEDES]->(b);",
  );
  const { nodes, relations } = JSON.parse(json(slice, positions));
  expect(nodes[4]).toMatchObject({ id: "e", title: "مرحبا", x: 4, y: -4 });
  expect(relations[2]).toEqual({
    type: "RELATES_TO",
    source: { graph: "g", id: "c" },
    target: { graph: "other", id: "d" },
  });
  const types = { NOTE: "#1", DECISION: "#2", GUIDELINE: "#3", PATTERN: "#4", JOURNAL: "#5", EXECUTION: "#6" };
  const drawing = svg(slice, positions, { background: "#fff", text: "#000", edge: "#888", types });
  expect(drawing).toContain("&lt;c&gt; &amp; &quot;c&quot;");
  expect(drawing).not.toContain("<c>");
});
