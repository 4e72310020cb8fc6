import { Link } from "@tanstack/react-router";
import type { Decision } from "./documents";
import { isSameRule } from "./model";
import { usePolicyWords } from "./words";

type Rule = Decision["considered"][number];

/** What the vault decides and why: the rule that decided, what else may be done, and the rules that were looked at. */
export function Why({ decision, isDraft }: { decision: Decision; isDraft: boolean }) {
  const t = usePolicyWords();
  const { allowed, why, capabilities, decidedBy, considered } = decision;
  return (
    <div className="policies-why">
      <p className={`policies-verdict ${allowed ? "ok" : "danger"}`} role="status">
        <strong>
          <span aria-hidden="true">{allowed ? "✓" : "✕"}</span> {allowed ? t.allowed : t.refused}
        </strong>
        <span>{why}</span>
      </p>
      {isDraft && <p className="muted">{t.draftText}</p>}
      <h4>{t.decidedBy}</h4>
      {decidedBy ? <RuleLine rule={decidedBy} /> : <p className="muted">{t.noRule}</p>}
      <h4>{t.capabilities}</h4>
      <p className="row wrap">
        {capabilities.map((one) => (
          <span key={one} className={`badge ${one === "deny" ? "danger" : ""}`}>
            {one}
          </span>
        ))}
      </p>
      <h4>{t.considered}</h4>
      {considered.length === 0 && <p className="muted">{t.consideredNone}</p>}
      <ol className="policies-considered">
        {considered.map((rule) => (
          <li
            key={`${rule.kind} ${rule.policy} ${rule.line} ${rule.rule}`}
            className={decidedBy && isSameRule(rule, decidedBy) ? "decided" : ""}
          >
            <RuleLine rule={rule} />
            <span className="row wrap policies-beside">
              <span className={rule.counts ? "badge info" : "badge"}>{rule.counts ? t.counts : t.countsNot}</span>
              {rule.capabilities.length > 0 && <span className="muted">{rule.capabilities.join(", ")}</span>}
            </span>
            <span className="muted policies-reason">{rule.why}</span>
          </li>
        ))}
      </ol>
    </div>
  );
}

/** A rule by its policy and line; it opens the policy there. */
function RuleLine({ rule: { policy, kind, rule, line } }: { rule: Rule }) {
  const t = usePolicyWords();
  return (
    <div className="policies-rule">
      <code>{rule || policy}</code>
      <Link to="." search={((before: object) => ({ ...before, name: policy, kind, line: line || undefined })) as never}>
        <span className="visually-hidden">{t.show} </span>
        {policy}
        {line ? `, ${t.line(line)}` : ""}
      </Link>
    </div>
  );
}
