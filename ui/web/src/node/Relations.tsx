import { Button } from "../design/components/Button";
import { NodeLink } from "../design/components/NodeLink";
import { Status } from "../design/components/Status";
import { TypeMark } from "../design/components/TypeMark";
import { useActions } from "./actions";
import type { Details, Relation } from "./documents";
import { useNodeWords } from "./words";

/** Shows a node where the relations stand. */
export type Choose = (node: { readonly id: string; readonly graph: string }) => void;

interface Props {
  readonly node: Details;
  /** They cannot be changed: it is another time. */
  readonly fixed: boolean;
  readonly choose: Choose | undefined;
  /** Loads the others, when there are more than show. */
  readonly more: () => void;
}

/** What it leads to, and what leads to it. */
export function Relations({ node, fixed, choose, more }: Props) {
  const t = useNodeWords();
  const out = node.links.filter((one) => one.direction !== "IN");
  const back = node.links.filter((one) => one.direction === "IN");
  const missing = node.relationCount - node.links.length;
  const lines = (relations: readonly Relation[]) => (
    <ul>
      {relations.map((one) => (
        <Line
          key={`${one.type}${one.direction}${one.node.graph}/${one.node.id}`}
          node={node}
          relation={one}
          fixed={fixed}
          choose={choose}
        />
      ))}
    </ul>
  );
  return (
    <>
      <section className="node-part">
        <h3>
          {t.out} <span className="muted">{out.length}</span>
        </h3>
        {out.length ? lines(out) : <p className="muted">{t.noOut}</p>}
      </section>
      <section className="node-part">
        <h3>
          {t.back} <span className="muted">{back.length}</span>
        </h3>
        {back.length ? lines(back) : <p className="muted">{t.noBack}</p>}
        {missing > 0 && <Button onPress={more}>{t.more(missing)}</Button>}
      </section>
    </>
  );
}

function Line({ node, relation, fixed, choose }: Omit<Props, "more"> & { readonly relation: Relation }) {
  const t = useNodeWords();
  const { unlink } = useActions();
  const { node: other, type } = relation;
  const inwards = relation.direction === "IN";
  const ends = inwards ? { source: other.id, target: node.id } : { source: node.id, target: other.id };
  return (
    <li className="node-relation">
      <span className="muted node-how">{inwards ? t[`${type}_IN`] : t[type]}</span>
      <span className="row">
        {choose ? (
          <button type="button" className="node-jump" onClick={() => choose(other)} dir="auto">
            <TypeMark type={other.type} />
            <span className="truncate">{other.title}</span>
          </button>
        ) : (
          <NodeLink node={other} />
        )}
        <Status status={other.status} />
        {!fixed && (
          <Button
            kind="quiet"
            icon
            label={t.unlink(other.title)}
            onPress={() => void unlink({ ...ends, graph: node.graph, relation: type })}
          >
            ×
          </Button>
        )}
      </span>
      {relation.path && (
        <span className="muted node-where">
          {relation.line === null ? relation.path : t.at(relation.path, relation.line)}
        </span>
      )}
    </li>
  );
}
