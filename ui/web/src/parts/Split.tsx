import { type KeyboardEvent, type ReactNode, useEffect, useRef } from "react";
import { Button } from "../design/components/Button";
import { useShellWords } from "../shell/words";
import "./split.css";

/** A list, and beside it what is said of one of its lines; where there is little room, above it. */
export function Split({ children, beside }: { children: ReactNode; beside: ReactNode }) {
  return (
    <div className={beside ? "split open" : "split"}>
      <div className="split-list">{children}</div>
      {beside}
    </div>
  );
}

interface Props {
  readonly title: ReactNode;
  readonly label: string;
  readonly close: () => void;
  readonly children: ReactNode;
}

/** What is said of one line. It takes the focus when it opens; Escape closes it, and gives the focus back. */
export function Panel({ title, label, close, children }: Props) {
  const t = useShellWords();
  const panel = useRef<HTMLElement>(null);
  useEffect(() => {
    const opener = document.activeElement;
    if (opener === document.body) return;
    show(panel.current);
    return () => {
      if (opener instanceof HTMLElement && opener.isConnected) setTimeout(() => opener.focus());
    };
  }, []);
  const keys = (event: KeyboardEvent) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  };
  return (
    <section className="card split-panel" aria-label={label} tabIndex={-1} ref={panel} onKeyDown={keys}>
      <div className="split-head">
        <h2>{title}</h2>
        <Button kind="quiet" icon label={t.close} onPress={close}>
          ×
        </Button>
      </div>
      {children}
    </section>
  );
}

/** Gives it the focus, and scrolls to it only where its beginning does not show. */
function show(panel: HTMLElement | null): void {
  panel?.focus({ preventScroll: true });
  const top = panel?.getBoundingClientRect().top ?? 0;
  if (top < 0 || top > window.innerHeight / 2) panel?.scrollIntoView({ block: "start" });
}

/** Names and what they are, one below the other. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className="split-facts">{children}</dl>;
}

export function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}
