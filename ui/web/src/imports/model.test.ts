import { expect, test } from "vitest";
import { batches, isRunning, isWanted, progressOf, withoutRoot } from "./model";

test("markdown outside hidden folders is read", () => {
  expect(isWanted("notes/a.md")).toBe(true);
  expect(isWanted(".kogral/decisions/1.md")).toBe(true);
  expect(isWanted("notes/.obsidian/a.md")).toBe(false);
  expect(isWanted("notes/a.png")).toBe(false);
});

test("the folder that all have in common is its name", () => {
  expect(withoutRoot(["n/a.md", "n/b/c.md"])).toEqual({ root: "n", paths: ["a.md", "b/c.md"] });
  expect(withoutRoot(["a.md", "b.md"])).toEqual({ root: "", paths: ["a.md", "b.md"] });
});

test("a request has not more than it can hold", () => {
  const small = Array.from({ length: 250 }, (_, at) => ({ path: `${at}.md`, content: "x" }));
  expect(batches(small).map((group) => group.length)).toEqual([100, 100, 50]);
  const large = ["a", "b"].map((path) => ({ path, content: "x".repeat(1_500_000) }));
  expect(batches(large).map((group) => group.length)).toEqual([1, 1]);
});

test("progress is known when the files are", () => {
  expect(progressOf({ files: 0, done: 0 })).toBeUndefined();
  expect(progressOf({ files: 4, done: 1 })).toBe(0.25);
  expect(isRunning({ state: "QUEUED" })).toBe(true);
  expect(isRunning({ state: "DONE" })).toBe(false);
});
