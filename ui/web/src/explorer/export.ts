import { type Positions, sizeOf } from "./layout";
import { boxOf } from "./levels";
import type { Slice, SliceNode } from "./slice";

export type Format = "png" | "svg" | "json" | "cypher";

/** The colours of a picture. */
export interface Colours {
  readonly background: string;
  readonly text: string;
  readonly edge: string;
  readonly types: Readonly<Record<SliceNode["type"], string>>;
}

/** A colour of six digits, moved towards another by a part. */
export function mixed(colour: string, towards: string, part: number): string {
  const channel = (hex: string, at: number) => Number.parseInt(hex.slice(at, at + 2), 16);
  const sum = [1, 3, 5].map((at) => Math.round(channel(colour, at) * (1 - part) + channel(towards, at) * part));
  return `#${sum.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

const LABEL_CHARS = 40;

/** A title for a label: one line, not too long, never through the middle of a sign. */
export function labelOf(title: string, most = LABEL_CHARS): string {
  const signs = [...title.slice(0, 4 * most).replace(/\s+/g, " ")];
  return signs.length > most ? `${signs.slice(0, most - 1).join("")}…` : signs.join("");
}

/** Nodes and relations as one JSON document. */
export function json(slice: Slice, positions: Positions): string {
  const nodes = slice.nodes.map(({ key, position: _, degree: __, community: ___, ...node }) => ({
    ...node,
    ...positions.get(key),
  }));
  const end = (place: number) => ({ graph: slice.nodes[place]?.graph, id: slice.nodes[place]?.id });
  const relations = slice.edges.map(({ source, target, type }) => ({ type, source: end(source), target: end(target) }));
  return `${JSON.stringify({ nodes, relations }, null, 2)}\n`;
}

const quoted = (text: string) =>
  `'${text
    .replace(/[\\']/g, "\\$&")
    .replace(/\n/g, "\\n")
    .replace(/\r/g, "\\r")
    .replace(/\u2028|\u2029/g, " ")}'`;

/** Statements that make the nodes and relations in any database that speaks Cypher; run again, they change nothing. */
export function cypher(slice: Slice): string {
  const label = (node: SliceNode) => node.type[0] + node.type.slice(1).toLowerCase();
  const pattern = (node: SliceNode | undefined, name: string) =>
    node ? `(${name}:${label(node)} {graph: ${quoted(node.graph)}, id: ${quoted(node.id)}})` : `(${name})`;
  const nodes = slice.nodes.map((node) => {
    const status = node.status === null ? "null" : quoted(node.status);
    const tags = `[${node.tags.map(quoted).join(", ")}]`;
    return `MERGE ${pattern(node, "n")} SET n.title = ${quoted(node.title)}, n.status = ${status}, n.tags = ${tags};`;
  });
  const relations = slice.edges.map(
    ({ source, target, type }) =>
      `MATCH ${pattern(slice.nodes[source], "a")} MATCH ${pattern(slice.nodes[target], "b")} MERGE (a)-[:${type}]->(b);`,
  );
  return `${[...nodes, ...relations].join("\n")}\n`;
}

const escaped = (text: string) =>
  text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign] ?? sign);

/** The outline of a type's shape around a point; the picture and the legend draw the same. */
export function outline(type: SliceNode["type"], x: number, y: number, r: number): string {
  const corners = { NOTE: 0, GUIDELINE: 4, DECISION: 4, PATTERN: 6, JOURNAL: 3, EXECUTION: 5 }[type];
  if (corners === 0) return `M${x - r} ${y}a${r} ${r} 0 1 0 ${2 * r} 0a${r} ${r} 0 1 0 ${-2 * r} 0z`;
  const turn = type === "GUIDELINE" ? Math.PI / 4 : 0;
  const points = Array.from({ length: corners }, (_, i) => {
    const angle = turn - Math.PI / 2 + (2 * Math.PI * i) / corners;
    return `${(x + 1.12 * r * Math.cos(angle)).toFixed(1)} ${(y + 1.12 * r * Math.sin(angle)).toFixed(1)}`;
  });
  return `M${points.join("L")}z`;
}

/** The whole picture with every title, as SVG. */
export function svg(slice: Slice, positions: Positions, colours: Colours): string {
  const at = slice.nodes.map((node) => positions.get(node.key) ?? { x: 0, y: 0 });
  const [xs, ys] = [at.map(({ x }) => x), at.map(({ y }) => -y)];
  const box = boxOf(xs, ys);
  const [left, top] = [box.x[0] - 40, box.y[0] - 40];
  const [width, height] = [box.x[1] - left + 240, box.y[1] - top + 40];
  const point = (place: number) => [xs[place]?.toFixed(1) ?? "0", ys[place]?.toFixed(1) ?? "0"] as const;
  const lines = slice.edges.map(({ source, target, type }) => {
    const [[x1, y1], [x2, y2]] = [point(source), point(target)];
    return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}"><title>${type}</title></line>`;
  });
  const nodes = slice.nodes.map((node, place) => {
    const [x, y] = [xs[place] ?? 0, ys[place] ?? 0];
    const r = sizeOf(node.degree);
    const path = `<path d="${outline(node.type, x, y, r)}" fill="${colours.types[node.type]}"/>`;
    const label = escaped(labelOf(node.title));
    return `<g>${path}<text x="${(x + r + 4).toFixed(1)}" y="${(y + 4).toFixed(1)}">${label}</text></g>`;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${[left, top, width, height].map(Math.round).join(" ")}">`,
    `<rect x="${left}" y="${top}" width="${width}" height="${height}" fill="${colours.background}"/>`,
    `<g stroke="${colours.edge}">${lines.join("")}</g>`,
    `<g font-family="sans-serif" font-size="11" fill="${colours.text}">${nodes.join("")}</g>`,
    "</svg>\n",
  ].join("\n");
}
