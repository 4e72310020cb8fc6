import { useMemo } from "react";
import { NodeLink } from "../design/components/NodeLink";
import { Status } from "../design/components/Status";
import { useDates } from "../i18n";
import { type Column, DataTable } from "../parts/DataTable";
import { type Decision, type End, keyOf } from "./model";
import { useDecisionWords } from "./words";

interface Props {
  readonly decisions: readonly Decision[];
  readonly successors: ReadonlyMap<string, readonly End[]>;
}

/** Columns that are left out when no decision has anything in them. */
const SPARSE = new Set(["date", "successor", "deciders"]);

/** Decisions as a table. */
export function Log({ decisions, successors }: Props) {
  const t = useDecisionWords();
  const dates = useDates();
  const columns = useMemo(
    (): readonly Column<Decision>[] => [
      {
        id: "title",
        name: t.name,
        width: "minmax(160px, 3fr)",
        value: (one) => one.title,
        cell: (one) => <NodeLink node={one} />,
      },
      {
        id: "status",
        name: t.status,
        width: "104px",
        value: (one) => one.status,
        cell: (one) => <Status status={one.status} />,
      },
      {
        id: "date",
        name: t.date,
        width: "108px",
        minor: true,
        value: (one) => one.date,
        cell: (one) => one.date && dates.day(one.date),
      },
      {
        id: "successor",
        name: t.successor,
        width: "minmax(120px, 2fr)",
        minor: true,
        cell: (one) => {
          const [by] = successors.get(keyOf(one)) ?? [];
          return by && <NodeLink node={by} />;
        },
      },
      {
        id: "deciders",
        name: t.deciders,
        width: "minmax(80px, 1fr)",
        minor: true,
        value: (one) => one.deciders?.join(", "),
        cell: (one) => one.deciders?.join(", "),
      },
      {
        id: "updated",
        name: t.updated,
        width: "112px",
        minor: true,
        value: (one) => one.updatedAt,
        cell: (one) => <span className="muted">{dates.ago(one.updatedAt)}</span>,
      },
    ],
    [t, dates, successors],
  );
  const used = useMemo(
    () => columns.filter(({ id, cell }) => !SPARSE.has(id) || decisions.some((one) => cell(one))),
    [columns, decisions],
  );
  return <DataTable label={t.title} columns={used} rows={decisions} rowKey={keyOf} />;
}
