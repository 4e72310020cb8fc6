import { type Colours, labelOf } from "./export";
import type { Plates } from "./labels";
import type { Circle } from "./levels";

/** What sigma tells of a node or circle whose title is drawn. */
export interface Titled {
  readonly label: string | null;
  readonly x: number;
  readonly y: number;
  readonly size: number;
  readonly forceLabel?: boolean;
  readonly circle?: Circle;
}

function ring(context: CanvasRenderingContext2D, at: Titled, radius: number, colour: string): void {
  context.beginPath();
  context.arc(at.x, at.y, radius, 0, 2 * Math.PI);
  context.lineWidth = 2;
  context.strokeStyle = colour;
  context.stroke();
}

/** A title on a plate under the nodes, so that it is legible over relations; where there is no room, it is left out. */
export function drawTitle(
  context: CanvasRenderingContext2D,
  data: Titled,
  plates: Plates,
  colours: Colours,
  strong: boolean,
) {
  const { background, text, edge } = colours;
  if (strong) ring(context, data, data.size * 1.15 + 3, text);
  if (!data.label) return;
  context.font = `${strong ? 600 : 500} 12px "Inter Variable", sans-serif`;
  const width = context.measureText(data.label).width;
  const plate = plates.beside(data, width, strong || (data.forceLabel ?? false));
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

/** The title of a community and its size, in the middle of its circle. */
export function drawName(
  context: CanvasRenderingContext2D,
  data: Titled,
  plates: Plates,
  colours: Colours,
  strong: boolean,
) {
  const { circle } = data;
  if (!circle) return;
  const { background, text } = colours;
  if (strong) ring(context, data, data.size, text);
  const count = circle.members.length.toLocaleString(document.documentElement.lang);
  context.font = '600 12px "Inter Variable", sans-serif';
  const lines = circle.title ? [labelOf(circle.title, 28), count] : [count];
  const width = Math.max(...lines.map((line) => context.measureText(line).width));
  const plate = plates.within(data, width, 15 * lines.length + 2);
  if (!plate) return;
  context.textAlign = "center";
  context.lineJoin = "round";
  context.lineWidth = 4;
  context.strokeStyle = background;
  context.fillStyle = text;
  lines.forEach((line, i) => {
    context.font = `${circle.title && i ? 450 : 600} 12px "Inter Variable", sans-serif`;
    const y = plate[1] + 12 + 15 * i;
    context.globalAlpha = 0.75;
    context.strokeText(line, data.x, y);
    context.globalAlpha = 1;
    context.fillText(line, data.x, y);
  });
  context.textAlign = "left";
}
