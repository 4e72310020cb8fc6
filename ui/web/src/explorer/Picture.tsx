import { useEffect, useId, useRef, useState } from "react";
import { Button } from "../design/components/Button";
import { Loading } from "../design/components/States";
import { useNodeWords } from "../node/words";
import { usePreferences } from "../shell/preferences";
import { Communities } from "./Communities";
import { type Colours, mixed } from "./export";
import { useKeys } from "./keys";
import { ALL, type Circle } from "./levels";
import { Minimap } from "./Minimap";
import type { Placed } from "./placing";
import { Renderer } from "./renderer";
import type { Marks } from "./scene";
import type { Next } from "./slice";
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
  const { selected } = marks;
  const keys = useKeys({ placed, renderer, selected, depth, select, open, leave, setDepth });
  useEffect(() => {
    if (placed) renderer?.show(placed);
  }, [renderer, placed]);
  useEffect(() => renderer?.mark(marks), [renderer, marks]);
  useReveal(renderer, placed, selected);
  // biome-ignore lint/correctness/useExhaustiveDependencies: titles keep clear of the hint that is there now
  useEffect(() => renderer?.redraw(), [renderer, opened]);
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
        onKeyDown={keys.onKeyDown}
        onBlur={keys.onBlur}
      />
      <p id={help} className="visually-hidden">
        {placed?.atlas ? t.communityHelp : t.graphHelp}
      </p>
      <Heard placed={placed} neighbours={keys.neighbours} selected={selected} circle={keys.circle} />
      {!placed && (
        <div className="explorer-wait">
          <Loading lines={3} />
          <p role="status">{waiting > ALL ? t.placing(waiting) : t.layingOut}</p>
        </div>
      )}
      {placed?.atlas && renderer && (
        <Communities
          circles={placed.atlas.circles}
          closed={opened?.closed ?? 0}
          choose={(circle) => {
            if (selected) select(undefined);
            renderer.camera.approach(circle);
          }}
        />
      )}
      <div className="explorer-zoom" data-over>
        <Button icon label={t.zoomIn} onPress={() => renderer?.camera.zoom(1.5)}>
          +
        </Button>
        <Button icon label={t.zoomOut} onPress={() => renderer?.camera.zoom(1 / 1.5)}>
          −
        </Button>
        <Button icon label={t.fit} onPress={() => renderer?.camera.fit()}>
          ⤢
        </Button>
      </div>
      {placed && renderer && <Minimap placed={placed} renderer={renderer} moved={moved} />}
    </div>
  );
}

/** Brings what is selected into the view, once it is chosen and has a place. */
function useReveal(renderer: Renderer | undefined, placed: Placed | undefined, selected: string | undefined): void {
  const there = selected !== undefined && placed?.positions.has(selected);
  useEffect(() => {
    if (there && selected) renderer?.camera.reveal(selected);
  }, [renderer, there, selected]);
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
        opened: (closed) => setOpened((before) => (before?.closed === closed ? before : { closed })),
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

interface HeardProps extends Pick<Props, "placed"> {
  readonly neighbours: ReadonlyMap<string, readonly Next[]>;
  readonly selected: string | undefined;
  readonly circle: Circle | undefined;
}

/** Says which node is selected, or at which community the keyboard is. */
function Heard({ placed, neighbours, selected, circle }: HeardProps) {
  const t = useExplorerWords();
  const node = useNodeWords();
  const place = selected === undefined ? undefined : placed?.slice.places.get(selected);
  const at = place === undefined ? undefined : placed?.slice.nodes[place];
  const community = circle ? t.community(circle.title.slice(0, 200), circle.members.length) : "";
  return (
    <p className="visually-hidden" role="status">
      {at ? t.selected(at.title.slice(0, 200), node[at.type], (neighbours.get(at.key) ?? []).length) : community}
    </p>
  );
}
