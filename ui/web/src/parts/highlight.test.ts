import { expect, test } from "vitest";
import { pieces, plain } from "./highlight";

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

test("signs of markdown are left out, words stay as they are", () => {
  const text = "## Context - **Nodes** in `graph`, see [this](a.md), *that* and snake_case * 2";
  const shown = plain(pieces(text, [[15, 20]]));
  expect(shown.map((piece) => piece.text).join("")).toBe(" Context  Nodes in graph, see this, that and snake_case  2");
  expect(shown.find(({ marked }) => marked)?.text).toBe("Nodes");
});
