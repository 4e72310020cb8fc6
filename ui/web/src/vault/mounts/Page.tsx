import { Link } from "@tanstack/react-router";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { changed, useAddress } from "../../parts/address";
import { type Column, DataTable } from "../../parts/DataTable";
import { useSpans } from "../../parts/span";
import { useVaultAnswer } from "../answer";
import { ListAndDetail } from "../ListAndDetail";
import { Details } from "./Details";
import { MOUNTS, type Mount } from "./documents";
import { useMountsWords } from "./words";
import "./mounts.css";

const KINDS = ["SECRETS", "AUTH"] as const;

/** What is mounted in the vault: engines of secrets, and ways to log in; and one of them in detail. */
export function Page() {
  const t = useMountsWords();
  const [{ mount: name }] = useAddress();
  const answer = useVaultAnswer({ query: MOUNTS, variables: {} });
  return (
    <Answered answer={answer} empty={({ mounts }) => mounts.length === 0 && <Empty title={t.none} />}>
      {({ mounts }) => {
        const chosen = mounts.find((mount) => keyOf(mount) === name);
        return (
          <ListAndDetail
            chosen={chosen !== undefined}
            list={KINDS.map((kind) => (
              <Table key={kind} kind={kind} mounts={mounts.filter((mount) => mount.kind === kind)} />
            ))}
            detail={chosen ? <Details mount={chosen} /> : <Empty title={t.choose} />}
          />
        );
      }}
    </Answered>
  );
}

/** Its name in the address: ways to log in stand below `auth/`. */
const keyOf = ({ kind, path }: Mount): string => (kind === "AUTH" ? `auth/${path}` : path);

function Table({ kind, mounts }: { kind: Mount["kind"]; mounts: readonly Mount[] }) {
  const t = useMountsWords();
  const span = useSpans();
  const ttl = (seconds: number) => (seconds === 0 ? <span className="muted">{t.server}</span> : span(seconds));
  const columns: readonly Column<Mount>[] = [
    {
      id: "path",
      name: t.path,
      width: "minmax(96px, 2fr)",
      value: (mount) => mount.path,
      cell: (mount) => (
        <Link to="." search={((before: object) => changed({ ...before }, { mount: keyOf(mount) })) as never}>
          <code>{mount.path}</code>
        </Link>
      ),
    },
    {
      id: "type",
      name: t.type,
      width: "minmax(80px, 1fr)",
      value: (mount) => mount.type,
      cell: (mount) => `${mount.type}${mount.version === null ? "" : ` v${mount.version}`}`,
    },
    {
      id: "ttl",
      name: t.ttl,
      width: "minmax(64px, 1fr)",
      minor: true,
      value: (mount) => mount.defaultLeaseTtl,
      cell: (mount) => ttl(mount.defaultLeaseTtl),
    },
  ];
  return (
    <section className="mounts-kind" aria-labelledby={`mounts-${kind}`}>
      <h2 id={`mounts-${kind}`}>
        {t[kind]} <span className="muted">{mounts.length}</span>
      </h2>
      <DataTable
        label={t[kind]}
        columns={columns}
        rows={mounts}
        rowKey={keyOf}
        sortedBy={{ column: "path", direction: "ascending" }}
        height="none"
      />
    </section>
  );
}
