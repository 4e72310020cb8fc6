import { expect, test } from "vitest";
import { byDay } from "./model";

test("entries stand under their days", () => {
  const entries = [{ date: "2026-11-20" }, { date: null }, { date: "2026-11-20" }];
  expect(byDay(entries).get("2026-11-20")).toHaveLength(2);
});
