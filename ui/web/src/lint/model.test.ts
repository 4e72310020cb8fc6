import { expect, test } from "vitest";
import { type Finding, groups, nameOf } from "./model";

const finding = (code: Finding["code"], severity: Finding["severity"]): Finding => ({
  code,
  severity,
  graph: "g",
  path: null,
  line: null,
  node: null,
  other: null,
  message: "m",
  hint: "h",
  fixable: false,
});

test("kinds of findings stand worst first, then the more frequent ones", () => {
  const all = groups([
    finding("ORPHAN", "INFO"),
    finding("BROKEN_LINK", "WARNING"),
    finding("BROKEN_LINK", "WARNING"),
    finding("DUPLICATE_TITLE", "WARNING"),
    finding("CONFLICT_MARKER", "ERROR"),
  ]);
  expect(all.map(({ code, findings }) => [code, findings.length])).toEqual([
    ["CONFLICT_MARKER", 1],
    ["BROKEN_LINK", 2],
    ["DUPLICATE_TITLE", 1],
    ["ORPHAN", 1],
  ]);
});

test("a kind has a name", () => {
  expect(nameOf("BROKEN_LINK")).toBe("Broken link");
});
