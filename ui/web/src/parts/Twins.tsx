import { type ReactNode, useState } from "react";
import { usePartsWords } from "./words";
import "./parts.css";

interface Props {
  readonly label: string;
  readonly picture: ReactNode;
  readonly table: ReactNode;
}

/** A picture of numbers, and the same as a table: whichever the reader wants. */
export function Twins({ label, picture, table }: Props) {
  const t = usePartsWords();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className="chart" aria-label={label}>
      <figcaption className="row">
        <h2>{label}</h2>
        <fieldset className="switches chart-switch" aria-label={t.showAs}>
          <button type="button" aria-pressed={!asTable} onClick={() => setAsTable(false)}>
            {t.chart}
          </button>
          <button type="button" aria-pressed={asTable} onClick={() => setAsTable(true)}>
            {t.table}
          </button>
        </fieldset>
      </figcaption>
      {asTable ? table : picture}
    </figure>
  );
}
