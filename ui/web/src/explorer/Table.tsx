import { type KeyboardEvent, useMemo, useState } from "react";
import { Status } from "../design/components/Status";
import { useDates } from "../i18n";
import { useNodeWords } from "../node/words";
import { Shape } from "./Shape";
import type { Marks } from "./scene";
import type { Slice, SliceNode } from "./slice";
import { useRows } from "./window";
import { useExplorerWords } from "./words";

interface Props {
  readonly slice: Slice;
  readonly marks: Marks;
  readonly select: (key: string) => void;
}

type Column = "title" | "type" | "status" | "degree" | "updated";
interface Order {
  readonly by: Column;
  readonly down: boolean;
}

/** The slice as a table; what was found comes alone. The arrow keys go from row to row. */
export function Table({ slice, marks, select }: Props) {
  const t = useExplorerWords();
  const [order, setOrder] = useState<Order>({ by: "degree", down: true });
  const nodes = useMemo(() => sorted(slice.nodes, order, marks.hits), [slice, order, marks.hits]);
  const rows = useRows(nodes.length);
  const focus = (index: number) => {
    rows.reveal(index);
    requestAnimationFrame(() => rows.ref.current?.querySelector<HTMLElement>(`[data-row="${index}"]`)?.focus());
  };
  const keys = (event: KeyboardEvent) => {
    const index = Number((event.target as HTMLElement).dataset["row"] ?? Number.NaN);
    const next = { ArrowDown: index + 1, ArrowUp: index - 1, Home: 0, End: nodes.length - 1 }[event.key];
    if (Number.isNaN(index) || next === undefined) return;
    event.preventDefault();
    if (next >= 0 && next < nodes.length) focus(next);
  };
  const head = (by: Column, name: string) => (
    <th scope="col" aria-sort={order.by === by ? (order.down ? "descending" : "ascending") : "none"}>
      <button
        type="button"
        className="explorer-sort"
        onClick={() => setOrder({ by, down: order.by === by && !order.down })}
      >
        {name}
        <span aria-hidden="true">{order.by === by ? (order.down ? " ↓" : " ↑") : ""}</span>
      </button>
    </th>
  );
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the arrows of the buttons in it
    <div ref={rows.ref} className="explorer-list" onKeyDown={keys}>
      <table className="data-table" aria-rowcount={nodes.length + 1} aria-label={t.table}>
        <thead>
          <tr aria-rowindex={1}>
            {head("title", t.nodeTitle)}
            {head("type", t.type)}
            {head("status", t.status)}
            <th scope="col" className="explorer-wide">
              {t.tags}
            </th>
            {head("degree", t.degree)}
            {head("updated", t.changed)}
          </tr>
        </thead>
        <tbody>
          {rows.first > 0 && <Gap height={rows.first * rows.row} />}
          {nodes.slice(rows.first, rows.last).map((node, place) => (
            <Row
              key={node.key}
              node={node}
              index={rows.first + place}
              selected={node.key === marks.selected}
              select={select}
            />
          ))}
          {rows.last < nodes.length && <Gap height={(nodes.length - rows.last) * rows.row} />}
        </tbody>
      </table>
    </div>
  );
}

/** The height of rows that are not drawn. */
const Gap = ({ height }: { height: number }) => (
  <tr>
    <td colSpan={6} style={{ height, padding: 0, border: 0 }} />
  </tr>
);

interface RowProps {
  readonly node: SliceNode;
  readonly index: number;
  readonly selected: boolean;
  readonly select: (key: string) => void;
}

function Row({ node, index, selected, select }: RowProps) {
  const names = useNodeWords();
  const dates = useDates();
  return (
    <tr aria-rowindex={index + 2} className={selected ? "explorer-selected" : ""}>
      <th scope="row">
        <button
          type="button"
          data-row={index}
          className="explorer-title"
          aria-current={selected}
          onClick={() => select(node.key)}
          dir="auto"
        >
          <Shape type={node.type} />
          <span className="truncate">{node.title.slice(0, 300)}</span>
        </button>
      </th>
      <td>{names[node.type]}</td>
      <td>
        <Status status={node.status} />
      </td>
      <td className="explorer-wide">
        <span className="explorer-tags truncate">{node.tags.map((tag) => `#${tag}`).join(" ")}</span>
      </td>
      <td className="number">{node.degree}</td>
      <td className="explorer-when">
        <time dateTime={node.updated} title={dates.moment(node.updated)}>
          {dates.ago(node.updated)}
        </time>
      </td>
    </tr>
  );
}

const words = new Intl.Collator();

/** The nodes in an order; of equal ones the title decides. */
export function sorted(
  nodes: readonly SliceNode[],
  { by, down }: Order,
  only: ReadonlySet<string> | undefined,
): readonly SliceNode[] {
  const value = (node: SliceNode) => node[by] ?? "";
  const compare = (a: SliceNode, b: SliceNode) => {
    const [x, y] = [value(a), value(b)];
    const order = typeof x === "number" && typeof y === "number" ? x - y : words.compare(String(x), String(y));
    return (down ? -order : order) || words.compare(a.title, b.title) || (a.key < b.key ? -1 : 1);
  };
  return nodes.filter((node) => !only || only.has(node.key)).sort(compare);
}
