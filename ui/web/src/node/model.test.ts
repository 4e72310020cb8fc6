import { expect, test } from "vitest";
import {
  changesOf,
  type Draft,
  diff,
  draftOf,
  fieldsOf,
  merge,
  mergeDrafts,
  newOf,
  TYPES,
  withoutTitle,
} from "./model";

const draft = (over: Draft = {}): Draft => ({
  ...draftOf({ type: "GUIDELINE", title: "T", status: "draft", tags: ["a", "b"], content: "one\ntwo\nthree" }),
  ...over,
});

test("a diff tells what was taken, added and kept", () => {
  expect(diff("one\ntwo\nthree", "one\n2\nthree").map(({ kind, text }) => `${kind[0]}${text}`)).toEqual([
    "sone",
    "rtwo",
    "a2",
    "sthree",
  ]);
  expect(diff("a", "a")).toEqual([{ kind: "same", text: "a" }]);
  expect(diff("a\nb", "b").map(({ kind }) => kind)).toEqual(["removed", "same"]);
  expect(diff("b", "b\nc").map(({ kind }) => kind)).toEqual(["same", "added"]);
});

test("any diff gives both texts back", () => {
  let seed = 7;
  const random = (n: number) => {
    seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648;
    return seed % n;
  };
  for (let round = 0; round < 300; round += 1) {
    const text = () => Array.from({ length: random(8) }, () => "abc"[random(3)]).join("\n");
    const [a, b] = [text(), text()];
    const lines = diff(a, b);
    const side = (not: string) =>
      lines
        .filter(({ kind }) => kind !== not)
        .map((line) => line.text)
        .join("\n");
    expect([side("added"), side("removed")]).toEqual([a, b]);
  }
});

test("changes of different places are merged", () => {
  expect(merge("1\n2\n3\n4", "1!\n2\n3\n4", "1\n2\n3\n4!")).toEqual({ text: "1!\n2\n3\n4!", conflicts: 0 });
  expect(merge("1\n2\n3", "1\n3", "1\n2\n3\n4")).toEqual({ text: "1\n3\n4", conflicts: 0 });
  expect(merge("1", "2", "2")).toEqual({ text: "2", conflicts: 0 });
});

test("changes of one place are marked", () => {
  expect(merge("1\n2\n3", "1\ntheirs\n3", "1\nyours\n3")).toEqual({
    text: "1\n<<<<<<< theirs\ntheirs\n=======\nyours\n>>>>>>> yours\n3",
    conflicts: 1,
  });
});

test("drafts merge field by field", () => {
  const theirs = draft({ title: "Theirs", tags: ["a", "b", "c"], content: "one\ntwo\n3", priority: "5" });
  const yours = draft({ title: "Yours", tags: ["b"], status: "final", content: "1\ntwo\nthree", priority: "5.0" });
  expect(mergeDrafts("GUIDELINE", draft(), theirs, yours)).toEqual({
    draft: draft({ title: "Yours", tags: ["b", "c"], status: "final", content: "1\ntwo\n3", priority: "5" }),
    conflicts: ["title"],
  });
  const { conflicts } = mergeDrafts("GUIDELINE", draft(), draft({ priority: "1" }), draft({ priority: "2" }));
  expect(conflicts).toEqual(["priority"]);
});

test("only what changed is sent; what was emptied is null", () => {
  expect(changesOf("GUIDELINE", draft(), draft())).toEqual({});
  const after = draft({ status: "", tags: ["b"], title: " New ", priority: "7", topic: "x", metadata: '{"a": 1}' });
  expect(changesOf("GUIDELINE", draft(), after)).toEqual({
    status: null,
    tags: ["b"],
    title: "New",
    priority: 7,
    topic: "x",
    metadata: { a: 1 },
  });
  expect(changesOf("GUIDELINE", after, { ...after, priority: "", metadata: "" })).toEqual({
    priority: null,
    metadata: {},
  });
});

test("a new node has what its type has, and only what was written", () => {
  const written = { title: "T", deciders: ["Ada", "Grace"], priority: "3", content: "" };
  expect(newOf("DECISION", written)).toEqual({ title: "T", deciders: ["Ada", "Grace"] });
  expect(newOf("GUIDELINE", written)).toEqual({ title: "T", priority: 3 });
});

test("every type has the fields of all, and its own", () => {
  for (const type of TYPES) expect(fieldsOf(type)).toEqual(expect.arrayContaining(["title", "aliases", "content"]));
  expect(fieldsOf("EXECUTION")).toContain("tokensUsed");
  expect(fieldsOf("NOTE")).not.toContain("priority");
});

test("a first heading that repeats the title is left out", () => {
  expect(withoutTitle("# The title\n\ntext", "The title")).toBe("text");
  expect(withoutTitle("# Another\n\ntext", "The title")).toBe("# Another\n\ntext");
  expect(withoutTitle("## The title\ntext", "The title")).toBe("## The title\ntext");
});
