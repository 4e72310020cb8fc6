import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { NodeLink } from "../design/components/NodeLink";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Choices } from "../parts/Choices";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { usePlace } from "../shell/graph";
import { useFix } from "./fix";
import { type Finding, type Group, groups, keyOf, nameOf } from "./model";
import { useLintWords } from "./words";
import "./lint.css";

const FINDINGS = graphql(`
  query LintFindings($graph: String, $first: Int!, $after: String) {
    lint(graph: $graph, first: $first, after: $after) {
      pageInfo {
        hasNextPage
        endCursor
      }
      edges {
        node {
          code
          severity
          graph
          path
          line
          message
          hint
          fixable
          node {
            id
            graph
            title
            type
          }
          other {
            id
            graph
            title
            type
          }
        }
      }
    }
  }
`);

const TONES = { ERROR: "danger", WARNING: "warn", INFO: "info" } as const;

/** What is not as it should be, by kind, worst first; what is safe to correct is corrected here. */
export function Page() {
  const t = useLintWords();
  const { graph } = usePlace();
  const [{ code = "" }, set] = useAddress();
  const paging = usePaging(500, String(graph));
  const { first, after } = paging;
  const answer = useAnswer({ query: FINDINGS, variables: { graph: graph ?? null, first, after } });
  const { data } = answer;
  const all = useMemo(() => groups(data?.lint.edges.map((edge) => edge.node) ?? []), [data]);
  const count = data?.lint.edges.length ?? 0;
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      <Link to="/graph" search={(graph ? { graph } : {}) as never} className="button">
        {t.explore}
      </Link>
    </Empty>
  );
  return (
    <div className="page lint">
      <div className="page-head">
        <h1>{t.title}</h1>
        {data && <span className="muted">{t.counted(count, data.lint.pageInfo.hasNextPage)}</span>}
      </div>
      <Answered answer={answer} empty={({ lint }) => lint.edges.length === 0 && after === null && nothing}>
        {({ lint: { pageInfo } }) => (
          <>
            <div className="filters">
              <Choices
                label={t.kind}
                options={[
                  { key: "", name: t.all, count },
                  ...all.map((group) => ({ key: group.code, name: nameOf(group.code), count: group.findings.length })),
                ]}
                value={code}
                choose={(next) => set({ code: next })}
              />
            </div>
            {all
              .filter((group) => !code || group.code === code)
              .map((group) => (
                <Kind key={group.code} group={group} />
              ))}
            {(pageInfo.hasNextPage || after !== null) && (
              <More paging={paging} shown={count} end={pageInfo.hasNextPage ? pageInfo.endCursor : null} />
            )}
          </>
        )}
      </Answered>
    </div>
  );
}

function Kind({ group }: { group: Group }) {
  const t = useLintWords();
  const [fix, busy] = useFix();
  const fixable = group.findings.filter((one) => one.fixable);
  return (
    <section className="card lint-kind" aria-labelledby={`lint-${group.code}`}>
      <div className="row wrap">
        <span className={`badge ${TONES[group.severity]}`}>{t[group.severity]}</span>
        <h2 id={`lint-${group.code}`}>{nameOf(group.code)}</h2>
        <span className="muted">{group.findings.length}</span>
        {fixable.length > 1 && (
          <span className="lint-fix">
            <Button disabled={busy} onPress={() => void fix(fixable)}>
              {t.fixAll(fixable.length)}
            </Button>
          </span>
        )}
      </div>
      <p className="muted">{group.hint}</p>
      <ul>
        {group.findings.map((finding) => (
          <Line key={keyOf(finding)} finding={finding} fix={() => void fix([finding])} busy={busy} />
        ))}
      </ul>
    </section>
  );
}

function Line({ finding, fix, busy }: { finding: Finding; fix: () => void; busy: boolean }) {
  const t = useLintWords();
  const place = [finding.path, finding.line && t.line(finding.line)].filter(Boolean).join(", ");
  return (
    <li className="lint-line">
      <div className="lint-what">
        <span>{finding.message}</span>
        <div className="row wrap lint-where">
          {finding.node && <NodeLink node={finding.node} />}
          {finding.other && (
            <>
              {t.and} <NodeLink node={finding.other} />
            </>
          )}
          {place && <span className="mono lint-path">{place}</span>}
        </div>
      </div>
      {finding.fixable && (
        <Button disabled={busy} label={t.fixOf(`${finding.message} ${finding.node?.title ?? ""}`)} onPress={fix}>
          {t.fix}
        </Button>
      )}
    </li>
  );
}
