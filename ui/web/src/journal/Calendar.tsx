import { type KeyboardEvent, useEffect, useRef } from "react";
import { useLanguage } from "../i18n";
import { dayByKey, monthOf } from "./model";
import { useJournalWords } from "./words";

interface Props {
  /** The chosen day. */
  readonly day: string;
  readonly weeks: readonly (readonly string[])[];
  readonly days: ReadonlyMap<string, readonly { readonly title: string }[]>;
  readonly choose: (day: string) => void;
}

const SHOWN = 2;

/** A month of days. Arrows go from day to day, page keys from month to month. */
export function Calendar({ day, weeks, days, choose }: Props) {
  const t = useJournalWords();
  const { language } = useLanguage();
  const table = useRef<HTMLTableElement>(null);
  const byKeys = useRef(false);
  const short = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
  const long = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });
  const date = (iso: string) => new Date(`${iso}T00:00:00Z`);
  useEffect(() => {
    if (byKeys.current) table.current?.querySelector<HTMLElement>(`[data-day="${day}"]`)?.focus();
    byKeys.current = false;
  }, [day]);
  const keys = (event: KeyboardEvent) => {
    const next = dayByKey(day, event.key);
    if (!next) return;
    event.preventDefault();
    byKeys.current = true;
    choose(next);
  };
  return (
    <table className="journal-calendar" ref={table} aria-label={t.calendar}>
      <thead>
        <tr>
          {(weeks[0] ?? []).map((each) => (
            <th key={each} scope="col">
              {short.format(date(each))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((each) => {
              const entries = days.get(each) ?? [];
              return (
                <td key={each}>
                  <button
                    type="button"
                    data-day={each}
                    className={monthOf(each) === monthOf(day) ? "journal-day" : "journal-day beside"}
                    aria-pressed={each === day}
                    tabIndex={each === day ? 0 : -1}
                    onClick={() => choose(each)}
                    onKeyDown={keys}
                  >
                    <span className="visually-hidden">
                      {long.format(date(each))}, {t.entries(entries.length)}{" "}
                    </span>
                    <span className="row journal-number" aria-hidden="true">
                      {Number(each.slice(8))}
                      {entries.length > 0 && <span className="journal-dot" />}
                    </span>
                    {entries.slice(0, SHOWN).map((entry) => (
                      <span key={entry.title} className="journal-title truncate">
                        {entry.title}
                      </span>
                    ))}
                    {entries.length > SHOWN && <span className="journal-title">{t.more(entries.length - SHOWN)}</span>}
                  </button>
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
