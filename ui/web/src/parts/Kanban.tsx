import { type KeyboardEvent, type ReactNode, useMemo } from "react";
import { Button as AriaButton, GridList, GridListItem, useDragAndDrop } from "react-aria-components";
import { beside, type Card, type Column, columnsOf } from "./kanban";
import { usePartsWords } from "./words";
import "./parts.css";

const FORMAT = "application/x-stratumiops-card";

interface Props<K extends string, C extends Card<K>> {
  readonly columns: readonly Column<K>[];
  readonly cards: readonly C[];
  readonly render: (card: C) => ReactNode;
  readonly move: (card: C, to: K) => void;
}

/**
 * Cards in columns. A card is moved by dragging it, by its handle and the keyboard (Enter, Tab to a column, Enter), or
 * with Ctrl and an arrow key to the column beside.
 */
export function Kanban<K extends string, C extends Card<K>>({ columns, cards, render, move }: Props<K, C>) {
  const all = useMemo(() => columnsOf(columns, cards), [columns, cards]);
  const drop = (id: string, to: K) => {
    const card = cards.find((one) => one.id === id);
    if (card && card.column !== to) move(card, to);
  };
  return (
    <div className="kanban">
      {columns.map((column) => (
        <Lane
          key={column.key}
          column={column}
          cards={all.get(column.key) ?? []}
          render={render}
          drop={(id) => drop(id, column.key)}
          push={(id, by) => {
            const to = beside(columns, column.key, by);
            if (to) drop(id, to);
          }}
        />
      ))}
    </div>
  );
}

interface LaneProps<K extends string, C extends Card<K>> {
  readonly column: Column<K>;
  readonly cards: readonly C[];
  readonly render: (card: C) => ReactNode;
  readonly drop: (id: string) => void;
  readonly push: (id: string, by: -1 | 1) => void;
}

function Lane<K extends string, C extends Card<K>>({ column, cards, render, drop, push }: LaneProps<K, C>) {
  const t = usePartsWords();
  const { dragAndDropHooks } = useDragAndDrop({
    getItems: (keys) => [...keys].map((key) => ({ [FORMAT]: String(key), "text/plain": String(key) })),
    acceptedDragTypes: [FORMAT],
    getDropOperation: () => "move",
    shouldAcceptItemDrop: () => false,
    onRootDrop: async ({ items }) => {
      for (const item of items) if (item.kind === "text") drop(await item.getText(FORMAT));
    },
  });
  const keys = (event: KeyboardEvent<HTMLElement>) => {
    const by = ({ ArrowRight: 1, ArrowLeft: -1 } as const)[event.key];
    const id = (event.target as HTMLElement).closest<HTMLElement>("[data-key]")?.dataset["key"];
    if (!by || !id || !event.ctrlKey) return;
    event.preventDefault();
    event.stopPropagation();
    push(id, by);
  };
  return (
    <section className="kanban-lane" aria-label={column.name} onKeyDownCapture={keys}>
      <h2 className="row">
        {column.name} <span className="badge">{cards.length}</span>
      </h2>
      <GridList
        className="kanban-list"
        aria-label={column.name}
        items={cards}
        dragAndDropHooks={dragAndDropHooks}
        renderEmptyState={() => <span className="muted">{t.nothingHere}</span>}
        dependencies={[render]}
      >
        {(card) => (
          <GridListItem id={card.id} textValue={card.label} className="kanban-card">
            <AriaButton slot="drag" className="kanban-handle" aria-label={t.drag(card.label)}>
              <svg width="10" height="16" viewBox="0 0 10 16" aria-hidden="true">
                <path d="M2 3h.01M8 3h.01M2 8h.01M8 8h.01M2 13h.01M8 13h.01" />
              </svg>
            </AriaButton>
            <div className="kanban-content">{render(card)}</div>
          </GridListItem>
        )}
      </GridList>
    </section>
  );
}
