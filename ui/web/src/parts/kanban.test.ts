import { expect, test } from "vitest";
import { beside, columnsOf } from "./kanban";

const columns = [
  { key: "todo", name: "To do" },
  { key: "done", name: "Done" },
] as const;

test("every column has its cards, in order", () => {
  const cards = [
    { id: "a", column: "done", label: "a" },
    { id: "b", column: "todo", label: "b" },
    { id: "c", column: "done", label: "c" },
  ] as const;
  const all = columnsOf(columns, cards);
  expect(all.get("todo")?.map((card) => card.id)).toEqual(["b"]);
  expect(all.get("done")?.map((card) => card.id)).toEqual(["a", "c"]);
});

test("beside the last column there is none", () => {
  expect(beside(columns, "todo", 1)).toBe("done");
  expect(beside(columns, "done", 1)).toBeUndefined();
  expect(beside(columns, "todo", -1)).toBeUndefined();
});
