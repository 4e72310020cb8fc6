import { type KeyboardEvent, useEffect, useId, useMemo, useState } from "react";
import { Status } from "../design/components/Status";
import { useNodeWords } from "../node/words";
import { Shape } from "./Shape";
import type { Marks } from "./scene";
import { neighboursOf, type Slice } from "./slice";
import { sorted } from "./Table";
import { nameOfRow, type Row, rowsOf } from "./tree";
import { useRows } from "./window";
import { useExplorerWords } from "./words";

interface Props {
  readonly slice: Slice;
  readonly marks: Marks;
  /** The node at the top; without it, all are. */
  readonly root: string | undefined;
  readonly select: (key: string) => void;
}

/** Nodes with their neighbours under them, as far as somebody opens them. */
export function Tree({ slice, marks, root, select }: Props) {
  const t = useExplorerWords();
  const help = useId();
  const [open, setOpen] = useState<ReadonlySet<string>>(() => new Set(root ? [root] : []));
  const [focused, setFocused] = useState<string>();
  const neighbours = useMemo(() => neighboursOf(slice), [slice]);
  const rows = useMemo(() => {
    const all = sorted(slice.nodes, { by: "degree", down: true }, marks.hits);
    const roots = root && slice.places.has(root) ? all.filter((node) => node.key === root) : all;
    return rowsOf(slice, neighbours, roots, open);
  }, [slice, neighbours, open, root, marks.hits]);
  const shown = useRows(rows.length);
  const at = Math.max(
    0,
    rows.findIndex((row) => row.path === focused),
  );
  const [moved, setMoved] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the focus follows when a key was pressed
  useEffect(() => {
    if (moved) shown.ref.current?.querySelector<HTMLElement>(`[data-row="${at}"]`)?.focus();
  }, [moved]);
  const go = (index: number) => {
    const row = rows[Math.min(rows.length - 1, Math.max(0, index))];
    if (!row) return;
    shown.reveal(rows.indexOf(row));
    setFocused(row.path);
    requestAnimationFrame(() => setMoved((count) => count + 1));
  };
  const toggle = (row: Row, on: boolean) => {
    const next = new Set(open);
    if (on) next.add(nameOfRow(row));
    else next.delete(nameOfRow(row));
    setOpen(next);
  };
  const keys = (event: KeyboardEvent) => {
    const row = rows[at];
    if (!row) return;
    const acts = new Map<string, () => void>([
      ["ArrowDown", () => go(at + 1)],
      ["ArrowUp", () => go(at - 1)],
      ["Home", () => go(0)],
      ["End", () => go(rows.length - 1)],
      ["ArrowRight", () => (row.open === false ? toggle(row, true) : row.open && go(at + 1))],
      ["ArrowLeft", () => (row.open ? toggle(row, false) : go(above(rows, at)))],
      ["Enter", () => select(row.node.key)],
      [" ", () => select(row.node.key)],
    ]);
    const act = acts.get(event.key);
    if (!act) return;
    event.preventDefault();
    act();
  };
  return (
    <div ref={shown.ref} className="explorer-list">
      <p id={help} className="visually-hidden">
        {t.treeHelp}
      </p>
      <div role="tree" aria-label={t.roots} aria-describedby={help} onKeyDown={keys} tabIndex={-1}>
        <div style={{ height: shown.first * shown.row }} />
        {rows.slice(shown.first, shown.last).map((row, place) => (
          <Line
            key={row.path}
            row={row}
            index={shown.first + place}
            tabbed={shown.first + place === at}
            selected={row.node.key === marks.selected}
            press={() => {
              setFocused(row.path);
              select(row.node.key);
            }}
            toggle={() => toggle(row, !row.open)}
          />
        ))}
        <div style={{ height: (rows.length - shown.last) * shown.row }} />
      </div>
    </div>
  );
}

/** The row that a row is under. */
const above = (rows: readonly Row[], at: number) =>
  rows.findLastIndex((one, index) => index < at && one.level < (rows[at]?.level ?? 0));

interface LineProps {
  readonly row: Row;
  readonly index: number;
  readonly tabbed: boolean;
  readonly selected: boolean;
  readonly press: () => void;
  readonly toggle: () => void;
}

function Line({ row, index, tabbed, selected, press, toggle }: LineProps) {
  const names = useNodeWords();
  const { node, by } = row;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the tree has the keys
    <div
      role="treeitem"
      data-row={index}
      className={selected ? "explorer-line explorer-selected" : "explorer-line"}
      style={{ paddingLeft: 8 + 20 * Math.min(12, row.level - 1) }}
      tabIndex={tabbed ? 0 : -1}
      aria-level={row.level}
      aria-posinset={row.place}
      aria-setsize={row.size}
      aria-selected={selected}
      {...(row.open === undefined ? {} : { "aria-expanded": row.open })}
      onClick={press}
    >
      <span
        className="explorer-twist"
        aria-hidden="true"
        onClick={(event) => {
          event.stopPropagation();
          toggle();
        }}
      >
        {row.open === undefined ? "" : row.open ? "▾" : "▸"}
      </span>
      {by && <span className="muted explorer-by">{by.inwards ? names[`${by.type}_IN`] : names[by.type]}</span>}
      <Shape type={node.type} />
      <span className="truncate" dir="auto">
        {node.title.slice(0, 300)}
      </span>
      <Status status={node.status} />
    </div>
  );
}
