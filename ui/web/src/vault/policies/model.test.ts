import { expect, test } from "vitest";
import { endOf, isFixed, isKept, lineIn, lineOf, nameOf, questionOf, shownDraft, shownMarks, TEMPLATES } from "./model";

test("the parser's messages name a line", () => {
  expect(lineOf("failed to parse policy: At 3:5: expected a key")).toBe(3);
  expect(lineOf("failed to parse policy: line 12: unexpected token")).toBe(12);
  expect(lineOf('failed to parse policy: path "a": path "a": invalid key "b" on line 4')).toBe(4);
  expect(lineOf("permission denied")).toBeUndefined();
});

test("a rule of paths ends where its brackets are closed", () => {
  const text = 'path "a/{{identity}}/*" {\n  # } not here\n  capabilities = ["read"]\n}\npath "b" {\n}\n';
  expect(endOf(text, 1, "ACL")).toBe(4);
  expect(endOf(text, 5, "ACL")).toBe(6);
  expect(endOf(text, 99, "ACL")).toBe(99);
});

test("a statement of Cedar ends with its sign", () => {
  expect(endOf(TEMPLATES.CEDAR, 2, "CEDAR")).toBe(8);
  expect(endOf("permit (principal, action, resource);", 1, "CEDAR")).toBe(1);
});

test("the rule that decided is marked in its own policy alone", () => {
  const decidedBy = { policy: "app", kind: "ACL", rule: "secret/*", line: 1 } as const;
  const app = { name: "app", kind: "ACL", text: 'path "secret/*" {\n}\n\npath "kv/*" {\n}\n' } as const;
  const marked = { from: 1, to: 2, tone: "danger", sign: "✕" };
  expect(shownMarks(app, { allowed: false, decidedBy }, undefined)).toEqual([marked]);
  expect(shownMarks({ ...app, kind: "CEDAR" }, { allowed: true, decidedBy }, undefined)).toEqual([]);
  expect(shownMarks(app, { allowed: false, decidedBy: null }, undefined)).toEqual([]);
  expect(shownMarks(null, { allowed: false, decidedBy }, 1)).toEqual([]);
});

test("a rule that is to be shown is marked beside the one that decided", () => {
  const decidedBy = { policy: "app", kind: "ACL", rule: "secret/*", line: 1 } as const;
  const app = { name: "app", kind: "ACL", text: 'path "secret/*" {\n}\n\npath "kv/*" {\n}\n' } as const;
  expect(shownMarks(app, { allowed: true, decidedBy }, 4).map(({ from, tone }) => [from, tone])).toEqual([
    [1, "ok"],
    [4, "info"],
  ]);
  expect(shownMarks(app, { allowed: true, decidedBy }, 1)).toHaveLength(1);
  expect(lineIn("12")).toBe(12);
  expect(lineIn("0")).toBeUndefined();
  expect(lineIn("x")).toBeUndefined();
});

test("some policies stay as they are", () => {
  expect(isFixed("ACL", "root")).toBe(true);
  expect(isFixed("CEDAR", "root")).toBe(false);
  expect(isKept("ACL", "default")).toBe(true);
  expect(isFixed("ACL", "default")).toBe(false);
  expect(nameOf(" App-Read ")).toBe("app-read");
});

test("an editor shows what is saved until somebody writes", () => {
  expect(shownDraft("two", undefined)).toEqual({ text: "two", known: ["two"], isChanged: false, isBehind: false });
  expect(shownDraft("two", { text: "two", known: ["one"] }).isChanged).toBe(false);
});

test("a text that somebody else saved is told from one's own", () => {
  const written = { text: "three", known: ["one", "two"] };
  expect(shownDraft("two", written)).toEqual({ ...written, isChanged: true, isBehind: false });
  expect(shownDraft("theirs", written).isBehind).toBe(true);
});

test("an address asks a question for somebody", () => {
  expect(questionOf({})).toBeUndefined();
  expect(questionOf({ path: "/secret/data/a", op: "DELETE" })).toEqual({ operation: "DELETE", path: "secret/data/a" });
  expect(questionOf({ path: "a", as: "policies", who: "app, ops" })).toEqual({
    operation: "READ",
    path: "a",
    policies: ["app", "ops"],
  });
  expect(questionOf({ path: "a", op: "LIST" })).toMatchObject({ path: "a/" });
  expect(questionOf({ path: "a", as: "accessor", who: " acc " })).toMatchObject({ accessor: "acc" });
  expect(questionOf({ path: "a", op: "nonsense", as: "nobody" })).toEqual({ operation: "READ", path: "a" });
});
