import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { Button } from "../../design/components/Button";
import { useDates } from "../../i18n";
import { type Column, DataTable } from "../../parts/DataTable";
import { Icon } from "../../shell/Icon";
import { useLeaseActions } from "./actions";
import type { Lease } from "./documents";
import { canRenew } from "./model";
import { TimeLeft } from "./TimeLeft";
import { useLeaseWords } from "./words";

const AGAIN = "M19 12a7 7 0 11-2-5M19 4v4h-4";
const CROSS = "M6 6l12 12M18 6L6 18";

interface Props {
  readonly leases: readonly Lease[];
  readonly prefix: string;
  readonly now: number;
  readonly revoke: (id: string) => void;
}

/** Leases with what they have left, the one that ends first at the top. */
export function List({ leases, prefix, now, revoke }: Props) {
  const t = useLeaseWords();
  const dates = useDates();
  const { renew } = useLeaseActions();
  const columns = useMemo(
    (): readonly Column<Lease>[] => [
      {
        id: "id",
        name: t.id,
        width: "minmax(90px, 3fr)",
        value: ({ id }) => id,
        cell: ({ id }) => (
          <Link
            to="."
            search={((before: object) => ({ ...before, lease: id })) as never}
            className="mono truncate leases-link"
            title={id}
          >
            {id.startsWith(prefix) ? id.slice(prefix.length) : id}
          </Link>
        ),
      },
      {
        id: "left",
        name: t.left,
        width: "minmax(110px, 2fr)",
        value: ({ expiresAt }) => expiresAt,
        cell: (lease) => <TimeLeft lease={lease} now={now} />,
      },
      {
        id: "expires",
        name: t.expires,
        width: "minmax(140px, 1fr)",
        minor: true,
        value: ({ expiresAt }) => expiresAt,
        cell: ({ expiresAt }) => <span className="muted">{expiresAt ? dates.moment(expiresAt) : t.never}</span>,
      },
      {
        id: "acts",
        name: t.acts,
        width: "76px",
        cell: ({ id, ...lease }) => (
          <span className="leases-acts">
            {canRenew({ id, ...lease }) && (
              <Button kind="quiet" icon label={t.renewOf(id)} onPress={() => void renew(id)}>
                <Icon path={AGAIN} />
              </Button>
            )}
            <Button kind="quiet" icon label={t.revokeOf(id)} onPress={() => revoke(id)}>
              <Icon path={CROSS} />
            </Button>
          </span>
        ),
      },
    ],
    [t, dates, prefix, now, renew, revoke],
  );
  return (
    <DataTable
      label={t.title}
      columns={columns}
      rows={leases}
      rowKey={({ id }) => id}
      sortedBy={{ column: "left", direction: "ascending" }}
      height="60dvh"
    />
  );
}
