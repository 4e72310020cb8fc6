import { type KeyboardEvent, type ReactNode, useId, useLayoutEffect, useMemo, useRef } from "react";
import { type DagEdge, type DagNode, draw, NODE, step } from "./dag";
import "./parts.css";

interface Props<N extends DagNode> {
  readonly label: string;
  readonly nodes: readonly N[];
  readonly edges: readonly DagEdge[];
  /** What a node shows; its first link or button takes the focus. */
  readonly render: (node: N) => ReactNode;
  /** The kinds of edges in words; the second and later ones are dashed. */
  readonly kinds: Readonly<Record<string, string>>;
}

/** A graph without cycles in layers, from left to right. Arrow keys walk along its edges. */
export function Dag<N extends DagNode>({ label, nodes, edges, render, kinds }: Props<N>) {
  const drawing = useMemo(() => draw(nodes, edges), [nodes, edges]);
  const list = useRef<HTMLUListElement>(null);
  const scroller = useRef<HTMLDivElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only once, so that a change does not move what somebody reads
  useLayoutEffect(() => {
    const [first] = drawing.nodes.toSorted((one, other) => one.x - other.x || one.y - other.y);
    if (first && scroller.current) scroller.current.scrollTop = first.y - scroller.current.clientHeight / 3;
  }, []);
  const arrow = useId();
  const names = new Map(nodes.map((node) => [node.id, node.label]));
  const order = Object.keys(kinds);
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const from = (event.target as HTMLElement).closest<HTMLElement>("[data-node]")?.dataset["node"];
    const to = from && step(drawing, from, event.key);
    if (!to) return;
    event.preventDefault();
    list.current?.querySelector<HTMLElement>(`[data-node="${CSS.escape(to)}"] :is(a, button)`)?.focus();
  };
  return (
    <figure className="dag" aria-label={label}>
      <ul className="dag-legend">
        {order.map((kind, index) => (
          <li key={kind} className="row">
            <svg width="32" height="8" aria-hidden="true">
              <path className={index ? "dag-line dashed" : "dag-line"} d="M0 4H32" />
            </svg>
            {kinds[kind]}
          </li>
        ))}
      </ul>
      <div className="dag-scroll" ref={scroller}>
        <div className="dag-canvas" style={{ width: drawing.width, height: drawing.height }}>
          <svg width={drawing.width} height={drawing.height} aria-hidden="true">
            <defs>
              <marker id={arrow} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
                <path className="dag-head" d="M0 0L8 4L0 8z" />
              </marker>
            </defs>
            {drawing.lines.map((line) => (
              <path
                key={`${line.source} ${line.target} ${line.kind}`}
                className={order.indexOf(line.kind) > 0 ? "dag-line dashed" : "dag-line"}
                d={line.path}
                markerEnd={`url(#${arrow})`}
              />
            ))}
          </svg>
          <ul ref={list} aria-label={label}>
            {drawing.nodes.map((place, index) => {
              const node = nodes[index];
              return (
                node && (
                  <li
                    key={node.id}
                    data-node={node.id}
                    className="dag-node"
                    style={{ left: place.x, top: place.y, width: NODE.width, height: NODE.height }}
                    onKeyDown={keys}
                  >
                    {render(node)}
                    <span className="visually-hidden">
                      {drawing.lines
                        .filter((line) => line.source === node.id)
                        .map((line) => `, ${kinds[line.kind] ?? line.kind} ${names.get(line.target) ?? line.target}`)}
                    </span>
                  </li>
                )
              );
            })}
          </ul>
        </div>
      </div>
    </figure>
  );
}
