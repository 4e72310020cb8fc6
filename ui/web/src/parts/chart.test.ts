import { expect, test } from "vitest";
import { largest, perMonth, stepOf } from "./chart";

test("months without anything count as none", () => {
  expect(perMonth(["2025-11-03", "2026-02-01", "2025-11-30"])).toEqual({
    months: ["2025-11", "2025-12", "2026-01", "2026-02"],
    counts: [2, 0, 0, 1],
  });
  expect(perMonth([])).toEqual({ months: [], counts: [] });
});

test("bars are as wide as the shortest way from one time to the next", () => {
  expect(stepOf(["2026-01-01", "2026-02-01", "2026-03-01"])).toBe(28 * 86_400);
  expect(stepOf(["2026-11-26T10:00:00Z", "2026-11-26T10:05:00Z"])).toBe(300);
  expect(stepOf(["2026-11-26"])).toBe(30 * 86_400);
});

test("a scale is never without a length", () => {
  expect(largest([])).toBe(1);
  expect(largest([3, 7])).toBe(7);
});
