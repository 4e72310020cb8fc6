import { expect, test } from "vitest";
import { contentOf, contentOfText, isPath, isReference, linesOf, placeOf, rangesOf, standing } from "./model";

test("what a secret holds is the same after it was written as lines", () => {
  const content = { user: "app", port: 5432, tags: ["a"], off: false, nothing: null, number: "7" };
  expect(contentOf(linesOf(content))).toEqual(content);
});

test("lines that cannot be saved say why; blank ones do not count", () => {
  const line = (id: number, key: string, text: string, json = false) => ({ id, key, text, json });
  expect(contentOf([line(0, "a", "x"), line(1, " ", ""), line(2, "a", "y"), line(3, "", "z")])).toEqual([
    { why: "twice", id: 2 },
    { why: "noKey", id: 3 },
  ]);
  expect(contentOf([line(0, "a", "{", true)])).toEqual([{ why: "json", id: 0 }]);
  expect(contentOf([line(0, "", "")])).toEqual([{ why: "nothing" }]);
  expect(contentOf([line(0, "__proto__", "x")])).toSatisfy((found: object) => Object.hasOwn(found, "__proto__"));
});

test("JSON must be an object with something in it", () => {
  expect(contentOfText('{"a": 1}')).toEqual({ a: 1 });
  for (const text of ["", "[]", "null", "1", "{"]) expect(contentOfText(text)).toEqual([{ why: "object" }]);
  expect(contentOfText("{}")).toEqual([{ why: "nothing" }]);
});

test("paths are names with slashes between them", () => {
  for (const path of ["a", "a/b c/ü"]) expect(isPath(path)).toBe(true);
  for (const path of ["", "/a", "a/", "a//b", "a/../b", ".", "a\u0000"]) expect(isPath(path)).toBe(false);
});

test("a version is there until its time has come", () => {
  const now = Date.parse("2026-11-26T10:00:00Z");
  const at = (deletedAt: string | null, destroyed = false) => standing({ version: 1, deletedAt, destroyed }, now);
  expect(at(null)).toBe("there");
  expect(at("2026-11-27T10:00:00Z")).toBe("there");
  expect(at("2026-11-25T10:00:00Z")).toBe("deleted");
  expect(at("2026-11-25T10:00:00Z", true)).toBe("destroyed");
});

test("a reference names a mount and a path", () => {
  expect(placeOf("vault:team/kv/app/db#password", ["team", "team/kv"])).toEqual({ mount: "team/kv", path: "app/db" });
  expect(placeOf("vault:other/app", ["team"])).toBeUndefined();
  for (const text of ["vault:secret/app", "vault:a/b/c#key"]) expect(isReference(text)).toBe(true);
  for (const text of ["secret/app", "vault:secret", "vault:secret/", "vault:secret/app#"])
    expect(isReference(text)).toBe(false);
});

test("a part of a text is found whatever its case", () => {
  expect(rangesOf("Team/App", "app")).toEqual([[5, 8]]);
  expect(rangesOf("Team/App", "")).toEqual([]);
});
