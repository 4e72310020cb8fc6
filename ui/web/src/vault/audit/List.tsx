import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useDates, useLanguage } from "../../i18n";
import { type Column, DataTable } from "../../parts/DataTable";
import type { Event } from "./documents";
import { Result } from "./Result";
import { useAuditWords } from "./words";

const TWO = "2-digit" as const;
const CLOCK = { hour: TWO, minute: TWO, hourCycle: "h23" } as const;
const TODAY = { ...CLOCK, second: TWO } as const;
const EARLIER = { ...CLOCK, month: TWO, day: TWO } as const;

/** Lines of the audit, newest first. */
export function List({ lines }: { lines: readonly Event[] }) {
  const t = useAuditWords();
  const { language } = useLanguage();
  const dates = useDates();
  const columns = useMemo((): readonly Column<Event>[] => {
    const now = new Date();
    const today = new Intl.DateTimeFormat(language, TODAY);
    const earlier = new Intl.DateTimeFormat(language, EARLIER);
    return [
      {
        id: "path",
        name: t.pathName,
        width: "minmax(80px, 3fr)",
        value: ({ path }) => path,
        cell: ({ id, path }) => (
          <Link
            to="."
            search={((before: object) => ({ ...before, event: id })) as never}
            className="mono truncate audit-link"
            title={path}
          >
            {path}
          </Link>
        ),
      },
      {
        id: "operation",
        name: t.operation,
        width: "84px",
        minor: true,
        value: ({ operation }) => operation,
        cell: ({ operation }) => operation,
      },
      {
        id: "result",
        name: t.result,
        width: "84px",
        value: ({ allowed, error }) => (allowed ? (error ? 1 : 2) : 0),
        cell: (line) => <Result {...line} />,
      },
      {
        id: "who",
        name: t.who,
        width: "minmax(80px, 1fr)",
        minor: true,
        value: ({ displayName }) => displayName,
        cell: ({ displayName }) => <span dir="auto">{displayName}</span>,
      },
      {
        id: "address",
        name: t.address,
        width: "100px",
        minor: true,
        value: ({ remoteAddress }) => remoteAddress,
        cell: ({ remoteAddress }) => <span className="muted">{remoteAddress}</span>,
      },
      {
        id: "time",
        name: t.time,
        width: "92px",
        value: ({ at }) => at,
        cell: ({ at }) => (
          <time dateTime={at} className="muted" title={dates.moment(at)}>
            {(new Date(at).toDateString() === now.toDateString() ? today : earlier).format(new Date(at))}
          </time>
        ),
      },
    ];
  }, [t, language, dates]);
  return <DataTable label={t.title} columns={columns} rows={lines} rowKey={({ id }) => id} height="60dvh" />;
}
