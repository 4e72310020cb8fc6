import { expect, test } from "vitest";
import { leftOf, mountOf } from "./model";

test("time left is told in the largest unit of which there are two", () => {
  const now = Date.parse("2026-11-26T10:00:00Z");
  const left = (iso: string) => [leftOf(iso, now).count, leftOf(iso, now).unit];
  expect(left("2026-11-26T10:01:30Z")).toEqual([90, "secondsLeft"]);
  expect(left("2026-11-26T10:59:00Z")).toEqual([59, "minutesLeft"]);
  expect(left("2026-11-27T10:00:00Z")).toEqual([24, "hoursLeft"]);
  expect(left("2026-12-26T10:00:00Z")).toEqual([30, "daysLeft"]);
  expect(left("2026-11-26T09:00:00Z")).toEqual([0, "secondsLeft"]);
});

test("a mount has no slashes around it", () => {
  expect(mountOf(" /team/kv/ ")).toBe("team/kv");
});
