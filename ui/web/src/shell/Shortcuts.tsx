import { Dialog } from "../design/components/Dialog";
import { PAGES } from "./pages";
import { useShellWords } from "./words";

const MOD = navigator.platform.startsWith("Mac") ? "⌘" : "Ctrl";

/** The sheet of keyboard shortcuts. */
export function Shortcuts({ open, close }: { open: boolean; close: () => void }) {
  const t = useShellWords();
  const rows: readonly (readonly [readonly string[], string])[] = [
    [[MOD, "K"], t.palette],
    [["/"], t.search],
    [["?"], t.shortcuts],
    [[MOD, "Z"], t.undoLast],
    [[MOD, "Enter"], t.submit],
    ...PAGES.map((page) => [["g", page.key], t[page.name]] as const),
  ];
  return (
    <Dialog open={open} onClose={close} label={t.shortcuts}>
      <div className="dialog-body">
        <h2>{t.shortcuts}</h2>
        <dl className="keys">
          {rows.map(([keys, name]) => (
            <div key={name} style={{ display: "contents" }}>
              <dt>
                {keys.map((key) => (
                  <kbd key={key}>{key}</kbd>
                ))}
              </dt>
              <dd>{name}</dd>
            </div>
          ))}
        </dl>
      </div>
    </Dialog>
  );
}
