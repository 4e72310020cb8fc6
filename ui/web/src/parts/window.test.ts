import { expect, test } from "vitest";
import { rowOf, sorted, windowOf } from "./window";

test("a window has the rows that show, a few more, and space for the others", () => {
  expect(windowOf(0, 320, 32, 10_000)).toEqual({ first: 0, end: 18, before: 0, after: 9_982 * 32 });
  const middle = windowOf(3_200, 320, 32, 10_000);
  expect(middle).toEqual({ first: 92, end: 118, before: 92 * 32, after: 9_882 * 32 });
  expect(windowOf(9_999_999, 320, 32, 3)).toEqual({ first: 0, end: 3, before: 0, after: 0 });
});

test("rows are sorted as people count, and what has no value comes last", () => {
  const rows = ["10", null, "9", "a"];
  expect(sorted(rows, (row) => row, "ascending")).toEqual(["9", "10", "a", null]);
  expect(sorted(rows, (row) => row, "descending")).toEqual(["a", "10", "9", null]);
  expect(sorted([3, 1, 2], (row) => row, "descending")).toEqual([3, 2, 1]);
});

test("keys lead to rows and stop at the ends", () => {
  expect(rowOf("ArrowDown", 0, 3, 10)).toBe(1);
  expect(rowOf("PageDown", 0, 3, 10)).toBe(2);
  expect(rowOf("ArrowUp", 0, 3, 10)).toBe(0);
  expect(rowOf("End", 0, 3, 10)).toBe(2);
  expect(rowOf("x", 0, 3, 10)).toBeUndefined();
});
