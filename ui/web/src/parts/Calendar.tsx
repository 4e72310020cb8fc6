import { type KeyboardEvent, useEffect, useRef } from "react";
import { Button } from "../design/components/Button";
import { useLanguage } from "../i18n";
import { dayByKey, monthOf, monthShifted } from "./calendar";
import { usePartsWords } from "./words";
import "./calendar.css";

export interface Entry {
  readonly title: string;
  /** Repeats in colour what the title or the page says. */
  readonly tone?: "ok" | "warn" | "danger";
}

interface Props {
  readonly label: string;
  /** The chosen day. */
  readonly day: string;
  readonly weeks: readonly (readonly string[])[];
  readonly days: ReadonlyMap<string, readonly Entry[]>;
  /** How many there are on a day, in words. */
  readonly count: (count: number) => string;
  readonly choose: (day: string) => void;
}

const SHOWN = 2;

/** A month of days. Arrows go from day to day, page keys from month to month. */
export function Calendar({ label, day, weeks, days, count, choose }: Props) {
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
    <table className="calendar" ref={table} aria-label={label}>
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
                    className={monthOf(each) === monthOf(day) ? "calendar-day" : "calendar-day beside"}
                    aria-pressed={each === day}
                    tabIndex={each === day ? 0 : -1}
                    onClick={() => choose(each)}
                    onKeyDown={keys}
                  >
                    <span className="visually-hidden">
                      {long.format(date(each))}, {count(entries.length)}{" "}
                    </span>
                    <span className="row calendar-number" aria-hidden="true">
                      {Number(each.slice(8))}
                      {entries.length > 0 && <span className={`calendar-dot ${worst(entries)}`} />}
                    </span>
                    {entries.slice(0, SHOWN).map((entry, index) => (
                      // biome-ignore lint/suspicious/noArrayIndexKey: titles can be the same, and do not move
                      <span key={index} className="calendar-title truncate">
                        {entry.title}
                      </span>
                    ))}
                    {entries.length > SHOWN && <span className="calendar-title">+{entries.length - SHOWN}</span>}
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

const TONES = ["danger", "warn", "ok"] as const;

const worst = (entries: readonly Entry[]): string =>
  TONES.find((tone) => entries.some((entry) => entry.tone === tone)) ?? "";

/** The month of a day, and ways to those before and after it. */
export function Months({ day, choose }: Pick<Props, "day" | "choose">) {
  const t = usePartsWords();
  const { language } = useLanguage();
  const name = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  return (
    <>
      <Button icon kind="quiet" label={t.monthBefore} onPress={() => choose(monthShifted(day, -1))}>
        ‹
      </Button>
      <h2 className="calendar-month" aria-live="polite">
        {name.format(new Date(`${monthOf(day)}-01T00:00:00Z`))}
      </h2>
      <Button icon kind="quiet" label={t.monthAfter} onPress={() => choose(monthShifted(day, 1))}>
        ›
      </Button>
    </>
  );
}
