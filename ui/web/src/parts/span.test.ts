import { expect, test } from "vitest";
import { spanOf } from "./span";

test("a length of time has its two largest units", () => {
  expect(spanOf(90_061)).toEqual([
    ["day", 1],
    ["hour", 1],
  ]);
  expect(spanOf(3_600)).toEqual([["hour", 1]]);
  expect(spanOf(86_400 + 59)).toEqual([["day", 1]]);
  expect(spanOf(61)).toEqual([
    ["minute", 1],
    ["second", 1],
  ]);
});

test("nothing left is no seconds", () => {
  expect(spanOf(0)).toEqual([["second", 0]]);
  expect(spanOf(-5)).toEqual([["second", 0]]);
});
