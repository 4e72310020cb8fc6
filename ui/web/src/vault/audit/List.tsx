import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useLanguage } from "../../i18n";
import { type Column, DataTable } from "../../parts/DataTable";
import type { Event } from "./documents";
import { Result } from "./Result";
import { useAuditWords } from "./words";

const TWO = "2-digit" as const;
/** Short, and to the second. */
const MOMENT = { month: TWO, day: TWO, hour: TWO, minute: TWO, second: TWO, hourCycle: "h23" } as const;

/** Lines of the audit, newest first. */
export function List({ lines }: { lines: readonly Event[] }) {
  const t = useAuditWords();
  const { language } = useLanguage();
  const columns = useMemo((): readonly Column<Event>[] => {
    const moment = new Intl.DateTimeFormat(language, MOMENT);
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
        width: "112px",
        minor: true,
        value: ({ remoteAddress }) => remoteAddress,
        cell: ({ remoteAddress }) => <span className="muted">{remoteAddress}</span>,
      },
      {
        id: "time",
        name: t.time,
        width: "minmax(112px, 140px)",
        value: ({ at }) => at,
        cell: ({ at }) => (
          <time dateTime={at} className="muted">
            {moment.format(new Date(at))}
          </time>
        ),
      },
    ];
  }, [t, language]);
  return <DataTable label={t.title} columns={columns} rows={lines} rowKey={({ id }) => id} height="60dvh" />;
}
