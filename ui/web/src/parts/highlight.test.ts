import { expect, test } from "vitest";
import { pieces } from "./highlight";

const said = (text: string, ranges: number[][]) =>
  pieces(text, ranges).map((piece) => (piece.marked ? `[${piece.text}]` : piece.text));

test("a text is cut where matches begin and end", () => {
  expect(said("keep orders here", [[5, 11]])).toEqual(["keep ", "[orders]", " here"]);
  expect(said("orders", [[0, 6]])).toEqual(["[orders]"]);
  expect(said("none", [])).toEqual(["none"]);
});

test("ranges count UTF-16 code units, overlap, and may be out of order or too long", () => {
  expect(said("🚀 up", [[3, 5]])).toEqual(["🚀 ", "[up]"]);
  expect(
    said("abcdef", [
      [3, 9],
      [1, 4],
    ]),
  ).toEqual(["a", "[bcd]", "[ef]"]);
});
