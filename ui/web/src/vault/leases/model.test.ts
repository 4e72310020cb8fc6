import { expect, test } from "vitest";
import { canRenew, countBelow, crumbsOf, foldersOf, leftOf, prefixOf } from "./model";

const at = (iso: string) => Date.parse(`2026-11-26T${iso}Z`);

test("a lease's time runs from when it was made or last renewed", () => {
  const lease = { issuedAt: "2026-11-26T10:00:00Z", lastRenewedAt: null, expiresAt: "2026-11-26T11:00:00Z" };
  expect(leftOf(lease, at("10:30:00"))).toEqual({ share: 0.5, seconds: 1_800, tone: "" });
  const renewed = { ...lease, lastRenewedAt: "2026-11-26T10:50:00Z", expiresAt: "2026-11-26T11:50:00Z" };
  expect(leftOf(renewed, at("11:20:00"))?.share).toBe(0.5);
});

test("what is left ends at none, and says when it is little", () => {
  const lease = { issuedAt: "2026-11-26T10:00:00Z", lastRenewedAt: null, expiresAt: "2026-11-26T11:00:00Z" };
  expect(leftOf(lease, at("10:50:00"))?.tone).toBe("warn");
  expect(leftOf(lease, at("10:55:00"))?.tone).toBe("danger");
  expect(leftOf(lease, at("12:00:00"))).toEqual({ share: 0, seconds: 0, tone: "danger" });
  expect(leftOf({ ...lease, expiresAt: null }, at("12:00:00"))).toBeUndefined();
});

test("leases of tokens are not renewed here", () => {
  expect(canRenew({ id: "database/creds/app/1", renewable: true })).toBe(true);
  expect(canRenew({ id: "database/creds/app/1", renewable: false })).toBe(false);
  expect(canRenew({ id: "auth/token/create/1", renewable: true })).toBe(false);
});

test("folders are as deep as what they hold allows", () => {
  const ids = ["database/creds/app/1", "database/creds/app/2", "database/creds/ops/3", "auth/token/create/4"];
  expect(foldersOf(ids, "")).toEqual([
    { prefix: "database/creds/", count: 3 },
    { prefix: "auth/token/create/", count: 1 },
  ]);
  expect(foldersOf(ids, "database/creds/")).toEqual([
    { prefix: "database/creds/app/", count: 2 },
    { prefix: "database/creds/ops/", count: 1 },
  ]);
  expect(foldersOf(ids, "database/creds/app/")).toEqual([]);
});

test("a prefix has the folders above it", () => {
  expect(crumbsOf("database/creds/")).toEqual([
    { name: "database/", prefix: "database/" },
    { name: "creds/", prefix: "database/creds/" },
  ]);
  expect(crumbsOf("")).toEqual([]);
  expect(prefixOf(" /database/creds ")).toBe("database/creds/");
  expect(prefixOf("/")).toBe("");
});

test("how many stand below a prefix is said as far as it is known", () => {
  const ids = ["database/creds/app/1", "database/creds/app/2"];
  const counts = [{ path: "database/", count: 900 }];
  expect(countBelow("database/", ids, true, [])).toEqual({ count: 2, more: false });
  expect(countBelow("database/", ids, false, counts)).toEqual({ count: 900, more: false });
  expect(countBelow("database/creds/app/", ids, false, counts)).toEqual({ count: 2, more: true });
});
