import { expect, test } from "vitest";
import { byDay, type Certified, chainOf, commonNameOf, filterOf, nextDay, passes, placeOf, stateOf } from "./model";

const NOW = Date.parse("2026-11-26T12:00:00Z");
const certificate = (change: Partial<Certified> = {}): Certified => ({
  serial: "01:02",
  commonName: "shop.example",
  dnsNames: [],
  issuer: "CN=Shop CA",
  notBefore: "2026-11-01T00:00:00Z",
  notAfter: "2027-11-01T00:00:00Z",
  revokedAt: null,
  ...change,
});

test("a certificate is revoked, expired, near its end, or valid", () => {
  expect(stateOf(certificate(), NOW)).toBe("valid");
  expect(stateOf(certificate({ notAfter: "2026-11-26T12:00:00Z" }), NOW)).toBe("expired");
  expect(stateOf(certificate({ notAfter: "2026-12-20T00:00:00Z" }), NOW)).toBe("soon");
  expect(stateOf(certificate({ notAfter: "2027-01-20T00:00:00Z" }), NOW)).toBe("later");
  expect(stateOf(certificate({ notAfter: "2026-01-01T00:00:00Z", revokedAt: "2025-12-01T00:00:00Z" }), NOW)).toBe(
    "revoked",
  );
});

test("less than 30 days is less than 90 days, and valid", () => {
  const soon = certificate({ notAfter: "2026-12-20T00:00:00Z" });
  expect((["soon", "later", "valid", "all"] as const).every((filter) => passes(soon, filter, NOW))).toBe(true);
  expect(passes(soon, "expired", NOW)).toBe(false);
  expect(passes(certificate(), "later", NOW)).toBe(false);
  expect(filterOf("soon")).toBe("soon");
  expect(filterOf("nonsense")).toBe("all");
});

test("certificates stand on the day on which they end", () => {
  const late = certificate({ serial: "2", notAfter: "2026-12-03T20:00:00Z" });
  const early = certificate({ serial: "1", notAfter: "2026-12-03T08:00:00Z" });
  expect(byDay([late, early]).get("2026-12-03")).toEqual([early, late]);
});

test("the next day is that of the next end, or of the last one", () => {
  const past = certificate({ notAfter: "2026-10-01T00:00:00Z" });
  const revoked = certificate({ notAfter: "2026-11-27T00:00:00Z", revokedAt: "2026-11-02T00:00:00Z" });
  expect(nextDay([past, revoked, certificate()], NOW)).toBe("2027-11-01");
  expect(nextDay([past], NOW)).toBe("2026-10-01");
  expect(nextDay([revoked], NOW)).toBeUndefined();
});

test("today stands somewhere in the validity", () => {
  const year = certificate({ notBefore: "2026-11-26T00:00:00Z", notAfter: "2026-11-28T00:00:00Z" });
  expect(placeOf(year, NOW)).toBe(0.25);
  expect(placeOf(year, Date.parse("2030-01-01"))).toBe(1);
});

test("names are read from distinguished names", () => {
  expect(commonNameOf("O=Shop,CN=Shop CA")).toBe("Shop CA");
  expect(commonNameOf("CN=Shop\\, Ltd,O=Shop")).toBe("Shop, Ltd");
  expect(commonNameOf("O=Shop")).toBe("O=Shop");
});

test("a chain goes from signer to signer and ends at the root or where none is known", () => {
  const root = certificate({ serial: "r", commonName: "Root", issuer: "CN=Root", notAfter: "2036-01-01T00:00:00Z" });
  const middle = certificate({ serial: "m", commonName: "Shop CA", issuer: "CN=Root" });
  const leaf = certificate({ serial: "l" });
  expect(chainOf(leaf, [leaf, root, middle])).toEqual([middle, root]);
  expect(chainOf(root, [root])).toEqual([]);
  expect(chainOf(leaf, [leaf])).toEqual([]);
});

test("two that signed each other do not go on for ever", () => {
  const a = certificate({ serial: "a", commonName: "A", issuer: "CN=B" });
  const b = certificate({ serial: "b", commonName: "B", issuer: "CN=A" });
  expect(chainOf(a, [a, b])).toEqual([b]);
});
