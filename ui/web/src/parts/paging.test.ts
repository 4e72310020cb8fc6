import { expect, test } from "vitest";
import { nextOf } from "./paging";

test("a list grows to what the API gives at most, then pages on", () => {
  expect(nextOf(100, "x")).toEqual({ first: 200 });
  expect(nextOf(800, "x")).toEqual({ first: 1_000 });
  expect(nextOf(1_000, "x")).toEqual({ first: 1_000, after: "x" });
  expect(nextOf(1_000, null)).toBeUndefined();
});

test("a list that is costly to ask for pages on earlier", () => {
  expect(nextOf(100, "b", 200)).toEqual({ first: 200 });
  expect(nextOf(200, "b", 200)).toEqual({ first: 200, after: "b" });
});
