import { useEffect, useRef } from "react";
import { Button } from "../design/components/Button";
import { type Found, NodeFinder } from "../design/components/NodeFinder";
import { usePlace } from "../shell/graph";
import { SavedViews } from "../views/SavedViews";
import { keyOfName, MAX_DEPTH, VIEWS, type View, type ViewName } from "./model";
import type { Part } from "./Page";
import type { Placed } from "./placing";
import type { Renderer } from "./renderer";
import { SaveMenu } from "./SaveMenu";
import type { Slice } from "./slice";
import type { ChangeView } from "./state";
import { useExplorerWords } from "./words";

const WAIT_MS = 150;

interface Props {
  readonly view: View;
  readonly name: ViewName;
  readonly change: ChangeView;
  readonly slice: Slice | undefined;
  readonly parts: ReadonlySet<Part>;
  readonly toggle: (part: Part) => void;
  readonly create: () => void;
  readonly select: (found: Found) => void;
  readonly placed: Placed | undefined;
  readonly renderer: Renderer | undefined;
}

/** Search, form, parts, and what the slice is of. */
export function Toolbar({ view, name, change, slice, parts, toggle, create, select, placed, renderer }: Props) {
  const t = useExplorerWords();
  const { graph, asOf } = usePlace();
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const find = (q: string) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => change({ q }, true), WAIT_MS);
  };
  const part = (one: Part) => (
    <button type="button" aria-pressed={parts.has(one)} onClick={() => toggle(one)}>
      {t[one]}
    </button>
  );
  return (
    <div className="explorer-bar">
      <NodeFinder label={t.find} graph={graph} asOf={asOf} initial={view.q} onText={find} choose={select} />
      <fieldset className="switches">
        <legend className="visually-hidden">{t.views}</legend>
        {VIEWS.map((one) => (
          <button key={one} type="button" aria-pressed={one === name} onClick={() => change({ view: one })}>
            {t[one]}
          </button>
        ))}
      </fieldset>
      <div className="switches">
        {part("filters")}
        {!asOf && part("pattern")}
        {part("time")}
      </div>
      {view.focus && <Focus view={view} change={change} slice={slice} />}
      <span className="explorer-gap" />
      <SavedViews graph={graph} />
      {placed && <SaveMenu placed={placed} renderer={renderer} />}
      {!asOf && <Button onPress={create}>{t.newNode}</Button>}
    </div>
  );
}

/** Whose surroundings show, how far, and the way back. */
function Focus({ view, change, slice }: Pick<Props, "view" | "change" | "slice">) {
  const t = useExplorerWords();
  const { graph } = usePlace();
  const place = slice?.places.get(keyOfName(view.focus, graph, slice) ?? "");
  const title = place === undefined ? view.focus : (slice?.nodes[place]?.title ?? view.focus);
  return (
    <fieldset className="explorer-focus">
      <legend className="visually-hidden">{t.surroundings(title.slice(0, 100))}</legend>
      <span className="truncate" dir="auto">
        {title.slice(0, 100)}
      </span>
      <span className="switches">
        {Array.from({ length: MAX_DEPTH }, (_, i) => i + 1).map((depth) => (
          <button
            key={depth}
            type="button"
            aria-label={`${t.depth} ${depth}`}
            aria-pressed={depth === view.depth}
            onClick={() => change({ depth })}
          >
            {depth}
          </button>
        ))}
      </span>
      <Button kind="quiet" icon label={t.whole} onPress={() => change({ focus: "", depth: 1 })}>
        ×
      </Button>
    </fieldset>
  );
}
