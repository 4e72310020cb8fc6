import { expect, test } from "vitest";
import { addressOf, changed } from "./address";

test("the address is read as text", () => {
  expect(addressOf({ q: 12, explain: true, graph: "shop", odd: { a: 1 } })).toEqual({
    q: "12",
    explain: "true",
    graph: "shop",
  });
});

test("what is empty is not said", () => {
  expect(changed({ q: "a", type: "NOTE" }, { q: "", tag: "x", type: undefined })).toEqual({ tag: "x" });
});
