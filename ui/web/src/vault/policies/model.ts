import type { VaultOperation, VaultPolicyKind } from "../../api/gql/graphql";
import type { Mark } from "../../parts/Editor";
import { entriesOf } from "../../parts/form";

export const KINDS: readonly VaultPolicyKind[] = ["ACL", "CEDAR"];
export const OPERATIONS: readonly VaultOperation[] = ["READ", "LIST", "CREATE", "UPDATE", "PATCH", "DELETE", "SUDO"];
export const ASKERS = ["me", "policies", "accessor"] as const;
export type Asker = (typeof ASKERS)[number];

export const kindOf = (text: string | undefined): VaultPolicyKind => KINDS.find((one) => one === text) ?? "ACL";
export const operationOf = (text: string | undefined): VaultOperation =>
  OPERATIONS.find((one) => one === text) ?? "READ";
export const askerOf = (text: string | undefined): Asker => ASKERS.find((one) => one === text) ?? "me";

/** A policy's name as the vault keeps it. */
export const nameOf = (text: string): string => text.trim().toLowerCase();

/** Policies that nobody can change; and those that nobody can delete. */
const FIXED = new Set(["root", "response-wrapping"]);
export const isFixed = (kind: VaultPolicyKind, name: string): boolean => kind === "ACL" && FIXED.has(name);
export const isKept = (kind: VaultPolicyKind, name: string): boolean =>
  isFixed(kind, name) || (kind === "ACL" && name === "default");

/** What a new policy says at first. */
export const TEMPLATES: Readonly<Record<VaultPolicyKind, string>> = {
  ACL: `# Who has this policy may read what is below secret/app.
path "secret/data/app/*" {
  capabilities = ["read"]
}

path "secret/metadata/app/*" {
  capabilities = ["list"]
}
`,
  CEDAR: `// Nobody writes below secret/app at the weekend.
@id("quiet-weekend")
forbid (
  principal,
  action in [Action::"create", Action::"update", Action::"delete"],
  resource in Path::"secret/data/app"
)
when { context.time.weekday > 5 };
`,
};

/** The line that a message of the parser names: `At 3:5: …`, `line 3: …`. */
export function lineOf(message: string): number | undefined {
  const found = /\bAt (\d+):\d+|\bline (\d+)/.exec(message);
  return found ? Number(found[1] ?? found[2]) : undefined;
}

/** The last line of a rule that begins on a line: where its brackets are closed, or its `;` stands. */
export function endOf(text: string, line: number, kind: VaultPolicyKind): number {
  const lines = text.split("\n");
  let depth = 0;
  let opened = false;
  for (let at = line; at <= lines.length; at++) {
    const plain = (lines[at - 1] ?? "").replace(/"(?:[^"\\]|\\.)*"/g, "").replace(/(?:#|\/\/).*$/, "");
    for (const sign of plain) {
      if ("{[(".includes(sign)) depth += 1;
      else if ("}])".includes(sign)) depth -= 1;
      opened ||= sign === "{";
    }
    if (depth <= 0 && (kind === "CEDAR" ? plain.includes(";") : opened)) return at;
  }
  return line;
}

/** What is known of a rule that was looked at. */
export interface Rule {
  readonly policy: string;
  readonly kind: VaultPolicyKind;
  readonly rule: string;
  readonly line: number | null;
}

export const isSameRule = (a: Rule, b: Rule): boolean =>
  a.policy === b.policy && a.kind === b.kind && a.rule === b.rule && a.line === b.line;

interface Text {
  readonly name: string;
  readonly kind: VaultPolicyKind;
  readonly text: string;
}

/** The lines of the rule that decided, where it stands in this text; and those of a rule that is to be shown. */
export function shownMarks(
  policy: Text | null,
  decision: { readonly allowed: boolean; readonly decidedBy: Rule | null } | undefined,
  line: number | undefined,
): readonly Mark[] {
  if (!policy) return [];
  const { name, kind, text } = policy;
  const rule = decision?.decidedBy;
  const marks: Mark[] = [];
  if (decision && rule?.line && rule.policy === name && rule.kind === kind) {
    const to = endOf(text, rule.line, kind);
    marks.push({ from: rule.line, to, ...(decision.allowed ? ALLOWS : REFUSES) });
  }
  if (line && line !== marks[0]?.from) marks.push({ from: line, to: endOf(text, line, kind), tone: "info", sign: "›" });
  return marks;
}

const ALLOWS = { tone: "ok", sign: "✓" } as const;
const REFUSES = { tone: "danger", sign: "✕" } as const;

/** The line that the parser does not like. */
export const wrongMarks = (line: number): readonly Mark[] => [{ from: line, to: line, tone: "danger", sign: "!" }];

/** The line that an address names. */
export const lineIn = (text: string | undefined): number | undefined =>
  text && /^[1-9]\d{0,5}$/.test(text) ? Number(text) : undefined;

/** What somebody wrote over a saved text. */
export interface Written {
  readonly text: string;
  /** Texts that were saved, and that the one who writes has seen. */
  readonly known: readonly string[];
}

export interface Shown extends Written {
  readonly isChanged: boolean;
  /** Somebody else saved another text since this one was begun. */
  readonly isBehind: boolean;
}

/** What an editor shows: what was written, else what is saved. */
export function shownDraft(saved: string, written: Written | undefined): Shown {
  if (!written || written.text === saved) return { text: saved, known: [saved], isChanged: false, isBehind: false };
  return { ...written, isChanged: true, isBehind: !written.known.includes(saved) };
}

/** The question that an address asks; nothing where it names no path. */
export function questionOf(address: Readonly<Record<string, string>>) {
  const path = (address["path"] ?? "").trim().replace(/^\/+/, "");
  if (!path) return undefined;
  const who = address["who"] ?? "";
  const asker = askerOf(address["as"]);
  const operation = operationOf(address["op"]);
  return {
    operation,
    // A list is asked for with a slash at the end.
    path: operation === "LIST" && !path.endsWith("/") ? `${path}/` : path,
    ...(asker === "policies" ? { policies: [...entriesOf(who, true)] } : {}),
    ...(asker === "accessor" ? { accessor: who.trim() } : {}),
  };
}
