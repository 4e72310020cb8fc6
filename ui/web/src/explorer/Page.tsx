import { useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { Button } from "../design/components/Button";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { usePlace } from "../shell/graph";
import { Filters } from "./Filters";
import { Legend } from "./Legend";
import { filtered, keyOfName, nameOf, patternName, type View, type ViewName } from "./model";
import { Patterns } from "./Patterns";
import { Picture } from "./Picture";
import { type Placed, usePlaced } from "./placing";
import type { Renderer } from "./renderer";
import type { Marks } from "./scene";
import { useShown } from "./shown";
import { keyOf, placeOfKey, type Slice } from "./slice";
import { type ChangeView, useView } from "./state";
import { Table } from "./Table";
import { Timeline } from "./Timeline";
import { Toolbar } from "./Toolbar";
import { Tree } from "./Tree";
import { webgl } from "./webgl";
import { useExplorerWords } from "./words";
import "./explorer.css";

/** What is needed only when somebody selects or writes. */
const Panel = lazy(async () => ({ default: (await import("./Panel")).Panel }));
const CreateDialog = lazy(async () => ({ default: (await import("../node/CreateDialog")).CreateDialog }));

export type Part = "filters" | "pattern" | "time";

/** The graph as a picture, a table and a tree, with the details of what is selected beside it. */
export function Page() {
  const t = useExplorerWords();
  const { graph, asOf } = usePlace();
  const [view, change] = useView();
  const [renderer, setRenderer] = useState<Renderer>();
  const [creating, setCreating] = useState(false);
  const [parts, setParts] = useState<ReadonlySet<Part>>(
    () => new Set<Part>([...(asOf ? (["time"] as const) : []), ...(view.pattern ? (["pattern"] as const) : [])]),
  );
  const shown = useShown(view);
  const { slice, total, error, ask } = shown;
  const pattern = view.pattern ? patternName(view.pattern) : "";
  const placed = usePlaced(slice, `${graph ?? "*"} ${view.focus} ${pattern}`);
  const select = (key: string | undefined) =>
    change({ node: key ? nameOf(placeOfKey(key), graph) : "", ...(key ? {} : { to: "" }) });
  const name = view.view ?? (webgl() === "none" ? "table" : "picture");
  return (
    <div className="explorer">
      <h1 className="visually-hidden">{t.title}</h1>
      <Toolbar
        view={view}
        name={name}
        change={change}
        slice={slice}
        parts={parts}
        toggle={(part) => setParts(toggledPart(parts, part))}
        create={() => setCreating(true)}
        select={(found) => select(keyOf(found))}
        placed={placed}
        renderer={renderer}
      />
      {(parts.has("filters") || (parts.has("pattern") && !asOf)) && (
        <div className="explorer-sides">
          {parts.has("pattern") && !asOf && (
            <Patterns pattern={view.pattern} change={change} selected={shown.selected} select={select} />
          )}
          {parts.has("filters") && <Filters slice={slice} view={view} change={change} />}
        </div>
      )}
      <div className="explorer-stage">
        {webgl() === "none" && <p className="banner">{t.noWebgl}</p>}
        <Answered
          answer={{ data: slice, error, waiting: false, again: ask }}
          empty={({ nodes }) =>
            nodes.length === 0 && <Nothing view={view} change={change} asOf={asOf} create={() => setCreating(true)} />
          }
        >
          {(all) => (
            <>
              <Stage
                name={webgl() === "none" && name === "picture" ? "table" : name}
                slice={all}
                placed={placed}
                marks={shown.marks}
                view={view}
                change={change}
                root={keyOfName(view.focus, graph, all)}
                select={select}
                ready={setRenderer}
              />
              <Legend slice={all} total={total} hits={shown.marks.hits?.size} view={view} change={change} />
            </>
          )}
        </Answered>
      </div>
      {shown.selected && (
        <Suspense>
          <Panel
            key={shown.selected}
            selected={shown.selected}
            to={shown.to}
            select={select}
            setPath={(found) => change({ to: found ? nameOf(found, graph) : "" })}
            expand={shown.expand}
            collapse={shown.collapse}
            focus={(key) => change({ focus: nameOf(placeOfKey(key), graph) })}
          />
        </Suspense>
      )}
      {parts.has("time") && <Timeline graph={graph} asOf={asOf} />}
      {creating && (
        <Suspense>
          <CreateDialog graph={graph} close={() => setCreating(false)} created={(made) => select(keyOf(made))} />
        </Suspense>
      )}
    </div>
  );
}

const toggledPart = (parts: ReadonlySet<Part>, part: Part) =>
  new Set(parts.has(part) ? [...parts].filter((one) => one !== part) : [...parts, part]);

/** Nothing is there: because of the time, because of the filters, or because nobody wrote anything yet. */
function Nothing({ view, change, asOf, create }: NothingProps) {
  const t = useExplorerWords();
  const { go } = usePlace();
  if (filtered(view))
    return (
      <Empty title={t.nothingMatches}>
        <Button onPress={() => change(NO_FILTERS)}>{t.clear}</Button>
      </Empty>
    );
  if (asOf)
    return (
      <Empty title={t.nothingThen}>
        <Button onPress={() => go({ asOf: undefined } as never)}>{t.now}</Button>
      </Empty>
    );
  return (
    <Empty title={t.nothing}>
      <Button kind="primary" onPress={create}>
        {t.newNode}
      </Button>
    </Empty>
  );
}

const NO_FILTERS = { types: [], tags: [], statuses: [], since: "", until: "", pattern: undefined } as const;

interface NothingProps {
  readonly view: View;
  readonly change: ChangeView;
  readonly asOf: string | undefined;
  readonly create: () => void;
}

interface StageProps {
  readonly name: ViewName;
  readonly slice: Slice;
  readonly placed: Placed | undefined;
  readonly marks: Marks;
  readonly view: View;
  readonly change: ChangeView;
  readonly root: string | undefined;
  readonly select: (key: string | undefined) => void;
  readonly ready: (renderer: Renderer | undefined) => void;
}

/** The slice in one of its three forms. */
function Stage({ name, slice, placed, marks, view, change, root, select, ready }: StageProps) {
  const navigate = useNavigate();
  const open = (key: string) => {
    const { graph, id } = placeOfKey(key);
    void navigate({ to: "/node/$graph/$id", params: { graph, id }, search: { graph } } as never);
  };
  return (
    <>
      {name === "picture" && (
        <Picture
          placed={placed}
          waiting={slice.nodes.length}
          marks={marks}
          depth={view.depth}
          select={select}
          open={open}
          leave={() => change({ view: "table" })}
          setDepth={(depth) => view.focus && change({ depth })}
          ready={ready}
        />
      )}
      {name === "table" && <Table slice={slice} marks={marks} select={select} />}
      {name === "tree" && <Tree key={root} slice={slice} marks={marks} root={root} select={select} />}
    </>
  );
}
