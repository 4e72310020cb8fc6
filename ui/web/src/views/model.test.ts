import { expect, test } from "vitest";
import { safeAddress } from "./model";

test("only addresses of this app are followed", () => {
  expect(safeAddress("/graph?type=NOTE")).toBe("/graph?type=NOTE");
  for (const other of ["//evil.example", "/\\evil.example", "https://evil.example", "javascript:alert(1)", ""])
    expect(safeAddress(other)).toBeUndefined();
});
