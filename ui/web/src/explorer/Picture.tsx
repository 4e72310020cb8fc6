import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { Button } from "../design/components/Button";
import { Loading } from "../design/components/States";
import { useNodeWords } from "../node/words";
import { usePreferences } from "../shell/preferences";
import { type Colours, mixed } from "./export";
import { ALL } from "./levels";
import { Minimap } from "./Minimap";
import { MAX_DEPTH } from "./model";
import type { Placed } from "./placing";
import { type Marks, Renderer } from "./renderer";
import { type Next, neighboursOf } from "./slice";
import { useExplorerWords } from "./words";

interface Props {
  readonly placed: Placed | undefined;
  /** How many nodes wait for their places. */
  readonly waiting: number;
  readonly marks: Marks;
  readonly depth: number;
  readonly select: (key: string | undefined) => void;
  readonly open: (key: string) => void;
  readonly leave: () => void;
  readonly setDepth: (depth: number) => void;
  /** Tells of the renderer while there is one. */
  readonly ready: (renderer: Renderer | undefined) => void;
}

/** The colours of the theme that shows. */
export function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const token = (name: string) => style.getPropertyValue(`--${name}`).trim();
  return {
    background: token("bg"),
    text: token("text"),
    edge: mixed(token("control"), token("bg"), 0.4),
    types: {
      NOTE: token("type-note"),
      DECISION: token("type-decision"),
      GUIDELINE: token("type-guideline"),
      PATTERN: token("type-pattern"),
      JOURNAL: token("type-journal"),
      EXECUTION: token("type-execution"),
    },
  };
}

/** The picture of the graph. The keyboard walks it as the mouse does, and a screen reader is told where it is. */
export function Picture({ placed, waiting, marks, depth, select, open, leave, setDepth, ready }: Props) {
  const t = useExplorerWords();
  const help = useId();
  const { container, renderer, moved, opened } = useRenderer({ select, open, ready });
  useEffect(() => {
    if (placed) renderer?.show(placed);
  }, [renderer, placed]);
  useEffect(() => renderer?.mark(marks), [renderer, marks]);
  useEffect(() => {
    if (placed && marks.selected) renderer?.reveal(marks.selected);
  }, [renderer, placed, marks.selected]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: titles keep clear of the hint that is there now
  useEffect(() => renderer?.redraw(), [renderer, opened]);
  const neighbours = useMemo(() => (placed ? neighboursOf(placed.slice) : new Map<string, Next[]>()), [placed]);
  const keys = (event: KeyboardEvent) => {
    const selected = marks.selected;
    const direction = ARROWS[event.key];
    const acts = new Map<string, () => void>([
      ["Enter", () => selected && open(selected)],
      ["Escape", leave],
      ["+", () => renderer?.zoom(1.5)],
      ["-", () => renderer?.zoom(1 / 1.5)],
      ["0", () => renderer?.fit()],
      ["[", () => setDepth(Math.max(1, depth - 1))],
      ["]", () => setDepth(Math.min(MAX_DEPTH, depth + 1))],
    ]);
    const act = direction ? () => select(step(placed, neighbours, selected, direction)) : acts.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  };
  return (
    <div className="explorer-picture">
      <div
        ref={container}
        className="explorer-canvas"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: an application takes the keyboard
        tabIndex={0}
        role="application"
        aria-label={t.graph}
        aria-describedby={help}
        onKeyDown={keys}
      />
      <p id={help} className="visually-hidden">
        {t.graphHelp}
      </p>
      <Heard placed={placed} neighbours={neighbours} selected={marks.selected} />
      {!placed && (
        <div className="explorer-wait">
          <Loading lines={3} />
          <p role="status">{waiting > ALL ? t.placing(waiting) : t.layingOut}</p>
        </div>
      )}
      {placed?.atlas && opened && opened.closed > 0 && (
        <p className="explorer-hint" data-over>
          {t.communities(opened.closed)}
        </p>
      )}
      <div className="explorer-zoom" data-over>
        <Button icon label={t.zoomIn} onPress={() => renderer?.zoom(1.5)}>
          +
        </Button>
        <Button icon label={t.zoomOut} onPress={() => renderer?.zoom(1 / 1.5)}>
          −
        </Button>
        <Button icon label={t.fit} onPress={() => renderer?.fit()}>
          ⤢
        </Button>
      </div>
      {placed && renderer && <Minimap placed={placed} renderer={renderer} moved={moved} />}
    </div>
  );
}

/** A renderer in the container, for as long as it shows, in the colours of the theme. */
function useRenderer({ select, open, ready }: Pick<Props, "select" | "open" | "ready">) {
  const t = useNodeWords();
  const { shown } = usePreferences();
  const container = useRef<HTMLDivElement>(null);
  const [renderer, setRenderer] = useState<Renderer>();
  const [moved] = useState(() => new Set<() => void>());
  const [opened, setOpened] = useState<{ readonly closed: number }>();
  const latest = useRef({ select, open, ready, t });
  latest.current = { select, open, ready, t };
  useEffect(() => {
    if (!container.current) return;
    const made = new Renderer(
      container.current,
      coloursNow(),
      {
        select: (key) => latest.current.select(key),
        open: (key) => latest.current.open(key),
        moved: () => {
          for (const listener of moved) listener();
        },
        opened: (closed) => setOpened({ closed }),
      },
      (relation) => String(latest.current.t[relation as "EXPLAINS"]),
    );
    const watch = new ResizeObserver(() => made.resize());
    watch.observe(container.current);
    setRenderer(made);
    latest.current.ready(made);
    return () => {
      watch.disconnect();
      latest.current.ready(undefined);
      made.kill();
    };
  }, [moved]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the colours are those of the theme that shows
  useEffect(() => {
    const frame = requestAnimationFrame(() => renderer?.recolour(coloursNow()));
    return () => cancelAnimationFrame(frame);
  }, [renderer, shown]);
  return { container, renderer, moved, opened };
}

const ARROWS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowRight: [1, 0],
  ArrowLeft: [-1, 0],
  ArrowUp: [0, 1],
  ArrowDown: [0, -1],
};

/** The neighbour that lies in a direction, straight ahead before near; at first, the node with most relations. */
export function step(
  placed: Placed | undefined,
  neighbours: ReadonlyMap<string, readonly Next[]>,
  from: string | undefined,
  [dx, dy]: readonly [number, number],
): string | undefined {
  const nodes = placed?.slice.nodes ?? [];
  const start = from === undefined ? undefined : placed?.positions.get(from);
  if (!start || from === undefined) {
    return nodes.reduce<(typeof nodes)[number] | undefined>((a, b) => (a && a.degree >= b.degree ? a : b), undefined)
      ?.key;
  }
  let best: { key: string; score: number } | undefined;
  for (const { key } of neighbours.get(from) ?? []) {
    const at = placed?.positions.get(key);
    if (!at || key === from) continue;
    const [x, y] = [at.x - start.x, at.y - start.y];
    const far = Math.hypot(x, y) || 1;
    const ahead = (x * dx + y * dy) / far;
    const score = far / ahead ** 2;
    if (ahead > 0.2 && (!best || score < best.score)) best = { key, score };
  }
  return best?.key ?? from;
}

interface HeardProps extends Pick<Props, "placed"> {
  readonly neighbours: ReadonlyMap<string, readonly Next[]>;
  readonly selected: string | undefined;
}

/** Says which node is selected. */
function Heard({ placed, neighbours, selected }: HeardProps) {
  const t = useExplorerWords();
  const node = useNodeWords();
  const place = selected === undefined ? undefined : placed?.slice.places.get(selected);
  const at = place === undefined ? undefined : placed?.slice.nodes[place];
  return (
    <p className="visually-hidden" role="status">
      {at ? t.selected(at.title.slice(0, 200), node[at.type], (neighbours.get(at.key) ?? []).length) : ""}
    </p>
  );
}
