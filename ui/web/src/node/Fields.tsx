import type { Draft, Field } from "./model";
import { useNodeWords } from "./words";

const STATUSES = ["proposed", "accepted", "rejected", "deprecated", "superseded", "draft", "active", "done"];

interface Props {
  readonly draft: Draft;
  readonly change: (change: Partial<Draft>) => void;
}

/** The fields of a node that people write. */
export function Fields({ draft, change }: Props) {
  const t = useNodeWords();
  const line = (field: Exclude<Field, "content">, label: string, more: object = {}) => (
    <label className="field">
      <span className="label">{label}</span>
      <input
        className="input"
        name={field}
        dir="auto"
        value={draft[field]}
        onChange={(event) => change({ [field]: event.target.value })}
        {...more}
      />
    </label>
  );
  return (
    <>
      {line("title", t.title, { required: true, maxLength: 1_000 })}
      <div className="node-fields">
        {line("status", t.status, { list: "node-statuses" })}
        {line("date", t.date, { type: "date" })}
        {line("tags", t.tagsHint)}
      </div>
      <datalist id="node-statuses">
        {STATUSES.map((status) => (
          <option key={status} value={status} />
        ))}
      </datalist>
      <label className="field">
        <span className="label">{t.content}</span>
        <textarea
          className="input node-content"
          name="content"
          dir="auto"
          value={draft.content}
          onChange={(event) => change({ content: event.target.value })}
        />
      </label>
    </>
  );
}
