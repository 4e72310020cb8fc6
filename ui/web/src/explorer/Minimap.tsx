import { type PointerEvent, useEffect, useRef } from "react";
import { ALL, type Box, boxOf } from "./levels";
import { coloursNow } from "./Picture";
import type { Placed } from "./placing";
import type { Renderer } from "./renderer";

const [WIDTH, HEIGHT, EDGE] = [168, 112, 8];

interface Props {
  readonly placed: Placed;
  readonly renderer: Renderer;
  readonly moved: Set<() => void>;
}

/** How places of the graph come onto the map. */
interface Scale {
  readonly left: number;
  readonly top: number;
  readonly factor: number;
}

/** All nodes as dots with a frame around the part that shows; for the mouse, as the keyboard has keys for it. */
export function Minimap({ placed, renderer, moved }: Props) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = useRef<Scale>({ left: 0, top: 0, factor: 1 });
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!context) return;
    scale.current = scaleOf(placed);
    const dots = dotsOf(placed, scale.current);
    let frame = 0;
    const draw = () => {
      frame = 0;
      context.clearRect(0, 0, WIDTH, HEIGHT);
      context.drawImage(dots, 0, 0);
      outline(context, renderer.camera.visible(), scale.current);
    };
    const later = () => {
      frame ||= requestAnimationFrame(draw);
    };
    later();
    moved.add(later);
    return () => {
      cancelAnimationFrame(frame);
      moved.delete(later);
    };
  }, [placed, renderer, moved]);
  const go = (event: PointerEvent<HTMLCanvasElement>) => {
    if (!event.buttons) return;
    const box = event.currentTarget.getBoundingClientRect();
    const { left, top, factor } = scale.current;
    const x = (event.clientX - box.left - EDGE) / factor + left;
    const y = top - (event.clientY - box.top - EDGE) / factor;
    renderer.camera.lookAt({ x, y });
  };
  return (
    <div className="explorer-minimap" aria-hidden="true" data-over>
      <canvas ref={canvas} width={WIDTH} height={HEIGHT} onPointerDown={go} onPointerMove={go} />
    </div>
  );
}

function scaleOf({ slice, positions }: Placed): Scale {
  const all = slice.nodes.flatMap((node) => positions.get(node.key) ?? []);
  const { x, y } = boxOf(
    all.map((at) => at.x),
    all.map((at) => at.y),
  );
  const [left, top] = [x[0], y[1]];
  const [wide, high] = [Math.max(1, x[1] - left), Math.max(1, top - y[0])];
  const [roomX, roomY] = [WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE];
  const factor = Math.min(roomX / wide, roomY / high);
  return { left: left - (roomX / factor - wide) / 2, top: top + (roomY / factor - high) / 2, factor };
}

/** The nodes, drawn once. */
function dotsOf({ slice, positions }: Placed, { left, top, factor }: Scale): HTMLCanvasElement {
  const drawn = Object.assign(document.createElement("canvas"), { width: WIDTH, height: HEIGHT });
  const context = drawn.getContext("2d");
  const { types } = coloursNow();
  const size = slice.nodes.length > ALL ? 1 : 2;
  for (const { key, type } of context ? slice.nodes : []) {
    const at = positions.get(key);
    if (!context || !at) continue;
    context.fillStyle = types[type];
    context.fillRect(EDGE + (at.x - left) * factor - 1, EDGE + (top - at.y) * factor - 1, size, size);
  }
  return drawn;
}

function outline(context: CanvasRenderingContext2D, { x, y }: Box, { left, top, factor }: Scale): void {
  const [x1, x2] = x.map((value) => Math.min(WIDTH - 1, Math.max(1, EDGE + (value - left) * factor))) as [
    number,
    number,
  ];
  const [y2, y1] = y.map((value) => Math.min(HEIGHT - 1, Math.max(1, EDGE + (top - value) * factor))) as [
    number,
    number,
  ];
  context.strokeStyle = getComputedStyle(context.canvas).color;
  context.lineWidth = 1.5;
  context.strokeRect(x1, y1, x2 - x1, y2 - y1);
}
