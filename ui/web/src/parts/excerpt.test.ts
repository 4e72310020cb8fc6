import { expect, test } from "vitest";
import { excerpt, readable } from "./excerpt";

test("markdown is read without its signs", () => {
  expect(readable("see [[Garden|the garden]], **now**, [here](https://example.org) `x`\n- a\n> b")).toBe(
    "see the garden, now, here x a b",
  );
});

test("of code in fences the code is read", () => {
  expect(readable("```sh\nls\n```")).toBe("ls");
});

test("an excerpt leaves the title out and is cut between words", () => {
  expect(excerpt("# Title\n\nOne two three", "Title", 8)).toBe("One two…");
  expect(excerpt("# Other\n\nOne", "Title", 80)).toBe("Other One");
});
