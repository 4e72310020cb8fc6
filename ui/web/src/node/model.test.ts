import { expect, test } from "vitest";
import { changesOf, type Draft, diff, draftOf, merge, mergeDrafts, tagsOf, withoutTitle } from "./model";

const draft = (over: Partial<Draft> = {}): Draft => ({
  title: "T",
  status: "draft",
  date: "",
  tags: "a, b",
  content: "one\ntwo\nthree",
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
  const theirs = draft({ title: "Theirs", tags: "a, b, c", content: "one\ntwo\n3" });
  const yours = draft({ title: "Yours", tags: "b", status: "final", content: "1\ntwo\nthree" });
  expect(mergeDrafts(draft(), theirs, yours)).toEqual({
    draft: draft({ title: "Yours", tags: "b, c", status: "final", content: "1\ntwo\n3" }),
    conflicts: ["title"],
  });
});

test("only what changed is sent; what was emptied is null", () => {
  expect(changesOf(draft(), draft())).toEqual({});
  expect(changesOf(draft(), draft({ status: "", tags: "#b c,c", title: " New " }))).toEqual({
    status: null,
    tags: ["b", "c"],
    title: "New",
  });
});

test("tags are read as people write them", () => {
  expect(tagsOf("#a, b  c,,a")).toEqual(["a", "b", "c"]);
  expect(draftOf({ title: "T", status: null, date: null, tags: ["x"], content: "" }).tags).toBe("x");
});

test("a first heading that repeats the title is left out", () => {
  expect(withoutTitle("# The title\n\ntext", "The title")).toBe("text");
  expect(withoutTitle("# Another\n\ntext", "The title")).toBe("# Another\n\ntext");
  expect(withoutTitle("## The title\ntext", "The title")).toBe("## The title\ntext");
});
