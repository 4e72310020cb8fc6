import type { LintCode, LintFindingsQuery, LintSeverity } from "../api/gql/graphql";

export type Finding = LintFindingsQuery["lint"]["edges"][number]["node"];

/** Findings of one kind. */
export interface Group {
  readonly code: LintCode;
  readonly severity: LintSeverity;
  readonly hint: string;
  readonly findings: readonly Finding[];
}

const ORDER: readonly LintSeverity[] = ["ERROR", "WARNING", "INFO"];

/** Findings by kind, worst first. A kind stands where its worst finding does. */
export function groups(findings: readonly Finding[]): readonly Group[] {
  const all = new Map<LintCode, Finding[]>();
  for (const finding of findings) {
    const known = all.get(finding.code);
    if (known) known.push(finding);
    else all.set(finding.code, [finding]);
  }
  return [...all]
    .map(([code, found]) => {
      const worst = [...found].sort((a, b) => rank(a.severity) - rank(b.severity))[0];
      return { code, severity: worst?.severity ?? "INFO", hint: worst?.hint ?? "", findings: found };
    })
    .sort((a, b) => rank(a.severity) - rank(b.severity) || b.findings.length - a.findings.length);
}

const rank = (severity: LintSeverity): number => ORDER.indexOf(severity);

/** The name of a kind as people read it. */
export const nameOf = (code: LintCode): string => {
  const text = code.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
};

/** Tells findings apart. */
export const keyOf = ({ code, graph, path, line, node, other, message }: Finding): string =>
  JSON.stringify([code, graph, path, line, node?.id, other?.id, message]);
