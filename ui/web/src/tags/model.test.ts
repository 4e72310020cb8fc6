import { expect, test } from "vitest";
import { joined, named, share } from "./model";

const tags = [
  { tag: "Home/Garden", count: 4 },
  { tag: "shop", count: 1 },
];

test("tags are found by a part of their names", () => {
  expect(named(tags, "#gard")).toEqual([tags[0]]);
  expect(named(tags, "")).toEqual(tags);
});

test("the most used tag fills its bar", () => {
  expect(share(4, tags)).toBe(1);
  expect(share(1, tags)).toBe(0.25);
  expect(share(0, [])).toBe(0);
});

test("tags of two lists stand once", () => {
  expect(
    joined(tags, [
      { tag: "shop", count: 1 },
      { tag: "z", count: 2 },
    ]).map(({ tag }) => tag),
  ).toEqual(["Home/Garden", "shop", "z"]);
});
