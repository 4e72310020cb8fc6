import { expect, test } from "vitest";
import { type Applicable, bands, saysTitle } from "./model";

const of = (priority: number, topic: string) => ({ priority, topic }) as Applicable;

test("guidelines stand by priority, highest first, and keep their order within", () => {
  const all = bands([of(100, "a"), of(200, "b"), of(100, "c")]);
  expect(all.map(({ priority, items }) => [priority, items.map((item) => item.topic)])).toEqual([
    [200, ["b"]],
    [100, ["a", "c"]],
  ]);
});

test("a topic that was made of the title is known", () => {
  expect(saysTitle("write-tests-first", "Write tests first")).toBe(true);
  expect(saysTitle("tests", "Write tests first")).toBe(false);
});
