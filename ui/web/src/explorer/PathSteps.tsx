import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { Failed } from "../design/components/States";
import { useNodeWords } from "../node/words";
import { usePlace } from "../shell/graph";
import { PATH } from "./documents";
import { Shape } from "./Shape";
import { keyOf, placeOfKey } from "./slice";
import { useExplorerWords } from "./words";

/** A shortest path between two nodes; undefined while it is asked for, null when there is none. */
export function usePath(from: string | undefined, to: string | undefined) {
  const { asOf } = usePlace();
  const [start, end] = [placeOfKey(from ?? "/"), placeOfKey(to ?? "/")];
  const variables = { from: start.id, to: end.id, graph: start.graph, asOf: asOf ?? null };
  const [{ data, error }] = useQuery({ query: PATH, variables, pause: !from || !to });
  return { path: from && to ? data?.path : undefined, error };
}

interface Props {
  readonly from: string;
  readonly to: string;
  readonly select: (key: string) => void;
  readonly clear: () => void;
}

/** The path, step by step. */
export function PathSteps({ from, to, select, clear }: Props) {
  const t = useExplorerWords();
  const names = useNodeWords();
  const { path, error } = usePath(from, to);
  return (
    <section className="card explorer-path" aria-label={t.path}>
      <div className="row">
        <h3>{t.path}</h3>
        <Button kind="quiet" icon label={t.clearPath} onPress={clear}>
          ×
        </Button>
      </div>
      {error && <Failed error={error} />}
      {path === null && <p>{t.noPath}</p>}
      <ol>
        {path?.nodes.map((node, place) => {
          const relation = path.relations[place - 1];
          return (
            <li key={node.key}>
              {relation && (
                <span className="muted explorer-by">
                  {relation.direction === "IN" ? names[`${relation.type}_IN`] : names[relation.type]}
                </span>
              )}
              <button
                type="button"
                className="node-jump"
                onClick={() => select(keyOf({ graph: node.place, id: node.key }))}
              >
                <Shape type={node.type} />
                <span className="truncate" dir="auto">
                  {node.title}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </section>
  );
}
