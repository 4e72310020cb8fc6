import { expect, test } from "vitest";
import { bodyOf, sideBySide } from "./model";

const rows = (left: string, right: string) => sideBySide(left, right).map((row) => [row.left, row.right]);

test("equal lines stand in one row, changed ones beside each other", () => {
  expect(rows("a\nb\nc\n", "a\nx\nc\n")).toEqual([
    ["a", "a"],
    ["b", "x"],
    ["c", "c"],
  ]);
});

test("lines of one side alone have nothing beside them", () => {
  expect(rows("a\nc", "a\nb\nc")).toEqual([
    ["a", "a"],
    [null, "b"],
    ["c", "c"],
  ]);
  expect(rows("a\nb\nc\nd", "b\nx\nd")).toEqual([
    ["a", null],
    ["b", "b"],
    ["c", "x"],
    ["d", "d"],
  ]);
  expect(rows("", "a")).toEqual([[null, "a"]]);
});

test("the text of a file begins below its front matter", () => {
  expect(bodyOf("---\ntitle: x\n---\n\nHello\n")).toBe("Hello");
  expect(bodyOf("Hello\n---\nmore")).toBe("Hello\n---\nmore");
});
