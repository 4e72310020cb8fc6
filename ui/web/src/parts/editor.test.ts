import { expect, test } from "vitest";
import { type Edit, indented, lineNumbers, newLine } from "./editor";

const done = (text: string, { from, to, text: put }: Edit) => text.slice(0, from) + put + text.slice(to);

test("Tab puts blanks up to the next step", () => {
  expect(indented("ab", 0, 0, false)).toEqual({ from: 0, to: 0, text: "  ", start: 2, end: 2 });
  expect(indented("a\nabc", 5, 5, false).text).toBe(" ");
});

test("selected lines move by a step, and back", () => {
  const text = "one\n\ntwo\nthree";
  const edit = indented(text, 1, 8, false);
  expect(done(text, edit)).toBe("  one\n\n  two\nthree");
  expect([edit.start, edit.end]).toEqual([3, 12]);
  const back = indented("  one\n two\n\tthree", 0, 17, true);
  expect(done("  one\n two\n\tthree", back)).toBe("one\ntwo\nthree");
});

test("a line that ends with the selection stays where it is when only its end is selected", () => {
  const text = "one\ntwo\n";
  expect(done(text, indented(text, 0, 4, false))).toBe("  one\ntwo\n");
});

test("nothing is taken from a line without blanks in front", () => {
  const edit = indented("one", 2, 2, true);
  expect(done("one", edit)).toBe("one");
  expect(edit.start).toBe(2);
});

test("a new line begins like the one before, and further in after a bracket", () => {
  expect(newLine("  one", 5, 5).text).toBe("\n  ");
  expect(newLine('path "a" {', 10, 10).text).toBe("\n  ");
  expect(newLine("one", 3, 3)).toEqual({ from: 3, to: 3, text: "\n", start: 4, end: 4 });
});

test("every line has its number", () => {
  expect(lineNumbers("a\nb\n")).toEqual([1, 2, 3]);
});
