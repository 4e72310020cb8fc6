import { expect, test } from "vitest";
import { isShort, totals } from "./growth";

const grown = [
  { period: "2026-02-01", nodes: 5 },
  { period: "2026-01-01", nodes: 2 },
  { period: "2026-01-01", nodes: 1 },
];

test("types of a period are one, periods add up, and the last point is now", () => {
  const { times, values } = totals(grown, Date.parse("2026-03-01T12:00:00Z"));
  expect(times).toEqual(["2026-01-01T00:00:00.000Z", "2026-02-01T00:00:00.000Z", "2026-03-01T12:00:00.000Z"]);
  expect(values).toEqual([0, 3, 8]);
});

test("a short time is counted by day", () => {
  expect(isShort(grown)).toBe(true);
  expect(isShort(["01", "02", "03", "04"].map((month) => ({ period: `2026-${month}-01`, nodes: 1 })))).toBe(false);
});
