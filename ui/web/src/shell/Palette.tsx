import { useNavigate } from "@tanstack/react-router";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import type { NodeType } from "../api/gql/graphql";
import { Dialog } from "../design/components/Dialog";
import { TypeMark } from "../design/components/TypeMark";
import { usePlace } from "./graph";
import { Icon } from "./Icon";
import { PAGES, VAULT_TABS } from "./pages";
import { useShellWords } from "./words";

const FIND = graphql(`
  query PaletteSearch($query: String!, $graph: String) {
    search(query: $query, graph: $graph, first: 8) {
      node {
        id
        graph
        title
        type
      }
    }
  }
`);

export interface Command {
  readonly name: string;
  readonly icon: string;
  readonly run: () => void;
}

interface Item {
  readonly key: string;
  readonly group: string;
  readonly name: string;
  readonly icon?: string;
  readonly type?: NodeType;
  readonly detail?: string;
  readonly run: () => void;
}

const WAIT_MS = 120;

/** Finds pages, commands and nodes by what somebody types: arrows choose, Enter goes. */
export function Palette({ open, close, commands }: { open: boolean; close: () => void; commands: readonly Command[] }) {
  const t = useShellWords();
  return (
    <Dialog open={open} onClose={close} label={t.palette}>
      <Finder close={close} commands={commands} />
    </Dialog>
  );
}

function Finder({ close, commands }: { close: () => void; commands: readonly Command[] }) {
  const t = useShellWords();
  const navigate = useNavigate();
  const { graph } = usePlace();
  const [text, setText] = useState("");
  const [asked, setAsked] = useState("");
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const timer = setTimeout(() => setAsked(text.trim()), WAIT_MS);
    return () => clearTimeout(timer);
  }, [text]);
  const searched = /[\p{L}\p{N}]/u.test(asked);
  const [{ data }] = useQuery({
    query: FIND,
    variables: { query: `${asked} ${asked.split(/\s+/).at(-1)}*`, graph: graph ?? null },
    pause: !searched,
  });
  const items = useMemo((): readonly Item[] => {
    const wanted = text.trim().toLowerCase();
    const matches = (name: string) => name.toLowerCase().includes(wanted);
    const tabs = VAULT_TABS.slice(1).map((tab) => ({ ...tab, title: t.vaultTab(t[tab.name]) }));
    const pages = [...PAGES.map((page) => ({ ...page, title: t[page.name] })), ...tabs]
      .filter(({ title }) => matches(title))
      .map(({ path, title, icon }) => ({
        key: path,
        group: t.pages,
        name: title,
        icon,
        run: () => void navigate({ to: path, search: graph ? { graph } : {} } as never),
      }));
    const more = commands
      .filter((command) => matches(command.name))
      .map((command) => ({ key: command.name, group: t.commands, ...command }));
    const named = ({ node }: { node: { title: string } }) => Number(node.title.toLowerCase() === wanted);
    const hits = searched && wanted ? (data?.search ?? []) : [];
    const found = hits
      .toSorted((one, other) => named(other) - named(one))
      .map(({ node }) => ({
        key: `${node.graph}/${node.id}`,
        group: t.nodes,
        name: node.title,
        type: node.type,
        detail: node.graph,
        run: () => void navigate({ to: "/node/$graph/$id", params: { graph: node.graph, id: node.id } } as never),
      }));
    return [...found, ...pages, ...more];
  }, [text, data, t, navigate, commands, graph, searched]);
  const place = Math.min(chosen, Math.max(0, items.length - 1));
  useEffect(() => {
    list.current?.querySelector(`[data-place="${place}"]`)?.scrollIntoView({ block: "nearest" });
  }, [place]);
  const run = (item: Item | undefined) => {
    if (!item) return;
    close();
    item.run();
  };
  const keys = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) {
      event.preventDefault();
      setChosen((place + step + items.length) % Math.max(1, items.length));
    } else if (event.key === "Enter") {
      event.preventDefault();
      run(items[place]);
    }
  };
  return (
    <>
      <input
        className="palette-input"
        // biome-ignore lint/a11y/noAutofocus: the dialog was opened to write here
        autoFocus
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-list"
        aria-activedescendant={items.length ? `palette-${place}` : undefined}
        aria-label={t.paletteHint}
        placeholder={t.paletteHint}
        value={text}
        onChange={(event) => {
          setText(event.target.value);
          setChosen(0);
        }}
        onKeyDown={keys}
      />
      <div className="palette-list" id="palette-list" role="listbox" aria-label={t.palette} tabIndex={-1} ref={list}>
        {items.map((item, index) => (
          <div key={item.key}>
            {items[index - 1]?.group !== item.group && (
              <div className="palette-group" role="presentation">
                {item.group}
              </div>
            )}
            <div
              id={`palette-${index}`}
              data-place={index}
              className="option"
              role="option"
              tabIndex={-1}
              aria-selected={index === place}
              {...(index === place ? { "data-focused": true } : {})}
              onClick={() => run(item)}
              onKeyDown={keys}
            >
              {item.type ? <TypeMark type={item.type} /> : <Icon path={item.icon ?? ""} />}
              <span className="truncate">{item.name}</span>
              {item.detail && (
                <span className="muted" style={{ marginLeft: "auto" }}>
                  {item.detail}
                </span>
              )}
            </div>
          </div>
        ))}
      </div>
      {items.length === 0 && (
        <p className="muted" style={{ padding: 16 }} role="status">
          {t.nothingFound}
        </p>
      )}
    </>
  );
}
