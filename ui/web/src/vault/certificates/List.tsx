import { useMemo } from "react";
import { useDates } from "../../i18n";
import { type Column, DataTable } from "../../parts/DataTable";
import { CertificateLink } from "./CertificateLink";
import type { Certificate } from "./documents";
import { commonNameOf, nameOf, stateOf } from "./model";
import { StateMark } from "./StateMark";
import { useCertificateWords } from "./words";

/** The same certificates as a table, the one that ends first at the top. */
export function List({ certificates, now }: { certificates: readonly Certificate[]; now: number }) {
  const t = useCertificateWords();
  const dates = useDates();
  const columns = useMemo(
    (): readonly Column<Certificate>[] => [
      {
        id: "name",
        name: t.name,
        width: "minmax(80px, 3fr)",
        value: nameOf,
        cell: (one) => <CertificateLink certificate={one} />,
      },
      {
        id: "state",
        name: t.state,
        width: "112px",
        value: (one) => stateOf(one, now),
        cell: (one) => <StateMark state={stateOf(one, now)} />,
      },
      {
        id: "expires",
        name: t.expires,
        width: "96px",
        value: ({ notAfter }) => Date.parse(notAfter),
        cell: ({ notAfter }) => (
          <time dateTime={notAfter} title={dates.moment(notAfter)}>
            {dates.day(notAfter)}
          </time>
        ),
      },
      {
        id: "issuer",
        name: t.issuer,
        width: "minmax(100px, 2fr)",
        minor: true,
        value: ({ issuer }) => commonNameOf(issuer),
        cell: ({ issuer }) => <span title={issuer}>{commonNameOf(issuer)}</span>,
      },
      {
        id: "key",
        name: t.key,
        width: "100px",
        minor: true,
        value: ({ keyType, keyBits }) => `${keyType} ${keyBits ?? ""}`,
        cell: ({ keyType, keyBits }) => `${keyType} ${keyBits || ""}`,
      },
    ],
    [t, dates, now],
  );
  return (
    <DataTable
      label={t.title}
      columns={columns}
      rows={certificates}
      rowKey={({ id }) => id}
      sortedBy={{ column: "expires", direction: "ascending" }}
      height="calc(100dvh - 320px)"
    />
  );
}
