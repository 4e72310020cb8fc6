import { expect, test } from "vitest";
import { instants } from "./growth";

test("instants are equally far from each other, with both ends", () => {
  const all = instants("2026-01-01T00:00:00Z", Date.parse("2026-01-03T00:00:00Z"), 3);
  expect(all).toEqual(["2026-01-01T00:00:00.000Z", "2026-01-02T00:00:00.000Z", "2026-01-03T00:00:00.000Z"]);
});
