import { expect, test } from "vitest";
import { periods } from "./timeline";

test("items stand by month, latest first, and without a date last", () => {
  const items = [
    { id: "a", at: "2026-01-02" },
    { id: "b", at: null },
    { id: "c", at: "2026-03-01T10:00:00Z" },
    { id: "d", at: "2026-01-20" },
  ];
  expect(periods(items).map(({ month, items: all }) => [month, all.map((one) => one.id)])).toEqual([
    ["2026-03", ["c"]],
    ["2026-01", ["d", "a"]],
    [null, ["b"]],
  ]);
});
