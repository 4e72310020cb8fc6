import { useRouter } from "@tanstack/react-router";
import { type MouseEvent, memo, useEffect, useMemo, useState } from "react";
import { save } from "../../parts/save";
import { Button } from "./Button";
import { partsOf } from "./cut";
import { htmlOf, type Links } from "./html";
import { useMarkdownWords } from "./words";
import "./markdown.css";

interface Props {
  readonly text: string;
  readonly links?: Links | undefined;
  /** What a file with the whole text is called. */
  readonly name?: string;
}

/** Shown at once of a long text. */
const FIRST = 2;

/**
 * A text of the graph. It is untrusted: what could run is taken out. Links inside the app stay inside. Of a long text the
 * beginning shows, with a way to the rest, which comes part by part so that the page does not stand still.
 */
export function Markdown({ text, links, name = "text.md" }: Props) {
  const router = useRouter();
  const parts = useMemo(() => partsOf(text), [text]);
  const [whole, setWhole] = useState(false);
  const shown = useGrowing(whole ? parts.length : FIRST);
  const follow = (event: MouseEvent) => {
    const address = (event.target as Element).closest("a")?.getAttribute("href");
    if (!address?.startsWith("/") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    router.history.push(address);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links in it are pressed by Enter, which is a click
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the links in it
    <div className="markdown" dir="auto" onClick={follow}>
      {parts.slice(0, shown).map((part, place) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: parts have no other name, and do not move
        <Part key={place} text={part} links={links} />
      ))}
      {parts.length > FIRST && (
        <Rest
          text={text}
          name={name}
          shown={Math.min(shown, parts.length)}
          all={parts.length}
          whole={whole}
          show={() => setWhole(true)}
        />
      )}
    </div>
  );
}

const Part = memo(({ text, links }: Pick<Props, "text" | "links">) => {
  const html = useMemo(() => ({ __html: htmlOf(text, links) }), [text, links]);
  // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by htmlOf
  return <div className="markdown-part" dir="auto" dangerouslySetInnerHTML={html} />;
});

/** Grows to a number by one a moment. */
function useGrowing(to: number): number {
  const [now, setNow] = useState(to);
  useEffect(() => {
    if (now >= to) return;
    const timer = setTimeout(() => setNow(now + 1), 20);
    return () => clearTimeout(timer);
  }, [now, to]);
  return now;
}

interface RestProps {
  readonly text: string;
  readonly name: string;
  readonly shown: number;
  readonly all: number;
  readonly whole: boolean;
  readonly show: () => void;
}

/** How much of it shows, and the ways to all of it. */
function Rest({ text, name, shown, all, whole, show }: RestProps) {
  const t = useMarkdownWords();
  return (
    <div className="row wrap markdown-rest">
      <span className="muted" role="status">
        {shown < all ? t.part(Math.round((100 * shown) / all), megabytes(text.length)) : t.all(megabytes(text.length))}
      </span>
      {!whole && <Button onPress={show}>{t.show}</Button>}
      <Button onPress={() => save(name, "text/markdown", text)}>{t.save}</Button>
    </div>
  );
}

const megabytes = (length: number): string => `${(length / 1_000_000).toFixed(1)} MB`;
