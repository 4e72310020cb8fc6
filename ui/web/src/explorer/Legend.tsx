import { useMemo } from "react";
import { TYPES } from "../node/model";
import { useNodeWords } from "../node/words";
import type { View } from "./model";
import { Shape } from "./Shape";
import type { Slice } from "./slice";
import type { ChangeView } from "./state";
import { useExplorerWords } from "./words";

interface Props {
  readonly slice: Slice;
  /** How many nodes there are in all. */
  readonly total: number;
  /** How many nodes were found; undefined: nobody searched. */
  readonly hits: number | undefined;
  readonly view: View;
  readonly change: ChangeView;
}

/** What shapes and colours mean, and how many there are; a press shows only these types. */
export function Legend({ slice, total, hits, view, change }: Props) {
  const t = useExplorerWords();
  const node = useNodeWords();
  const counts = useMemo(() => {
    const found = new Map<string, number>();
    for (const { type } of slice.nodes) found.set(type, (found.get(type) ?? 0) + 1);
    return found;
  }, [slice]);
  return (
    <div className="explorer-foot">
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
            <span className="muted">{t.members(counts.get(type) ?? 0)}</span>
          </button>
        ))}
      </fieldset>
      <p className="muted explorer-counts" role="status">
        {hits === undefined ? t.counts(slice.nodes.length, slice.edges.length) : t.found(hits)}
        {slice.truncated && <span> · {t.truncated(slice.nodes.length, total)}</span>}
      </p>
    </div>
  );
}

/** The list with an entry that it had not, or without it. */
export function toggled<T>(list: readonly T[], entry: T): T[] {
  return list.includes(entry) ? list.filter((one) => one !== entry) : [...list, entry];
}
