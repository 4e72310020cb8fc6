import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { Failed, Loading } from "../design/components/States";
import { usePlace } from "../shell/graph";
import { usePartsWords } from "./words";
import "./parts.css";

const GRAPHS = graphql(`
  query GraphChoice {
    graphs {
      name
      title
      nodeCount
    }
  }
`);

/** What is about one named graph: that of the address, the only one there is, or one that is chosen first. */
export function GraphChoice({ children }: { children: (graph: string) => ReactNode }) {
  const t = usePartsWords();
  const { graph } = usePlace();
  const [{ data, error }] = useQuery({ query: GRAPHS, pause: Boolean(graph) });
  if (graph) return children(graph);
  if (error && !data) return <Failed error={error} />;
  if (!data) return <Loading />;
  const graphs = data.graphs.filter((one) => one.nodeCount > 0);
  const [only] = graphs;
  if (only && graphs.length === 1) return children(only.name);
  return (
    <div className="state">
      <strong>{t.chooseGraph}</strong>
      <span>{t.chooseText}</span>
      <ul className="row wrap">
        {graphs.map((one) => (
          <li key={one.name}>
            <Link to="." search={((before: object) => ({ ...before, graph: one.name })) as never} className="button">
              {one.title || one.name}
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}
