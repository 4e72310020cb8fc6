import { useEffect } from "react";

/** Whether keys belong to a text that is being written. */
function writing(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}

/**
 * Calls what belongs to a key: `/`, `?`, `mod+k` (Ctrl or ⌘), or two keys such as `g h`.
 * While somebody writes only `mod+k` does something.
 */
export function useShortcuts(actions: Readonly<Record<string, () => void>>): void {
  useEffect(() => {
    let first = "";
    let at = 0;
    const listen = (event: KeyboardEvent) => {
      const mod = event.ctrlKey || event.metaKey;
      const key = event.key.toLowerCase();
      if (event.altKey || (writing(event.target) && !(mod && key === "k"))) return;
      const names = mod ? [`mod+${key}`] : [event.timeStamp - at < 1_000 ? `${first} ${key}` : "", key];
      const action = names.map((name) => actions[name]).find(Boolean);
      [first, at] = [key, event.timeStamp];
      if (!action) return;
      event.preventDefault();
      first = "";
      action();
    };
    window.addEventListener("keydown", listen);
    return () => window.removeEventListener("keydown", listen);
  }, [actions]);
}
