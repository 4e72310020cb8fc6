import { useRouter } from "@tanstack/react-router";
import { type MouseEvent, useMemo } from "react";
import { htmlOf, type Links } from "./html";
import "./markdown.css";

/** A text of the graph. It is untrusted: what could run is taken out. Links inside the app stay inside. */
export function Markdown({ text, links }: { text: string; links?: Links }) {
  const router = useRouter();
  const html = useMemo(() => ({ __html: htmlOf(text, links) }), [text, links]);
  const follow = (event: MouseEvent) => {
    const address = (event.target as Element).closest("a")?.getAttribute("href");
    if (!address?.startsWith("/") || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    router.history.push(address);
  };
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the links in it are pressed by Enter, which is a click
    // biome-ignore lint/a11y/noStaticElementInteractions: it only listens for the links in it
    // biome-ignore lint/security/noDangerouslySetInnerHtml: sanitised by htmlOf
    <div className="markdown" dir="auto" onClick={follow} dangerouslySetInnerHTML={html} />
  );
}
