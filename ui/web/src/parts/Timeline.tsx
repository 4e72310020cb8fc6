import type { ReactNode } from "react";
import { useDates, useLanguage } from "../i18n";
import { type Dated, periods } from "./timeline";
import "./parts.css";

interface Props<T extends Dated> {
  readonly label: string;
  readonly items: readonly T[];
  readonly render: (item: T) => ReactNode;
  /** What stands over items without a date. */
  readonly undated: string;
}

/** What happened and when, latest first, by month. */
export function Timeline<T extends Dated>({ label, items, render, undated }: Props<T>) {
  const dates = useDates();
  const { language } = useLanguage();
  const name = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  return (
    <section className="timeline" aria-label={label}>
      {periods(items).map(({ month, items: found }) => (
        <section key={month ?? ""} className="timeline-month">
          <h2>{month ? name.format(new Date(`${month}-01T00:00:00Z`)) : undated}</h2>
          <ol>
            {found.map((item) => (
              <li key={item.id} className="timeline-item">
                <span className="timeline-day muted">
                  {item.at && <time dateTime={item.at}>{dates.day(item.at)}</time>}
                </span>
                <div className="timeline-body">{render(item)}</div>
              </li>
            ))}
          </ol>
        </section>
      ))}
    </section>
  );
}
