import { expect, test } from "vitest";
import { between, moves, startsOf } from "./glide";
import { Plates } from "./labels";
import type { Placed } from "./placing";
import { decode } from "./slice";

const slice = decode({
  dict: { type: ["NOTE"], status: [], tag: [], edgeType: [] },
  nodes: {
    id: ["a", "b"],
    graph: ["g", "g"],
    title: ["A", "B"],
    type: [0, 0],
    status: [null, null],
    tags: [[], []],
    updated: ["", ""],
  },
  edges: { source: [], target: [], type: [] },
  truncated: false,
});
const at = (...places: readonly [string, number, number][]) => new Map(places.map(([key, x, y]) => [key, { x, y }]));
const placed = (positions: Placed["positions"]): Placed => ({ slice, positions, scope: "", atlas: undefined });

test("a new node moves nothing, another place of an old one does", () => {
  const before = at(["g/a", 1, 1]);
  expect(moves(placed(at(["g/a", 1, 1], ["g/b", 9, 9])), before)).toBe(false);
  expect(moves(placed(at(["g/a", 1, 2], ["g/b", 9, 9])), before)).toBe(true);
});

test("in a new frame nodes begin where they stood on the screen, and end where they are to be", () => {
  const before = at(["g/a", 10, 0]);
  const after = at(["g/a", 200, 100], ["g/b", 0, 0]);
  const from = { x: [-10, 10], y: [-10, 10] } as const;
  const to = { x: [-100, 100], y: [-100, 100] } as const;
  const start = startsOf(after, (key) => before.get(key), from, to);
  expect(start).toEqual(at(["g/a", 100, 0], ["g/b", 0, 0]));
  expect(between(start ?? before, after, 0)).toEqual(start);
  expect(between(start ?? before, after, 1)).toEqual(after);
  expect(startsOf(before, (key) => before.get(key), from, from)).toBeUndefined();
});

test("the name of a relation stands where there is room on it, else nowhere", () => {
  const plates = new Plates();
  plates.begin([0, 0, 400, 200], [], [{ x: 200, y: 100, size: 5 }]);
  const on = (far: number) => ({ x: 100 + 200 * far, y: 100 });
  const first = plates.along(on, 40, 14);
  expect(first?.[0]).toBeGreaterThan(200); // beside the node in the middle
  const second = plates.along(on, 40, 14);
  expect(second?.[2]).toBeLessThan(200);
  expect(plates.along(on, 90, 14)).toBeUndefined();
});

test("titles keep clear of what lies on the picture, of each other and of nodes", () => {
  const plates = new Plates();
  plates.begin([0, 0, 400, 200], [[250, 0, 400, 200]], [{ x: 150, y: 100, size: 5 }]);
  const first = plates.beside({ x: 200, y: 50, size: 5 }, 100, false, false);
  expect(first?.[2]).toBeLessThan(200); // to the left: on the right lies the map
  expect(plates.beside({ x: 200, y: 50, size: 5 }, 100, false, false)?.[1]).not.toBe(first?.[1]);
  expect(plates.beside({ x: 30, y: 100, size: 5 }, 300, false, false)).toBeUndefined();
  expect(plates.beside({ x: 30, y: 100, size: 5 }, 300, true, true)).toBeDefined();
});
