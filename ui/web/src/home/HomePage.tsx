import { Link } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { NodeLink } from "../design/components/NodeLink";
import { Empty, Failed, Loading } from "../design/components/States";
import { Status } from "../design/components/Status";
import { useDates } from "../i18n";
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
  const dates = useDates();
  const [{ data, error, fetching }, ask] = useQuery({ query: HOME, variables: { graph: graph ?? null } });
  if (error && !data)
    return (
      <div className="page">
        <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />
      </div>
    );
  const graphs = data?.graphs.filter((one) => one.nodeCount > 0 && (!graph || one.name === graph)) ?? [];
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
      {!data && fetching && <Loading lines={8} />}
      {data && graphs.length === 0 && (
        <Empty title={t.emptyTitle}>
          <span>{t.emptyText}</span>
          <code>{t.importCommand}</code>
        </Empty>
      )}
      {graphs.length > 0 && (
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
      )}
      {graphs.length > 0 && (
        <div className="home-growth">
          <Suspense>
            <Growth graph={graph} />
          </Suspense>
        </div>
      )}
      {data && data.nodes.nodes.length > 0 && (
        <section className="home-recent" aria-labelledby="home-recent">
          <h2 id="home-recent">{t.recent}</h2>
          <ul>
            {data.nodes.nodes.map((node) => (
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
      )}
    </div>
  );
}
