import { expect, test } from "vitest";
import { cardsOf, isPast, occurrenceOf, type Task } from "./model";

const task: Task = {
  id: "b1",
  graph: "g",
  text: "water the [[Plot]]\nsoon",
  state: "DOING",
  priority: null,
  scheduled: null,
  deadline: null,
  tags: [],
  node: { id: "n", graph: "g", title: "N", type: "NOTE" },
};

test("cards stand where their task stands, or where they were just moved to", () => {
  expect(cardsOf([task], new Map())[0]?.column).toBe("DOING");
  expect(cardsOf([task], new Map([["g/b1", { to: "DONE" }]]))[0]).toMatchObject({
    column: "DONE",
    label: "water the [[Plot]]",
  });
});

test("blocks that say the same are counted", () => {
  const blocks = [
    { id: "a", text: "x\nmore" },
    { id: "b", text: "y" },
    { id: "c", text: "x" },
  ];
  expect(occurrenceOf(blocks, "c")).toBe(1);
  expect(occurrenceOf(blocks, "gone")).toBeUndefined();
});

test("a day before today is past", () => {
  expect(isPast("2026-01-01", "2026-01-02")).toBe(true);
  expect(isPast(null, "2026-01-02")).toBe(false);
});
