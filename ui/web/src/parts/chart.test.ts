import { expect, test } from "vitest";
import { growth, perMonth } from "./chart";

test("growth counts up day by day", () => {
  const instants = ["2026-01-02T10:00:00Z", "2026-01-01T00:00:00Z", "2026-01-02T11:00:00Z"];
  expect(growth(instants)).toEqual({ days: ["2026-01-01", "2026-01-02"], totals: [1, 3] });
});

test("months without anything count as none", () => {
  expect(perMonth(["2025-11-03", "2026-02-01", "2025-11-30"])).toEqual({
    months: ["2025-11", "2025-12", "2026-01", "2026-02"],
    counts: [2, 0, 0, 1],
  });
  expect(perMonth([])).toEqual({ months: [], counts: [] });
});
