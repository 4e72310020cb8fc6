import { expect, test } from "vitest";
import { entriesOf, type FormField, listOf, numberOf, problemOf, problemsOf, textOf } from "./form";

const number = (more: object = {}): FormField => ({ kind: "number", name: "n", label: "N", ...more });

test("numbers are read as people write them", () => {
  expect(numberOf(" 12 ")).toBe(12);
  expect(numberOf("-1,5")).toBe(-1.5);
  expect(["", "x", "1e9", "1 2", "1.2.3"].map(numberOf)).toEqual([
    undefined,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

test("entries are parted by commas and lines, words by blanks too", () => {
  expect(entriesOf("Ada Lovelace, Grace Hopper,\nAda Lovelace,")).toEqual(["Ada Lovelace", "Grace Hopper"]);
  expect(entriesOf("#a, b  c,,a", true)).toEqual(["a", "b", "c"]);
});

test("what is wrong with a field is told", () => {
  expect(problemOf({ kind: "text", name: "t", label: "T", required: true }, "  ")).toEqual({ why: "required" });
  expect(problemOf({ kind: "text", name: "t", label: "T", most: 3 }, "four")).toEqual({
    why: "long",
    length: 4,
    most: 3,
  });
  expect(problemOf(number(), "many")).toEqual({ why: "number" });
  expect(problemOf(number({ whole: true }), "1.5")).toEqual({ why: "whole" });
  expect(problemOf(number({ from: 0, to: 10 }), "11")).toEqual({ why: "range", from: 0, to: 10 });
  expect(problemOf({ kind: "date", name: "d", label: "D" }, "2026-02-31x")).toEqual({ why: "date" });
  expect(problemOf({ kind: "longText", name: "j", label: "J", json: true }, "[1]")).toEqual({ why: "json" });
  expect(problemOf({ kind: "list", name: "l", label: "L", required: true }, [])).toEqual({ why: "required" });
});

test("what is right has no problem", () => {
  const fields: FormField[] = [number({ from: 0 }), { kind: "yesNo", name: "y", label: "Y", required: true }];
  expect(problemsOf(fields, { n: "", y: false })).toEqual({});
  expect(problemsOf(fields, { n: "-1", y: true })).toEqual({ n: { why: "range", from: 0 } });
});

test("a value of another kind is none", () => {
  expect(textOf({ a: ["x"] }, "a")).toBe("");
  expect(listOf({ a: "x" }, "a")).toEqual([]);
});
