import { type KeyboardEvent, useEffect, useId, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../../api/gql";
import type { NodeType } from "../../api/gql/graphql";
import { useShellWords } from "../../shell/words";
import { TypeMark } from "./TypeMark";
import "./finder.css";

const FIND = graphql(`
  query NodeFinder($query: String!, $graph: String, $asOf: DateTime) {
    search(query: $query, graph: $graph, first: 10, asOf: $asOf) {
      node {
        id
        graph
        title
        type
      }
    }
  }
`);

const WAIT_MS = 120;

export interface Found {
  readonly id: string;
  readonly graph: string;
  readonly title: string;
  readonly type: NodeType;
}

interface Props {
  readonly label: string;
  readonly graph: string | undefined;
  readonly asOf?: string | undefined;
  readonly choose: (node: Found) => void;
  /** What is typed, as it is typed. */
  readonly onText?: (text: string) => void;
  /** What is written at first. */
  readonly initial?: string;
  /** The node that was chosen: its title shows until somebody types. */
  readonly chosen?: Found | undefined;
  /** A node that is not offered. */
  readonly except?: string;
  readonly showLabel?: boolean;
}

/** The words of a text as a search, the last one also as the beginning of a word: words are stemmed, beginnings not. */
function prefixQuery(text: string): string {
  const words = text.match(/[\p{L}\p{N}_]+/gu) ?? [];
  return words.length ? `${words.join(" ")} ${words.at(-1)}*` : "";
}

/** Finds nodes while somebody types: arrows choose, Enter takes. */
export function NodeFinder({ label, graph, asOf, choose, onText, initial, chosen, except, showLabel }: Props) {
  const t = useShellWords();
  const id = useId();
  const [own, setOwn] = useState(initial ?? "");
  const [open, setOpen] = useState(false);
  const [place, setPlace] = useState(0);
  const [asked, setAsked] = useState("");
  useEffect(() => {
    const timer = setTimeout(() => setAsked(prefixQuery(own)), WAIT_MS);
    return () => clearTimeout(timer);
  }, [own]);
  const variables = { query: asked, graph: graph ?? null, asOf: asOf ?? null };
  const [{ data, fetching }] = useQuery({ query: FIND, variables, pause: !asked || !open });
  const found = asked && open ? (data?.search ?? []).map((hit) => hit.node).filter((node) => node.id !== except) : [];
  const at = Math.min(place, Math.max(0, found.length - 1));
  const take = (node: Found | undefined) => {
    if (!node) return;
    setOpen(false);
    setOwn(onText ? own : node.title);
    choose(node);
  };
  const write = (value: string) => {
    setOwn(value);
    setOpen(true);
    setPlace(0);
    onText?.(value);
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setOpen(true);
      setPlace((at + step + found.length) % Math.max(1, found.length));
    } else if (event.key === "Enter" && open && found.length) {
      event.preventDefault();
      take(found[at]);
    } else if (event.key === "Escape" && open && found.length) {
      event.stopPropagation();
      setOpen(false);
    }
  };
  const shown = open && asked !== "";
  return (
    <div className="field finder">
      <label htmlFor={id} className={showLabel ? "" : "visually-hidden"}>
        {label}
      </label>
      <input
        id={id}
        className="input"
        type="text"
        autoComplete="off"
        role="combobox"
        aria-expanded={shown}
        aria-controls={`${id}-list`}
        aria-activedescendant={shown && found.length ? `${id}-${at}` : undefined}
        placeholder={label}
        dir="auto"
        value={chosen && !open ? chosen.title : own}
        onChange={(event) => write(event.target.value)}
        onKeyDown={keys}
        onBlur={() => setOpen(false)}
      />
      {shown && (
        <div className="popover finder-list" id={`${id}-list`} role="listbox" aria-label={label}>
          {found.map((node, index) => (
            <div
              key={`${node.graph}/${node.id}`}
              id={`${id}-${index}`}
              className="option"
              role="option"
              tabIndex={-1}
              aria-selected={index === at}
              {...(index === at ? { "data-focused": true } : {})}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(node)}
              onKeyDown={keys}
            >
              <TypeMark type={node.type} />
              <span className="truncate" dir="auto">
                {node.title}
              </span>
              {!graph && <span className="muted finder-graph">{node.graph}</span>}
            </div>
          ))}
          {found.length === 0 && (
            <div className="option muted" role="option" aria-selected="false" aria-disabled="true" tabIndex={-1}>
              {fetching ? t.loading : t.nothingFound}
            </div>
          )}
        </div>
      )}
    </div>
  );
}
