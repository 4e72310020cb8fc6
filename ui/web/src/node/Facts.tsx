import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useDates } from "../i18n";
import type { Details } from "./documents";
import { useNodeWords } from "./words";

/** What is known of a node beside its text, and where it comes from. */
export function Facts({ node }: { node: Details }) {
  const t = useNodeWords();
  const dates = useDates();
  const metadata = Object.entries((node.metadata ?? {}) as Record<string, unknown>);
  const when = (iso: string, who: string) => (
    <time dateTime={iso} title={iso}>
      {dates.moment(iso)} · {who}
    </time>
  );
  return (
    <section className="node-part">
      <h3>{t.facts}</h3>
      <dl className="node-facts">
        {node.date && <Fact name={t.date}>{dates.day(node.date)}</Fact>}
        {node.tags.length > 0 && (
          <Fact name={t.tags}>
            <ul className="row wrap">
              {node.tags.map((tag) => (
                <li key={tag}>
                  <Link to="/graph" search={{ graph: node.graph, tag } as never} className="badge">
                    #{tag}
                  </Link>
                </li>
              ))}
            </ul>
          </Fact>
        )}
        {node.aliases.length > 0 && <Fact name={t.aliases}>{node.aliases.join(", ")}</Fact>}
        <Special node={node} />
        <Fact name={t.file}>{node.path ? <code>{node.path}</code> : t.written}</Fact>
        <Fact name={t.created}>{when(node.createdAt, node.createdBy)}</Fact>
        <Fact name={t.changed}>{when(node.updatedAt, node.updatedBy)}</Fact>
        <Fact name={t.revision}>{node.rev}</Fact>
      </dl>
      {metadata.length > 0 && (
        <details>
          <summary>{t.metadata}</summary>
          <dl className="node-facts">
            {metadata.map(([name, value]) => (
              <Fact key={name} name={name}>
                {typeof value === "string" ? value : JSON.stringify(value)}
              </Fact>
            ))}
          </dl>
        </details>
      )}
    </section>
  );
}

/** What only nodes of its type have. */
function Special({ node }: { node: Details }) {
  const t = useNodeWords();
  if ("priority" in node) {
    return (
      <>
        {node.priority !== null && <Fact name={t.priority}>{node.priority}</Fact>}
        {node.topic && <Fact name={t.topic}>{node.topic}</Fact>}
        {node.overrides && node.overrides.length > 0 && <Fact name={t.overrides}>{node.overrides.join(", ")}</Fact>}
      </>
    );
  }
  if ("deciders" in node)
    return node.deciders?.length ? <Fact name={t.deciders}>{node.deciders.join(", ")}</Fact> : null;
  if ("agentId" in node) return <Run node={node} />;
  return null;
}

/** What a run took; what it cost is not always known. */
function Run({ node }: { node: Extract<Details, { agentId: unknown }> }) {
  const t = useNodeWords();
  return (
    <>
      {node.project && <Fact name={t.project}>{node.project}</Fact>}
      {node.taskType && <Fact name={t.taskType}>{node.taskType}</Fact>}
      {node.agentId && <Fact name={t.agentId}>{node.agentId}</Fact>}
      {node.durationMs !== null && <Fact name={t.duration}>{(node.durationMs / 1000).toLocaleString()} s</Fact>}
      {node.tokensUsed !== null && <Fact name={t.tokens}>{node.tokensUsed.toLocaleString()}</Fact>}
      <Fact name={t.cost}>{node.costCents === null ? t.unpriced : (node.costCents / 100).toFixed(2)}</Fact>
    </>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd dir="auto">{children}</dd>
    </>
  );
}
