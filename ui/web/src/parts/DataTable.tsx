// biome-ignore-all lint/a11y/useSemanticElements: rows are laid out as CSS grids, which are no table rows to browsers
// biome-ignore-all lint/a11y/useFocusableInteractive: the focus goes to rows and to what is in cells, not to cells

import { type KeyboardEvent, type ReactNode, useLayoutEffect, useMemo, useRef, useState } from "react";
import { type Direction, rowOf, type Sortable, sorted, windowOf } from "./window";
import "./parts.css";

export interface Column<T> {
  readonly id: string;
  readonly name: string;
  readonly cell: (row: T) => ReactNode;
  /** What it is sorted by; a column without it cannot be. */
  readonly value?: (row: T) => Sortable;
  /** A width of a CSS grid. */
  readonly width: string;
  readonly numeric?: boolean;
  /** Left out where there is little room. */
  readonly minor?: boolean;
}

interface Props<T> {
  readonly label: string;
  readonly columns: readonly Column<T>[];
  readonly rows: readonly T[];
  readonly rowKey: (row: T) => string;
  readonly sortedBy?: { readonly column: string; readonly direction: Direction };
  /** Height at the most, in CSS. */
  readonly height?: string;
}

const SHOWN = 600;

/**
 * A table of any length: only rows that show are drawn. Headings sort. Up, down, page keys, Home and End go from row to
 * row, left and right to what is in a row, Enter opens its first link.
 */
export function DataTable<T>({ label, columns, rows, rowKey, sortedBy, height = "calc(100dvh - 220px)" }: Props<T>) {
  const scroller = useRef<HTMLDivElement>(null);
  const [order, setOrder] = useState(sortedBy);
  const [at, setAt] = useState(0);
  const [view, setView] = useState({ top: 0, height: SHOWN, row: 32 });
  const ordered = useMemo(() => {
    const value = columns.find((column) => column.id === order?.column)?.value;
    return order && value ? sorted(rows, value, order.direction) : rows;
  }, [rows, columns, order]);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const measure = () => setView({ top: element.scrollTop, height: element.clientHeight, row: rowHeight(element) });
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  const here = Math.min(at, Math.max(0, ordered.length - 1));
  const shown = windowOf(view.top, view.height, view.row, ordered.length);
  const go = (next: number) => {
    const element = scroller.current;
    if (!element) return;
    setAt(next);
    const top = next * view.row;
    const room = element.clientHeight - view.row;
    if (top < element.scrollTop) element.scrollTop = top;
    else if (top + view.row > element.scrollTop + room) element.scrollTop = top + view.row - room;
    requestAnimationFrame(() => element.querySelector<HTMLElement>(`[aria-rowindex="${next + 2}"]`)?.focus());
  };
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const row = (event.target as HTMLElement).closest<HTMLElement>("[role=row]");
    const onRow = event.target === row;
    const next = rowOf(event.key, here, ordered.length, Math.max(1, Math.floor(view.height / view.row) - 2));
    const inside = [...(row?.querySelectorAll<HTMLElement>("a, button") ?? [])];
    if (next !== undefined) go(next);
    else if (event.key === "Enter" && onRow) inside[0]?.click();
    else if (event.key === "ArrowRight") inside[inside.indexOf(event.target as HTMLElement) + 1]?.focus();
    else if (event.key === "ArrowLeft" && !onRow)
      (inside[inside.indexOf(event.target as HTMLElement) - 1] ?? row)?.focus();
    else return;
    event.preventDefault();
  };
  const widths = {
    "--columns": columns.map((column) => column.width).join(" "),
    "--few-columns": columns
      .filter((column) => !column.minor)
      .map((column) => column.width)
      .join(" "),
  } as React.CSSProperties;
  const sort = (column: Column<T>) =>
    setOrder({
      column: column.id,
      direction: order?.column === column.id && order.direction === "ascending" ? "descending" : "ascending",
    });
  return (
    <div
      className="rows"
      role="grid"
      aria-label={label}
      aria-rowcount={ordered.length + 1}
      aria-colcount={columns.length}
      style={{ ...widths, maxHeight: height }}
      ref={scroller}
      onScroll={({ currentTarget }) => setView((before) => ({ ...before, top: currentTarget.scrollTop }))}
    >
      <div className="rows-row rows-head" role="row" aria-rowindex={1}>
        {columns.map((column) => (
          <div
            key={column.id}
            role="columnheader"
            className={cellClass(column)}
            aria-sort={order?.column === column.id ? order.direction : undefined}
          >
            {column.value ? (
              <button type="button" onClick={() => sort(column)}>
                {column.name}
                <span aria-hidden="true">
                  {order?.column === column.id ? (order.direction === "ascending" ? " ↑" : " ↓") : ""}
                </span>
              </button>
            ) : (
              column.name
            )}
          </div>
        ))}
      </div>
      <div role="presentation" style={{ height: shown.before }} />
      {ordered.slice(shown.first, shown.end).map((row, index) => {
        const place = shown.first + index;
        return (
          <div
            key={rowKey(row)}
            className="rows-row"
            role="row"
            aria-rowindex={place + 2}
            tabIndex={place === here ? 0 : -1}
            onFocus={() => setAt(place)}
            onKeyDown={keys}
          >
            {columns.map((column) => (
              <div key={column.id} role="gridcell" className={cellClass(column)}>
                {column.cell(row)}
              </div>
            ))}
          </div>
        );
      })}
      <div role="presentation" style={{ height: shown.after }} />
    </div>
  );
}

const cellClass = <T,>({ numeric, minor }: Column<T>): string =>
  `rows-cell${numeric ? " numeric" : ""}${minor ? " minor" : ""}`;

const rowHeight = (element: HTMLElement): number =>
  Number.parseFloat(getComputedStyle(element).getPropertyValue("--rows-row")) || 36;
