import { expect, test } from "vitest";
import { withState } from "./task";

test("a marker gets another word, and all else stays", () => {
  const text = "- Garden\n  - TODO sow beans #spring\n    - note\n";
  expect(withState(text, "sow beans #spring", 0, "DOING")).toBe("- Garden\n  - DOING sow beans #spring\n    - note\n");
  expect(withState("- LATER [#A] dig", "dig", 0, "CANCELLED")).toBe("- CANCELED [#A] dig");
  expect(withState("- dig", "dig", 0, "TODO")).toBe("- TODO dig");
});

test("a checkbox gets another sign, and cannot say that it waits", () => {
  expect(withState("* [ ] count ^crates\r\nmore", "count", 0, "DONE")).toBe("* [x] count ^crates\r\nmore");
  expect(withState("1. [x] count", "count", 0, "TODO")).toBe("1. [ ] count");
  expect(withState("- [ ] count", "count", 0, "WAITING")).toEqual({ refused: "box" });
});

test("of several that say the same, the one that is meant; code is no task", () => {
  const text = "- TODO a\n```\n- TODO a\n```\n- TODO a";
  expect(withState(text, "a", 1, "DONE")).toBe("- TODO a\n```\n- TODO a\n```\n- DONE a");
  expect(withState(text, "a", 2, "DONE")).toEqual({ refused: "gone" });
});
