import { expect, test } from "vitest";
import { draw, smooth, step } from "./dag";

const nodes = ["new", "old", "other"].map((id) => ({ id, label: id }));
const edges = [
  { source: "new", target: "old", kind: "supersedes" },
  { source: "new", target: "other", kind: "depends" },
  { source: "new", target: "nowhere", kind: "depends" },
];

test("layers go from left to right and nothing overlaps", () => {
  const drawing = draw(nodes, edges);
  const place = Object.fromEntries(drawing.nodes.map((node) => [node.id, node]));
  expect(place["new"]?.x).toBeLessThan(place["old"]?.x ?? 0);
  expect(place["old"]?.x).toBe(place["other"]?.x);
  expect(Math.abs((place["old"]?.y ?? 0) - (place["other"]?.y ?? 0))).toBeGreaterThanOrEqual(48);
  expect(drawing.lines.map((line) => line.target)).toEqual(["old", "other"]);
});

test("two that replace each other are drawn, too", () => {
  const both = [
    { source: "new", target: "old", kind: "supersedes" },
    { source: "old", target: "new", kind: "supersedes" },
  ];
  expect(draw(nodes, both).lines).toHaveLength(2);
});

test("arrows walk along edges and layers", () => {
  const drawing = draw(nodes, edges);
  const [upper, lower] = [...drawing.nodes].filter((node) => node.id !== "new").sort((a, b) => a.y - b.y);
  expect(step(drawing, upper?.id ?? "", "ArrowDown")).toBe(lower?.id);
  expect(step(drawing, "old", "ArrowLeft")).toBe("new");
  expect(step(drawing, "old", "ArrowRight")).toBeUndefined();
});

test("a path goes through its points", () => {
  expect(
    smooth([
      { x: 0, y: 0 },
      { x: 10, y: 4 },
    ]),
  ).toBe("M0 0C5 0 5 4 10 4");
});
