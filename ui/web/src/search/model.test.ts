import { expect, test } from "vitest";
import { hasWords, wantedOf, whereOf } from "./model";

test("an address says what is looked for", () => {
  expect(wantedOf({ q: " queue ", mode: "hybrid", explain: "yes", type: "decision", tag: "shop" })).toEqual({
    q: "queue",
    mode: "HYBRID",
    explain: true,
    type: "DECISION",
    tag: "shop",
    status: "",
  });
  expect(wantedOf({ mode: "x", type: "y" })).toMatchObject({ q: "", mode: "TEXT", explain: false, type: "" });
});

test("filters are one condition, and none when there are none", () => {
  expect(whereOf(wantedOf({ type: "NOTE", tag: "a/b", status: "draft" }))).toEqual({
    type: { eq: "NOTE" },
    tags: { hasAll: ["a/b"] },
    status: { eq: "draft" },
  });
  expect(whereOf(wantedOf({ q: "x" }))).toBeNull();
});

test("signs alone are no words", () => {
  expect(hasWords(wantedOf({ q: '"*' }))).toBe(false);
  expect(hasWords(wantedOf({ q: "ñ" }))).toBe(true);
});
