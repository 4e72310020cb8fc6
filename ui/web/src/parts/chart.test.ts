import { expect, test } from "vitest";
import { perMonth } from "./chart";

test("months without anything count as none", () => {
  expect(perMonth(["2025-11-03", "2026-02-01", "2025-11-30"])).toEqual({
    months: ["2025-11", "2025-12", "2026-01", "2026-02"],
    counts: [2, 0, 0, 1],
  });
  expect(perMonth([])).toEqual({ months: [], counts: [] });
});
