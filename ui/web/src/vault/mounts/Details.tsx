import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { changed } from "../../parts/address";
import { useSpans } from "../../parts/span";
import { usePlace } from "../../shell/graph";
import { Facts } from "../Facts";
import type { Mount } from "./documents";
import { useMountsWords } from "./words";

/** A mount in full, and where what is in it can be seen. */
export function Details({ mount }: { mount: Mount }) {
  const t = useMountsWords();
  const { graph } = usePlace();
  const span = useSpans();
  const ttl = (seconds: number) => (seconds === 0 ? t.server : span(seconds));
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t.type, `${mount.type}${mount.version === null ? "" : ` v${mount.version}`}`],
    [t.description, mount.description],
    [t.ttl, ttl(mount.defaultLeaseTtl)],
    [t.maxTtl, ttl(mount.maxLeaseTtl)],
    [t.accessor, <code key="accessor">{mount.accessor}</code>],
    [t.local, mount.local ? t.yes : t.no],
    ...mount.options.filter(({ key }) => key !== "version").map(({ key, value }) => [t.option(key), value] as const),
  ];
  const inside = { kv: ["/vault/secrets", t.openSecrets], pki: ["/vault/certificates", t.openCertificates] } as const;
  const leads =
    mount.kind === "SECRETS" && mount.type in inside ? inside[mount.type as keyof typeof inside] : undefined;
  return (
    <section className="card mounts-details" aria-labelledby="mounts-details">
      <Link
        to="."
        className="button vault-back"
        search={((before: object) => changed({ ...before }, { mount: undefined })) as never}
      >
        {t.back}
      </Link>
      <h2 id="mounts-details">
        <code>{mount.kind === "AUTH" ? `auth/${mount.path}` : mount.path}</code>
      </h2>
      <Facts facts={facts} />
      {leads && (
        <Link
          to={leads[0] as never}
          search={{ mount: mount.path.replace(/\/$/, ""), ...(graph ? { graph } : {}) } as never}
          className="button"
        >
          {leads[1]}
        </Link>
      )}
    </section>
  );
}
