import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import type { HomeQuery } from "../api/gql/graphql";
import { NodeLink } from "../design/components/NodeLink";
import { Empty } from "../design/components/States";
import { Status } from "../design/components/Status";
import { useDates } from "../i18n";
import { Answered } from "../parts/Answered";
import { usePlace } from "../shell/graph";
import { useHomeWords } from "./words";
import "./home.css";

const Growth = lazy(() => import("../parts/Growth").then((parts) => ({ default: parts.Growth })));

const HOME = graphql(`
  query Home($graph: String) {
    graphs {
      name
      title
      description
      nodeCount
    }
    serverInfo {
      version
      database
    }
    nodes(graph: $graph, first: 12) {
      nodes {
        id
        graph
        title
        type
        status
        updatedAt
        updatedBy
      }
    }
  }
`);

/** What there is, and what changed last. */
export function HomePage() {
  const t = useHomeWords();
  const { graph } = usePlace();
  const answer = useAnswer({ query: HOME, variables: { graph: graph ?? null } });
  const { data } = answer;
  return (
    <div className="page">
      <div className="page-head">
        <h1>{t.title}</h1>
        {data && (
          <span className="muted">
            StratumIOps {data.serverInfo.version} · {data.serverInfo.database}
          </span>
        )}
      </div>
      <Answered answer={answer}>
        {({ graphs, nodes }) => (
          <>
            <Graphs graphs={graphs.filter((one) => one.nodeCount > 0 && (!graph || one.name === graph))} />
            {nodes.nodes.length > 0 && <Recent nodes={nodes.nodes} />}
          </>
        )}
      </Answered>
    </div>
  );
}

/** The graphs with how many nodes they have and had; how to begin where there are none. */
function Graphs({ graphs }: Pick<HomeQuery, "graphs">) {
  const t = useHomeWords();
  const { graph } = usePlace();
  if (graphs.length === 0)
    return (
      <Empty title={t.emptyTitle}>
        <span>{t.emptyText}</span>
        <code>{t.importCommand}</code>
      </Empty>
    );
  return (
    <>
      <section aria-labelledby="home-graphs">
        <h2 id="home-graphs" className="visually-hidden">
          {t.graphs}
        </h2>
        <div className="grid">
          {graphs.map((one) => (
            <article key={one.name} className="card home-graph">
              <h3>{one.title || one.name}</h3>
              <p className="muted">{one.description}</p>
              <div className="row">
                <span className="home-count">{t.nodes(one.nodeCount)}</span>
                <Link
                  to="/graph"
                  search={{ graph: one.name } as never}
                  className="button"
                  style={{ marginLeft: "auto" }}
                >
                  {t.explore}
                  <span className="visually-hidden"> {one.name}</span>
                </Link>
              </div>
            </article>
          ))}
        </div>
      </section>
      <div className="home-growth">
        <Suspense>
          <Growth graph={graph} />
        </Suspense>
      </div>
    </>
  );
}

/** What changed last. */
function Recent({ nodes }: Pick<HomeQuery["nodes"], "nodes">) {
  const t = useHomeWords();
  const dates = useDates();
  return (
    <section className="home-recent" aria-labelledby="home-recent">
      <h2 id="home-recent">{t.recent}</h2>
      <ul>
        {nodes.map((node) => (
          <li key={`${node.graph}/${node.id}`} className="row home-line">
            <NodeLink node={node} />
            <Status status={node.status} />
            <span className="muted home-when">
              <time dateTime={node.updatedAt} title={dates.moment(node.updatedAt)}>
                {dates.ago(node.updatedAt)}
              </time>{" "}
              {t.by(node.updatedBy)}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}
