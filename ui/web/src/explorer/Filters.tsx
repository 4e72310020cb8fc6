import { type ReactNode, useRef, useState } from "react";
import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { RELATIONS } from "../node/model";
import { useNodeWords } from "../node/words";
import { usePlace } from "../shell/graph";
import { TAGS } from "./documents";
import { toggled } from "./Legend";
import { filtered, type View } from "./model";
import type { Slice } from "./slice";
import type { ChangeView } from "./state";
import { useExplorerWords } from "./words";

const SHOWN_TAGS = 12;

/** What shows, by relation, status, tag and date; types are chosen in the legend. */
export function Filters({ slice, view, change }: { slice: Slice | undefined; view: View; change: ChangeView }) {
  const t = useExplorerWords();
  const node = useNodeWords();
  const statuses = useKnown([...(slice?.nodes ?? []).flatMap((one) => one.status ?? []), ...view.statuses]);
  const clear = { types: [], relations: [], tags: [], statuses: [], since: "", until: "" };
  return (
    <section className="explorer-side" aria-label={t.filters}>
      <Group name={t.relations}>
        {RELATIONS.map((relation) => (
          <Check
            key={relation}
            name={node[relation]}
            checked={view.relations.includes(relation)}
            toggle={() => change({ relations: toggled(view.relations, relation) })}
          />
        ))}
      </Group>
      {statuses.length > 0 && (
        <Group name={t.status}>
          {statuses.map((status) => (
            <Check
              key={status}
              name={status}
              checked={view.statuses.includes(status)}
              toggle={() => change({ statuses: toggled(view.statuses, status) })}
            />
          ))}
        </Group>
      )}
      <Tags view={view} change={change} />
      <Group name={t.changedBetween}>
        <Day name={t.since} value={view.since} set={(since) => change({ since })} />
        <Day name={t.until} value={view.until} set={(until) => change({ until })} />
      </Group>
      {(filtered(view) || view.relations.length > 0) && <Button onPress={() => change(clear)}>{t.clear}</Button>}
    </section>
  );
}

function Tags({ view, change }: { view: View; change: ChangeView }) {
  const t = useExplorerWords();
  const { graph, asOf } = usePlace();
  const [text, setText] = useState("");
  const [{ data }] = useQuery({ query: TAGS, variables: { graph: graph ?? null, asOf: asOf ?? null } });
  const all = data?.tags ?? [];
  const wanted = text.trim().toLowerCase().replace(/^#/, "");
  const found = all.filter(({ tag }) => tag.toLowerCase().includes(wanted)).slice(0, SHOWN_TAGS);
  const chosen = view.tags.filter((tag) => !found.some((one) => one.tag === tag));
  if (all.length === 0 && view.tags.length === 0) return null;
  return (
    <Group name={t.tags}>
      {all.length > SHOWN_TAGS && (
        <input
          className="input"
          aria-label={t.moreTags}
          placeholder={t.moreTags}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      )}
      {[...chosen.map((tag) => ({ tag, count: undefined })), ...found].map(({ tag, count }) => (
        <Check
          key={tag}
          name={`#${tag}`}
          count={count}
          checked={view.tags.includes(tag)}
          toggle={() => change({ tags: toggled(view.tags, tag) })}
        />
      ))}
    </Group>
  );
}

/** Everything that was ever in the list, in order: what a filter leaves out can still be chosen. */
function useKnown(now: readonly string[]): readonly string[] {
  const known = useRef(new Set<string>());
  for (const one of now) known.current.add(one);
  return [...known.current].sort();
}

function Group({ name, children }: { name: string; children: ReactNode }) {
  return (
    <fieldset className="explorer-group">
      <legend>{name}</legend>
      {children}
    </fieldset>
  );
}

interface CheckProps {
  readonly name: string;
  readonly count?: number | undefined;
  readonly checked: boolean;
  readonly toggle: () => void;
}

function Check({ name, count, checked, toggle }: CheckProps) {
  return (
    <label className="explorer-check">
      <input type="checkbox" checked={checked} onChange={toggle} />
      <span className="truncate" dir="auto">
        {name}
      </span>
      {count !== undefined && <span className="muted">{count}</span>}
    </label>
  );
}

function Day({ name, value, set }: { name: string; value: string; set: (value: string) => void }) {
  return (
    <label className="field">
      <span className="label">{name}</span>
      <input className="input" type="date" value={value} onChange={(event) => set(event.target.value)} />
    </label>
  );
}
