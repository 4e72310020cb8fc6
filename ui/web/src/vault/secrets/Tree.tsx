import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { useFolders } from "./folders";
import { foldersOf, ROOT, type Row, rowsOf, stepOf, typedTo } from "./tree";
import { useSecretsWords } from "./words";

interface Props {
  readonly mount: string;
  /** What is chosen: a secret's path or a folder's. */
  readonly path: string;
  readonly choose: (path: string) => void;
  /** Grows when something was written: what shows is loaded anew. */
  readonly written: number;
}

/** Letters typed within this time are one word. */
const WORD_MS = 1_000;

/** The names of a mount as a tree; a folder is loaded when it opens. Arrows, Home, End and letters walk it. */
export function Tree({ mount, path, choose, written }: Props) {
  const t = useSecretsWords();
  const help = useId();
  const list = useRef<HTMLDivElement>(null);
  const typed = useRef({ text: "", at: 0 });
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(foldersOf(path)));
  const [focused, setFocused] = useState<string>();
  const { folders, load } = useFolders(mount, open);
  const rows = useMemo(() => rowsOf(folders, open), [folders, open]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when something was written
  useEffect(() => {
    if (written) for (const folder of open) load(folder);
  }, [written]);
  useEffect(() => setOpen((before) => new Set([...before, ...foldersOf(path)])), [path]);
  const keyed = rows.findIndex((row) => row.key === (focused ?? path));
  const at = Math.max(0, keyed);
  const go = (index: number) => {
    const row = rows[index];
    if (!row) return;
    setFocused(row.key);
    list.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus();
  };
  const toggle = ({ path: folder }: Row, on: boolean) => {
    const next = new Set(open);
    if (on) next.add(folder);
    else next.delete(folder);
    setOpen(next);
  };
  const press = (row: Row) => {
    setFocused(row.key);
    if (row.kind === "more") load(row.path, true);
    else if (row.kind === "problem") load(row.path);
    else if (row.open !== undefined) toggle(row, !row.open);
    if (row.kind === "entry") choose(row.path);
  };
  const type = (event: KeyboardEvent) => {
    const recent = event.timeStamp - typed.current.at < WORD_MS;
    typed.current = { text: recent ? typed.current.text + event.key : event.key, at: event.timeStamp };
    const to = typedTo(rows, at, typed.current.text);
    if (to !== undefined) go(to);
  };
  const keys = (event: KeyboardEvent) => {
    const row = rows[at];
    if (!row || event.ctrlKey || event.metaKey || event.altKey) return;
    const step = stepOf(rows, at, event.key);
    if (!step && event.key.length !== 1) return;
    event.preventDefault();
    event.stopPropagation();
    if (!step) type(event);
    else if ("to" in step) go(step.to);
    else if ("toggle" in step) toggle(row, step.toggle);
    else press(row);
  };
  const root = folders.get(ROOT);
  if (root?.problem && root.entries.length === 0)
    return (
      <Empty title={t.noList}>
        <span>{root.problem}</span>
        <span>{t.noListText}</span>
        <Button onPress={() => load(ROOT)}>{t.again}</Button>
      </Empty>
    );
  return (
    <div className="card secrets-tree" ref={list}>
      <p id={help} className="visually-hidden">
        {t.treeHelp}
      </p>
      <div role="tree" aria-label={t.tree(mount)} aria-describedby={help} onKeyDown={keys} tabIndex={-1}>
        {rows.map((row, index) => (
          <Line
            key={row.key}
            row={row}
            index={index}
            tabbed={index === at}
            selected={row.kind === "entry" && row.path === path}
            press={() => press(row)}
          />
        ))}
      </div>
    </div>
  );
}

interface LineProps {
  readonly row: Row;
  readonly index: number;
  readonly tabbed: boolean;
  readonly selected: boolean;
  readonly press: () => void;
}

function Line({ row, index, tabbed, selected, press }: LineProps) {
  const t = useSecretsWords();
  const { kind, open, level } = row;
  const said = { entry: row.text, more: t.more, loading: t.loading, problem: row.text, empty: t.empty };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      role="treeitem"
      data-row={index}
      className={`secrets-line ${kind} ${selected ? "selected" : ""}`}
      style={{ paddingLeft: 8 + 18 * Math.min(10, level - 1) }}
      tabIndex={tabbed ? 0 : -1}
      aria-level={level}
      aria-posinset={row.place}
      aria-setsize={row.size}
      aria-selected={selected}
      {...(open === undefined ? {} : { "aria-expanded": open })}
      onClick={press}
    >
      <span className="secrets-twist" aria-hidden="true">
        {open === undefined ? "" : open ? "▾" : "▸"}
      </span>
      <span className="truncate" dir="auto">
        {said[kind]}
      </span>
    </div>
  );
}
