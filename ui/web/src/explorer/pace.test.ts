import { expect, test, vi } from "vitest";
import { newPace, paced } from "./pace";

test("the first call acts at once, those soon after it as one, when the time is over", () => {
  vi.useFakeTimers();
  const [pace, done] = [newPace(), [] as string[]];
  for (const name of ["a", "b", "c"]) paced(pace, 1_000, () => done.push(name));
  expect(done).toEqual(["a"]);
  vi.advanceTimersByTime(1_000);
  expect(done).toEqual(["a", "c"]);
  vi.advanceTimersByTime(5_000);
  paced(pace, 1_000, () => done.push("d"));
  expect(done).toEqual(["a", "c", "d"]);
  vi.useRealTimers();
});
