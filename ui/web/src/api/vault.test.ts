import { expect, test } from "vitest";
import { encoded } from "./vault";

test("no name of a path leads elsewhere", () => {
  expect(encoded("secret/data/a b/c?d#e/ü")).toBe("secret/data/a%20b/c%3Fd%23e/%C3%BC");
  expect(encoded("secret/data/a%2fb")).toBe("secret/data/a%252fb");
});
