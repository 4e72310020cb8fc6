import { useMemo } from "react";
import { TYPES } from "../node/model";
import { useNodeWords } from "../node/words";
import type { View } from "./model";
import { Shape } from "./Shape";
import type { Slice } from "./slice";
import type { ChangeView } from "./state";
import { useExplorerWords } from "./words";

/** What shapes and colours mean, and how many there are; a press shows only these types. */
export function Legend({ slice, view, change }: { slice: Slice; view: View; change: ChangeView }) {
  const t = useExplorerWords();
  const node = useNodeWords();
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const { type } of slice.nodes) found.set(type, (found.get(type) ?? 0) + 1);
    return found;
  }, [slice]);
  return (
    <fieldset className="explorer-legend">
      <legend className="visually-hidden">{t.types}</legend>
      {TYPES.map((type) => (
        <button
          key={type}
          type="button"
          aria-pressed={view.types.includes(type)}
          onClick={() => change({ types: toggled(view.types, type) })}
        >
          <Shape type={type} />
          <span>{node[type]}</span>
          <span className="muted">{counts.get(type) ?? 0}</span>
        </button>
      ))}
    </fieldset>
  );
}

/** The list with an entry that it had not, or without it. */
export function toggled<T>(list: readonly T[], entry: T): T[] {
  return list.includes(entry) ? list.filter((one) => one !== entry) : [...list, entry];
}
