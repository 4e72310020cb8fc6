import { type ReactNode, useMemo, useState } from "react";
import { Button } from "../design/components/Button";
import type { Links } from "../design/components/html";
import { Markdown } from "../design/components/Markdown";
import { Empty, Failed, Loading } from "../design/components/States";
import { Status } from "../design/components/Status";
import { TypeMark } from "../design/components/TypeMark";
import { useActions } from "./actions";
import { type Details, type Place, useDetails } from "./documents";
import { EditDialog } from "./EditDialog";
import { Facts } from "./Facts";
import { History } from "./History";
import { LinkDialog } from "./LinkDialog";
import { Missing } from "./Missing";
import { addressOf, withoutTitle } from "./model";
import { type Choose, Relations } from "./Relations";
import { useNodeWords } from "./words";
import "./node.css";

interface Props {
  readonly place: Place;
  /** The level of its heading; what is under it follows. */
  readonly level: 1 | 2;
  /** What else can be done with it here. */
  readonly more?: (node: Details) => ReactNode;
  /** Where nodes that it is joined to are shown, when not on their pages. */
  readonly choose?: Choose;
}

/** A node with its text, facts, relations, origin and history, and what can be done with it. */
export function NodeDetails({ place, level, more, choose }: Props) {
  const { node, error, ask } = useDetails(place);
  if (error && node === undefined) return <Failed error={error} retry={ask} />;
  if (node === undefined) return <Loading lines={8} />;
  if (node === null) return <Missing place={place} />;
  return <Shown key={`${node.graph}/${node.id}`} node={node} place={place} level={level} more={more} choose={choose} />;
}

interface ShownProps extends Omit<Props, "more" | "choose"> {
  readonly node: Details;
  readonly more: Props["more"] | undefined;
  readonly choose: Choose | undefined;
}

function Shown({ node, place, level, more, choose }: ShownProps) {
  const t = useNodeWords();
  const { remove } = useActions();
  const [dialog, setDialog] = useState<"edit" | "link">();
  const links = useLinks(node);
  const text = withoutTitle(node.content, node.title);
  const Heading = level === 1 ? "h1" : "h2";
  const close = () => setDialog(undefined);
  return (
    <article className={level === 1 ? "node node-wide" : "node"}>
      <header className="node-head">
        <div className="row wrap muted">
          <TypeMark type={node.type} />
          <span>{t[node.type]}</span>
          <Status status={node.status} />
          <span className="badge">{node.graph}</span>
        </div>
        <Heading dir="auto" className="node-title">
          {node.title}
        </Heading>
        <div className="row wrap">
          {place.asOf ? (
            <span className="muted">{t.asOfNote}</span>
          ) : (
            <>
              <Button kind={level === 1 ? "primary" : "normal"} onPress={() => setDialog("edit")}>
                {t.edit}
              </Button>
              <Button onPress={() => setDialog("link")}>{t.link}</Button>
              <Button kind="danger" onPress={() => void remove(node)}>
                {t.remove}
              </Button>
            </>
          )}
          {more?.(node)}
        </div>
      </header>
      <section className="node-text" aria-label={t.text}>
        {text.trim() ? <Markdown text={text} links={links} /> : <Empty title={t.noText} />}
      </section>
      <aside className="node-side" aria-label={t.facts}>
        <Facts node={node} />
        <Relations node={node} fixed={place.asOf !== undefined} choose={choose} />
        <History node={node} fixed={place.asOf !== undefined} />
      </aside>
      {dialog === "edit" && <EditDialog node={node} close={close} />}
      {dialog === "link" && <LinkDialog node={node} close={close} />}
    </article>
  );
}

/** Addresses of the nodes that it is joined to, by title and alias: where its wiki links lead. */
function useLinks(node: Details): Links {
  return useMemo(() => {
    const links = new Map<string, string>();
    for (const { node: other } of node.links) {
      for (const name of [other.title, ...other.aliases]) links.set(name.toLowerCase(), addressOf(other));
    }
    return links;
  }, [node.links]);
}
