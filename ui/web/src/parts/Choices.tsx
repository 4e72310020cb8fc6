import "./parts.css";

interface Option {
  readonly key: string;
  readonly name: string;
  readonly count?: number;
}

interface Props {
  readonly label: string;
  readonly options: readonly Option[];
  readonly value: string;
  readonly choose: (key: string) => void;
}

/** One of a few, as buttons side by side. */
export function Choices({ label, options, value, choose }: Props) {
  return (
    <fieldset className="switches choices" aria-label={label}>
      {options.map(({ key, name, count }) => (
        <button key={key} type="button" aria-pressed={key === value} onClick={() => choose(key)}>
          {name}
          {count !== undefined && <span className="muted"> {count}</span>}
        </button>
      ))}
    </fieldset>
  );
}

/** One of some, as a list that opens. */
export function Pick({ label, options, value, choose }: Props) {
  return (
    <label className="pick">
      <span className="visually-hidden">{label}</span>
      <select className="input" value={value} onChange={(event) => choose(event.target.value)}>
        {options.map(({ key, name, count }) => (
          <option key={key} value={key}>
            {count === undefined ? name : `${name} (${count})`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** Something that is so or not. */
export function Check({ name, value, change }: { name: string; value: boolean; change: (value: boolean) => void }) {
  return (
    <label className="row check">
      <input type="checkbox" checked={value} onChange={(event) => change(event.target.checked)} />
      {name}
    </label>
  );
}
