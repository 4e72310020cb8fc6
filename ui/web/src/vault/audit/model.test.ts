import { expect, test } from "vitest";
import { counted, isCheck, ofSide, rangeOf, secretOf, sideOf, whereOf } from "./model";

const NOW = Date.parse("2026-11-26T12:00:00Z");

test("an address says what is asked for", () => {
  expect(whereOf({}, NOW)).toEqual({ since: "2026-11-25T12:00:00.000Z" });
  expect(whereOf({ range: "all", path: "/secret/", op: "read", refused: "1" }, NOW)).toEqual({
    path: "secret/",
    operation: "read",
    allowed: false,
  });
  expect(whereOf({ since: "2026-11-20T00:00Z", until: "2026-11-21T00:00Z" }, NOW)).toEqual({
    since: "2026-11-20T00:00:00.000Z",
    until: "2026-11-21T00:00:00.000Z",
  });
  expect(whereOf({ range: "own", since: "nonsense", op: "nonsense" }, NOW)).toEqual({});
});

test("a range of its own is one that has an instant", () => {
  expect(rangeOf({ since: "2026-11-20" })).toBe("own");
  expect(rangeOf({ since: "2026-11-20", range: "hour" })).toBe("hour");
  expect(rangeOf({})).toBe("day");
});

const line = (at: string, allowed = true, kind = "response") => ({ at: `2026-11-26T${at}Z`, allowed, kind });

test("a request counts once, by its answer", () => {
  const lines = [line("11:04:59", false), line("11:04:58", false, "request"), line("11:00:10"), line("11:00:05")];
  const { times, requests, refusals } = counted(lines);
  expect(times.at(-1)).toBe("2026-11-26T11:04:00.000Z");
  expect(times).toHaveLength(8);
  expect(requests).toEqual([0, 0, 0, 2, 0, 0, 0, 1]);
  expect(refusals).toEqual([0, 0, 0, 0, 0, 0, 0, 1]);
});

test("what was never answered is counted by itself", () => {
  expect(counted([line("11:00:00", true, "request")]).requests.reduce((a, b) => a + b)).toBe(1);
  expect(counted([]).times).toEqual([]);
});

test("bars are as wide as the time they are about needs", () => {
  const { times } = counted([line("11:00:00"), { at: "2026-11-19T11:00:00Z", allowed: true, kind: "response" }]);
  expect(times).toHaveLength(29);
  expect(times[1]).toBe("2026-11-19T12:00:00.000Z");
});

test("one side of requests shows, or both", () => {
  const lines = [line("11:00:01"), line("11:00:00", true, "request")];
  expect(ofSide(lines, "request")).toHaveLength(1);
  expect(ofSide(lines, "both")).toHaveLength(2);
  expect(sideOf("nonsense")).toBe("response");
});

test("asking how the vault stands is told from other requests", () => {
  expect(isCheck({ path: "sys/health", allowed: true })).toBe(true);
  expect(isCheck({ path: "auth/token/lookup-self", allowed: false })).toBe(false);
  expect(isCheck({ path: "secret/data/sys/health", allowed: true })).toBe(false);
});

test("a path of a kv mount names its secret", () => {
  const mounts = [
    { path: "secret/", type: "kv", version: 2 },
    { path: "secret/old/", type: "kv", version: 1 },
    { path: "pki/", type: "pki", version: null },
  ];
  expect(secretOf("secret/data/team/app", mounts)).toEqual({ mount: "secret/", path: "team/app" });
  expect(secretOf("secret/metadata/team/", mounts)).toEqual({ mount: "secret/", path: "team/" });
  expect(secretOf("secret/old/app", mounts)).toEqual({ mount: "secret/old/", path: "app" });
  expect(secretOf("secret/config", mounts)).toBeUndefined();
  expect(secretOf("secret/data/", mounts)).toBeUndefined();
  expect(secretOf("pki/issue/web", mounts)).toBeUndefined();
});
