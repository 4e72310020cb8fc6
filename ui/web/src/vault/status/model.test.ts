import { expect, test } from "vitest";
import { arcsOf, outcomeOf } from "./model";

test("a ring has a part for every share that is needed, and the given ones are filled", () => {
  expect(arcsOf(3, 2, 40, 50).map(({ filled }) => filled)).toEqual([true, true, false]);
  expect(arcsOf(1, 0, 40, 50)).toHaveLength(1);
  expect(arcsOf(1, 1, 40, 50)[0]?.path).toContain("A40 40 0 1 1");
  expect(arcsOf(4, 0, 40, 50)[0]?.path).toMatch(/^M5[0-9.]+ 1[0-9.]+A40 40 0 0 1 8/);
});

test("of very many shares the ring is in two parts, or in one", () => {
  expect(arcsOf(200, 50, 40, 50).map(({ filled }) => filled)).toEqual([true, false]);
  expect(arcsOf(200, 0, 40, 50).map(({ filled }) => filled)).toEqual([false]);
  expect(arcsOf(200, 200, 40, 50).map(({ filled }) => filled)).toEqual([true]);
});

test("a share opens the vault, counts, or was given before", () => {
  expect(outcomeOf(2, { sealed: false, progress: 0 })).toBe("opened");
  expect(outcomeOf(1, { sealed: true, progress: 2 })).toBe("counted");
  expect(outcomeOf(1, { sealed: true, progress: 1 })).toBe("twice");
});
