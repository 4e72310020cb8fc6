import { expect, test } from "vitest";
import { chains, type Decision, ofStatus, statuses, successors, viewOf } from "./model";

const decision = (id: string, status: string | null, more: Partial<Decision> = {}): Decision => ({
  id,
  graph: "g",
  title: id.toUpperCase(),
  type: "DECISION",
  status,
  date: null,
  path: null,
  deciders: null,
  updatedAt: "2026-01-01T00:00:00Z",
  supersedes: [],
  dependsOn: [],
  ...more,
});
const old = decision("old", "superseded");
const base = decision("base", null);
const young = decision("young", "accepted", { supersedes: [old], dependsOn: [base] });

test("statuses are counted in the order of a decision's life", () => {
  expect(statuses([base, old, young, young])).toEqual([
    { key: "accepted", count: 2 },
    { key: "superseded", count: 1 },
    { key: "none", count: 1 },
  ]);
  expect(ofStatus([base, old], "none")).toEqual([base]);
  expect(ofStatus([base, old], "")).toEqual([base, old]);
});

test("what took a decision's place is known", () => {
  expect(successors([old, young]).get("g/old")).toEqual([young]);
});

test("chains have what supersedes and depends, and nothing else", () => {
  const { nodes, edges } = chains([old, base, young, decision("alone", "accepted")]);
  expect(nodes.map((node) => node.id)).toEqual(["g/young", "g/old", "g/base"]);
  expect(edges).toEqual([
    { source: "g/young", target: "g/old", kind: "supersedes" },
    { source: "g/young", target: "g/base", kind: "dependsOn" },
  ]);
});

test("an unknown view is the list", () => {
  expect(viewOf("graph")).toBe("graph");
  expect(viewOf("x")).toBe("list");
});
