import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { Failed, Loading } from "../design/components/States";
import { RELATIONS, TYPES } from "../node/model";
import { useNodeWords } from "../node/words";
import { usePlace } from "../shell/graph";
import { PATTERN } from "./documents";
import type { Pattern } from "./model";
import { Shape } from "./Shape";
import { keyOf } from "./slice";
import type { ChangeView } from "./state";
import { useRows } from "./window";
import { useExplorerWords } from "./words";

/** The most matches that are asked for. */
export const MOST_MATCHES = 1_000;

/** The relations that match a pattern; undefined while they are asked for, and without one. */
export function useMatches(pattern: Pattern | undefined) {
  const { graph } = usePlace();
  const end = (type: Pattern["from"]) => (type ? { type } : {});
  const variables = {
    from: end(pattern?.from),
    to: end(pattern?.to),
    relation: pattern?.relation ?? null,
    graph: graph ?? null,
  };
  const [{ data, error }] = useQuery({ query: PATTERN, variables, pause: !pattern });
  return { matches: pattern && data?.matchPattern, error: pattern && error };
}

interface Props {
  readonly pattern: Pattern | undefined;
  readonly change: ChangeView;
  readonly selected: string | undefined;
  readonly select: (key: string) => void;
}

const ANY: Pattern = { from: undefined, relation: undefined, to: undefined };

/** Finds relations of a type between nodes of two types: chosen by lists, found as a list, and alone in the picture. */
export function Patterns({ pattern, change, selected, select }: Props) {
  const t = useExplorerWords();
  const names = useNodeWords();
  const set = (part: Partial<Pattern>) => change({ pattern: { ...(pattern ?? ANY), ...part } });
  return (
    <section className="explorer-side" aria-label={t.pattern}>
      <p className="muted">{t.patternText}</p>
      <div className="explorer-pattern">
        <Choice
          name={t.patternFrom}
          any={t.anyType}
          all={TYPES}
          names={names}
          value={pattern?.from}
          set={(from) => set({ from })}
        />
        <Choice
          name={t.patternRelation}
          any={t.anyRelation}
          all={RELATIONS}
          names={names}
          value={pattern?.relation}
          set={(relation) => set({ relation })}
        />
        <Choice
          name={t.patternTo}
          any={t.anyType}
          all={TYPES}
          names={names}
          value={pattern?.to}
          set={(to) => set({ to })}
        />
      </div>
      {pattern && <Found pattern={pattern} selected={selected} select={select} />}
      {pattern && <Button onPress={() => change({ pattern: undefined })}>{t.patternClear}</Button>}
    </section>
  );
}

interface PickProps<T extends string> {
  readonly name: string;
  readonly any: string;
  readonly all: readonly T[];
  readonly names: Readonly<Record<T, string>>;
  readonly value: T | undefined;
  readonly set: (value: T | undefined) => void;
}

function Choice<T extends string>({ name, any, all, names, value, set }: PickProps<T>) {
  return (
    <label className="field">
      <span className="label">{name}</span>
      <select
        className="input"
        value={value ?? ""}
        onChange={(event) => set(all.find((one) => one === event.target.value))}
      >
        <option value="">{any}</option>
        {all.map((one) => (
          <option key={one} value={one}>
            {names[one]}
          </option>
        ))}
      </select>
    </label>
  );
}

function Found({ pattern, selected, select }: { pattern: Pattern } & Omit<Props, "pattern" | "change">) {
  const t = useExplorerWords();
  const names = useNodeWords();
  const { matches, error } = useMatches(pattern);
  const rows = useRows(matches?.length ?? 0, MATCH_HEIGHT);
  if (error && !matches) return <Failed error={error} />;
  if (!matches) return <Loading lines={4} />;
  const end = (node: (typeof matches)[number]["source"]) => (
    <button
      type="button"
      className="explorer-title"
      aria-current={keyOf(node) === selected}
      onClick={() => select(keyOf(node))}
    >
      <Shape type={node.type} />
      <span className="truncate" dir="auto">
        {node.title.slice(0, 300)}
      </span>
    </button>
  );
  return (
    <>
      <p role="status" className="explorer-found">
        {matches.length < MOST_MATCHES ? t.matches(matches.length) : t.firstMatches(MOST_MATCHES)}
      </p>
      <div ref={rows.ref} className="explorer-matches">
        <ul aria-label={t.matchList} style={{ height: matches.length * MATCH_HEIGHT }}>
          {matches.slice(rows.first, rows.last).map((match, index) => (
            <li
              key={`${keyOf(match.source)} ${match.type} ${keyOf(match.target)}`}
              style={{ top: (rows.first + index) * MATCH_HEIGHT, height: MATCH_HEIGHT }}
            >
              {end(match.source)}
              <span className="muted explorer-by">{names[match.type]}</span>
              {end(match.target)}
            </li>
          ))}
        </ul>
      </div>
    </>
  );
}

const MATCH_HEIGHT = 84;
