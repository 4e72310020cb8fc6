import type { Next, Slice, SliceNode } from "./slice";

/** A row of the tree: a node, and how it is joined to the one above it. */
export interface Row {
  /** Keys from the root to the node, which names the row. */
  readonly path: string;
  readonly parent: string | undefined;
  readonly node: SliceNode;
  readonly by: Next | undefined;
  readonly level: number;
  readonly place: number;
  readonly size: number;
  /** Undefined: there is nothing under it. */
  readonly open: boolean | undefined;
}

const SEPARATOR = "\u0000";

/** The rows of a tree whose roots are these nodes, with the neighbours of what is open. No node stands under itself. */
export function rowsOf(
  slice: Slice,
  neighbours: ReadonlyMap<string, readonly Next[]>,
  roots: readonly SliceNode[],
  open: ReadonlySet<string>,
): Row[] {
  const rows: Row[] = [];
  const add = (level: readonly { node: SliceNode; by: Next | undefined }[], above: readonly string[]) => {
    level.forEach(({ node, by }, index) => {
      const keys = [...above, node.key];
      const path = keys.join(SEPARATOR);
      const under = (neighbours.get(node.key) ?? []).flatMap((next) => {
        const place = slice.places.get(next.key);
        const other = place === undefined ? undefined : slice.nodes[place];
        return other && !keys.includes(next.key) ? [{ node: other, by: next }] : [];
      });
      const shown = open.has(path);
      rows.push({
        path: `${path}${by ? `${SEPARATOR}${by.type}${by.inwards}` : ""}`,
        parent: above.length ? above.join(SEPARATOR) : undefined,
        node,
        by,
        level: keys.length,
        place: index + 1,
        size: level.length,
        open: under.length ? shown : undefined,
      });
      if (shown && under.length) add(under, keys);
    });
  };
  add(
    roots.map((node) => ({ node, by: undefined })),
    [],
  );
  return rows;
}

/** The name by which a row is opened and closed. */
export const nameOfRow = (row: Row) => (row.by ? row.path.slice(0, row.path.lastIndexOf(SEPARATOR)) : row.path);
