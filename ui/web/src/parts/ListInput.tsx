import { type ClipboardEvent, type KeyboardEvent, useState } from "react";
import { entriesOf } from "./form";
import { usePartsWords } from "./words";

interface Props {
  readonly label: string;
  readonly entries: readonly string[];
  readonly change: (entries: readonly string[]) => void;
  /** Entries are single words, such as tags. */
  readonly words?: boolean;
  readonly suggestions?: readonly string[];
  readonly common: { readonly id: string; readonly name: string; readonly onBlur: () => void };
}

/** Several entries: Enter or a comma adds what is written, Backspace in the empty field takes the last one away. */
export function ListInput({ label, entries, change, words = false, suggestions, common }: Props) {
  const t = usePartsWords();
  const [text, setText] = useState("");
  const add = (written: string) => {
    const more = entriesOf(written, words);
    setText("");
    if (more.length) change([...new Set([...entries, ...more])]);
  };
  const write = (written: string) =>
    /[,\n]/.test(written) || (words && /\s/.test(written)) ? add(written) : setText(written);
  const keys = (event: KeyboardEvent) => {
    if (event.key === "Enter" && text.trim() && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      add(text);
    } else if (event.key === "Backspace" && text === "" && entries.length) change(entries.slice(0, -1));
  };
  const paste = (event: ClipboardEvent) => {
    const pasted = event.clipboardData.getData("text");
    if (!/[,\n]/.test(pasted)) return;
    event.preventDefault();
    add(text + pasted);
  };
  return (
    <div className="input form-list">
      {entries.length > 0 && (
        <ul className="form-entries" aria-label={label}>
          {entries.map((entry) => (
            <li key={entry} className="badge form-entry">
              <span className="truncate" dir="auto">
                {entry}
              </span>
              <button
                type="button"
                aria-label={t.removeEntry(entry)}
                onClick={() => change(entries.filter((one) => one !== entry))}
              >
                ×
              </button>
            </li>
          ))}
        </ul>
      )}
      <input
        {...common}
        dir="auto"
        autoComplete="off"
        value={text}
        placeholder={entries.length ? "" : t.listHint}
        onChange={(event) => write(event.target.value)}
        onKeyDown={keys}
        onPaste={paste}
        onBlur={() => {
          add(text);
          common.onBlur();
        }}
        {...(suggestions ? { list: `${common.id}-list` } : {})}
      />
      {suggestions && <Suggestions id={`${common.id}-list`} values={suggestions} />}
    </div>
  );
}

/** What a field offers while somebody writes. */
export function Suggestions({ id, values }: { id: string; values: readonly string[] }) {
  return (
    <datalist id={id}>
      {values.map((value) => (
        <option key={value} value={value} />
      ))}
    </datalist>
  );
}
