import type { ReactNode } from "react";
import { largest } from "./chart";
import { Twins } from "./Twins";
import "./parts.css";

export interface Bar {
  readonly key: string;
  readonly value: number;
  /** What it is called: text, or a link. */
  readonly name: ReactNode;
}

interface Props {
  readonly label: string;
  readonly bars: readonly Bar[];
  /** What the column of names and that of values are called. */
  readonly names: string;
  readonly values: string;
}

/** Numbers by name as bars, and the same as a table. */
export function Bars({ label, bars, names, values }: Props) {
  const most = largest(bars.map(({ value }) => value));
  return (
    <Twins
      label={label}
      picture={
        <ul className="bars" aria-label={label}>
          {bars.map(({ key, name, value }) => (
            <li key={key} className="bars-line">
              <span className="truncate">{name}</span>
              <span className="bars-track" aria-hidden="true">
                <span className="bars-bar" style={{ width: `${(100 * value) / most}%` }} />
              </span>
              <span className="bars-value">{value}</span>
            </li>
          ))}
        </ul>
      }
      table={
        <div className="chart-table">
          <table className="data-table">
            <thead>
              <tr>
                <th scope="col">{names}</th>
                <th scope="col" className="number">
                  {values}
                </th>
              </tr>
            </thead>
            <tbody>
              {bars.map(({ key, name, value }) => (
                <tr key={key}>
                  <td>{name}</td>
                  <td className="number">{value}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      }
    />
  );
}
