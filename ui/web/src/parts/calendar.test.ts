import { expect, test } from "vitest";
import { dayByKey, isDay, monthShifted, weeksOf } from "./calendar";

test("a month has whole weeks from Monday on", () => {
  const weeks = weeksOf("2026-11");
  expect(weeks).toHaveLength(6);
  expect(weeks[0]?.[0]).toBe("2026-10-26");
  expect(weeks.at(-1)?.[0]).toBe("2026-11-30");
  expect(weeksOf("2021-02")).toHaveLength(4);
});

test("keys lead to days", () => {
  expect(dayByKey("2026-11-30", "ArrowRight")).toBe("2026-12-01");
  expect(dayByKey("2026-11-26", "ArrowUp")).toBe("2026-11-19");
  expect(dayByKey("2026-11-26", "Home")).toBe("2026-11-23");
  expect(dayByKey("2026-11-26", "End")).toBe("2026-11-29");
  expect(dayByKey("2026-11-26", "a")).toBeUndefined();
});

test("another month has the same day or its last one", () => {
  expect(monthShifted("2026-01-31", 1)).toBe("2026-02-28");
  expect(monthShifted("2026-01-15", -1)).toBe("2025-12-15");
});

test("a day is told from other texts", () => {
  expect(isDay("2026-11-20")).toBe(true);
  expect(isDay("2026-13-45")).toBe(false);
  expect(isDay(undefined)).toBe(false);
});
