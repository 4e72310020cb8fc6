import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { usePlace } from "../shell/graph";
import { useGraphs } from "../shell/graphs";
import { Answered } from "./Answered";
import { usePartsWords } from "./words";
import "./parts.css";

interface Props {
  readonly children: (graph: string) => ReactNode;
}

/** What is about one named graph: that of the address, the only one there is, or one that is chosen first. */
export function GraphChoice({ children }: Props) {
  const { graph } = usePlace();
  return graph ? children(graph) : <Choice>{children}</Choice>;
}

function Choice({ children }: Props) {
  const t = usePartsWords();
  return (
    <Answered answer={useGraphs()}>
      {(data) => {
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
                  <Link
                    to="."
                    search={((before: object) => ({ ...before, graph: one.name })) as never}
                    className="button"
                  >
                    {one.title || one.name}
                  </Link>
                </li>
              ))}
            </ul>
          </div>
        );
      }}
    </Answered>
  );
}
