import type { Colours } from "./export";
import { type Plate, type Plates, type Spot, wrapped } from "./labels";
import type { Circle } from "./levels";
import type { Position } from "./slice";

/** What sigma tells of a node or circle whose title is drawn. */
export interface Titled {
  readonly key?: string;
  readonly label: string | null;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly forceLabel?: boolean;
  readonly circle?: Circle;
}

export function ring(context: CanvasRenderingContext2D, at: Titled, radius: number, colour: string): void {
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
}

/** How wide a title is; the font is set. */
export function widthOf(context: CanvasRenderingContext2D, label: string, strong: boolean): number {
  context.font = `${strong ? 600 : 500} 12px "Inter Variable", sans-serif`;
  return context.measureText(label).width;
}

/**
 * A title on a plate, so that it is legible over relations; where there is no room, it is left out. A `strong` one has
 * its place before.
 */
export function drawTitle(
  context: CanvasRenderingContext2D,
  data: Titled,
  plates: Plates,
  colours: Colours,
  strong?: Plate,
) {
  const { background, text, edge } = colours;
  if (strong) ring(context, data, data.size * 1.15 + 3, text);
  if (!data.label) return;
  const width = widthOf(context, data.label, strong !== undefined);
  const plate = strong ?? plates.beside(data, width, data.forceLabel ?? false, false);
  if (!plate) return;
  context.globalAlpha = strong ? 1 : 0.82;
  context.fillStyle = background;
  context.beginPath();
  context.roundRect(plate[0], plate[1], width + 6, 18, 4);
  context.fill();
  context.globalAlpha = 1;
  if (strong) {
    context.lineWidth = 1;
    context.strokeStyle = edge;
    context.stroke();
  }
  context.fillStyle = text;
  context.fillText(data.label, plate[0] + 3, plate[1] + 13);
}

/** The name of a relation on its line, level, where there is room. */
export function drawRelation(
  context: CanvasRenderingContext2D,
  label: string,
  from: Position,
  to: Position,
  plates: Plates,
  { background, text }: Colours,
): void {
  context.font = RELATION;
  const width = context.measureText(label).width + 4;
  const at = (part: number) => ({ x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y) });
  const plate = plates.along(at, width, LINE);
  if (!plate) return;
  context.fillStyle = background;
  context.globalAlpha = 0.85;
  context.fillRect(plate[0], plate[1], width, LINE);
  context.globalAlpha = 1;
  context.fillStyle = text;
  context.fillText(label, plate[0] + 2, plate[1] + 11);
}

/** The title of a community and its size, in the middle of its circle. */
export interface Name {
  readonly lines: readonly string[];
  readonly plate: Plate;
}

const LINE = 14;
const SIGNS = 17;
/** Circles smaller than that have no name, and those smaller than twice that no number. */
const NAMED = 11;

/** The name of a circle at a place of the view, where there is room; that of one of the `first` may go far beyond it. */
export function nameOf(
  context: CanvasRenderingContext2D,
  circle: Circle,
  at: Spot,
  plates: Plates,
  first: boolean,
): Name | undefined {
  if (at.size < NAMED) return undefined;
  const count = circle.members.length.toLocaleString(document.documentElement.lang);
  const title = circle.title ? wrapped(circle.title, SIGNS) : [];
  const lines = title.length && at.size < 2 * NAMED ? title : [...title, count];
  context.font = FONT;
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  const room = first ? Number.POSITIVE_INFINITY : 5 * at.size;
  const plate = width <= room ? plates.around(at, width, LINE * lines.length) : undefined;
  return plate && { lines, plate };
}

/** Writes the name of a circle. */
export function drawName(
  context: CanvasRenderingContext2D,
  { lines, plate }: Name,
  { background, text }: Colours,
): void {
  context.textAlign = "center";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = background;
  context.fillStyle = text;
  context.font = FONT;
  const middle = (plate[0] + plate[2]) / 2;
  lines.forEach((line, i) => {
    const y = plate[1] + 11 + LINE * i;
    context.globalAlpha = 0.8;
    context.strokeText(line, middle, y);
    context.globalAlpha = 1;
    context.fillText(line, middle, y);
  });
  context.textAlign = "left";
}

const RELATION = '11px "Inter Variable", sans-serif';
const FONT = '560 11.5px "Inter Variable", sans-serif';
