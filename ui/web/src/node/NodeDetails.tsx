import { type ReactNode, useMemo, useState } from "react";
import { Button } from "../design/components/Button";
import type { Links } from "../design/components/html";
import { Markdown } from "../design/components/Markdown";
import { Empty, Failed, Loading } from "../design/components/States";
import { Status } from "../design/components/Status";
import { TypeMark } from "../design/components/TypeMark";
import { useActions } from "./actions";
import { type Details, type Place, RELATIONS, useDetails } from "./documents";
import { EditDialog } from "./EditDialog";
import { Facts } from "./Facts";
import { History } from "./History";
import { LinkDialog } from "./LinkDialog";
import { Missing } from "./Missing";
import { addressOf, withoutTitle } from "./model";
import { type Choose, Relations } from "./Relations";
import { SecretUses } from "./SecretUses";
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

type Dialog = "edit" | "link";

/** A node with its text, facts, relations, origin and history, and what can be done with it. */
export function NodeDetails(props: Props) {
  const { place } = props;
  const [relations, setRelations] = useState(RELATIONS);
  const { node, error, ask } = useDetails(place, relations);
  const [dialog, setDialog] = useState<{ readonly kind: Dialog; readonly node: Details }>();
  const close = () => setDialog(undefined);
  return (
    <>
      {node && (
        <Shown {...props} node={node} show={(kind) => setDialog({ kind, node })} relate={() => setRelations(MOST)} />
      )}
      {node === null && !error && <Missing place={place} level={props.level} />}
      {!node && (node === undefined || error) && (error ? <Failed error={error} retry={ask} /> : <Loading lines={8} />)}
      {dialog?.kind === "edit" && <EditDialog node={dialog.node} close={close} />}
      {dialog?.kind === "link" && <LinkDialog node={dialog.node} close={close} />}
    </>
  );
}

interface ShownProps extends Props {
  readonly node: Details;
  /** Opens a dialog, which stays when others change the node, or delete it. */
  readonly show: (dialog: Dialog) => void;
  /** Loads all its relations. */
  readonly relate: () => void;
}

const MOST = 1_000;

function Shown({ node, place, level, more, choose, show, relate }: ShownProps) {
  const t = useNodeWords();
  const { remove } = useActions();
  const links = useLinks(node);
  const text = withoutTitle(node.content, node.title);
  const Heading = level === 1 ? "h1" : "h2";
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
              <Button kind={level === 1 ? "primary" : "normal"} onPress={() => show("edit")}>
                {t.edit}
              </Button>
              <Button onPress={() => show("link")}>{t.link}</Button>
              <Button kind="danger" onPress={() => void remove(node)}>
                {t.remove}
              </Button>
            </>
          )}
          {more?.(node)}
        </div>
      </header>
      <section className="node-text" aria-label={t.text}>
        {text.trim() ? <Markdown text={text} links={links} name={`${node.id}.md`} /> : <Empty title={t.noText} />}
      </section>
      <aside className="node-side" aria-label={t.facts}>
        <Facts node={node} />
        <Relations node={node} fixed={place.asOf !== undefined} choose={choose} more={relate} />
        <SecretUses node={node} fixed={place.asOf !== undefined} />
        <History key={`${node.graph}/${node.id}`} node={node} fixed={place.asOf !== undefined} />
      </aside>
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
