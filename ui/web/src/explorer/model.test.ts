import { expect, test } from "vitest";
import { keyOfName, nameOf, searchOf, stopsOf, viewOf, whereOf } from "./model";

test("an address is read, and what makes no sense is left out", () => {
  const view = viewOf({
    q: 12,
    type: "NOTE,NONSENSE",
    tag: "a,b",
    depth: "9",
    since: "2026-01-31",
    until: "soon",
    view: "x",
  });
  expect(view).toMatchObject({ q: "12", types: ["NOTE"], tags: ["a", "b"], depth: 4, since: "2026-01-31", until: "" });
  expect(view.view).toBeUndefined();
  expect(viewOf({}).depth).toBe(1);
});

test("what is written into an address is read back", () => {
  const change = { types: ["NOTE", "PATTERN"], tags: ["a"], statuses: [], depth: 3, focus: "x", q: "" } as const;
  expect(searchOf(change)).toEqual({ type: "NOTE,PATTERN", tag: "a", depth: 3, focus: "x" });
  expect(searchOf({ depth: 1, tags: [] })).toEqual({ depth: undefined, tag: undefined });
  expect(viewOf(searchOf(change))).toMatchObject({ types: ["NOTE", "PATTERN"], tags: ["a"], depth: 3, focus: "x" });
});

test("filters are conditions; what was asked for by name shows anyway", () => {
  expect(whereOf(viewOf({}), undefined, ["x"])).toBeNull();
  expect(whereOf(viewOf({ type: "NOTE" }), undefined, [])).toEqual({ type: { in: ["NOTE"] } });
  expect(whereOf(viewOf({ tag: "a", until: "2026-01-31" }), ["f", "n"], ["x"])).toEqual({
    or: [
      {
        and: [
          { id: { in: ["f", "n"] } },
          { tags: { hasAny: ["a"] } },
          { updatedAt: { lt: "2026-02-01T00:00:00.000Z" } },
        ],
      },
      { id: { in: ["x"] } },
    ],
  });
});

test("a name is an id in the graph that shows, a key elsewhere", () => {
  expect(nameOf({ graph: "g", id: "1" }, "g")).toBe("1");
  expect(nameOf({ graph: "shared", id: "1" }, "g")).toBe("shared/1");
  expect(keyOfName("1", "g")).toBe("g/1");
  expect(keyOfName("shared/1", "g")).toBe("shared/1");
  expect(keyOfName("g/1", undefined)).toBe("g/1");
  expect(keyOfName("", "g")).toBeUndefined();
});

test("stops are instants, each once, oldest first, not too many", () => {
  const instants = Array.from({ length: 500 }, (_, i) => `2026-01-01T00:${String(i % 60).padStart(2, "0")}:00.123456Z`);
  const stops = stopsOf(instants, 10);
  expect(stops).toHaveLength(10);
  expect(stops[0]).toBe("2026-01-01T00:00:01.000Z");
  expect(stops[9]).toBe("2026-01-01T00:59:01.000Z");
  expect(stopsOf([], 10)).toEqual([]);
  expect(stopsOf(["2026-01-01T00:00:00.5Z"], 10)).toHaveLength(1);
});
