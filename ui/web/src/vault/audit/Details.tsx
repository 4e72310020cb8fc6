import { Link } from "@tanstack/react-router";
import { useLanguage } from "../../i18n";
import { Fact, Facts, Panel } from "../../parts/Split";
import { usePlace } from "../../shell/graph";
import { useVaultAnswer } from "../answer";
import { type Event, MOUNTS } from "./documents";
import { secretOf } from "./model";
import { Result } from "./Result";
import { useAuditWords } from "./words";

interface Props {
  /** Nothing: it is not among those that show. */
  readonly event: Event | undefined;
  readonly close: () => void;
}

/** One line: what was asked by whom and from where, and how that went. */
export function Details({ event, close }: Props) {
  const t = useAuditWords();
  const { language } = useLanguage();
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long" });
  return (
    <Panel label={t.details} title={<span className="mono">{event?.path ?? t.details}</span>} close={close}>
      {!event && <p className="muted">{t.gone}</p>}
      {event && (
        <>
          <div className="row wrap">
            <Result {...event} />
            <span className="badge">{event.operation}</span>
            <span className="badge">{kindOf(event.kind, t)}</span>
          </div>
          <Facts>
            <Fact name={t.time}>
              <time dateTime={event.at}>{moment.format(new Date(event.at))}</time>
            </Fact>
            {event.error && <Fact name={t.error}>{event.error}</Fact>}
            <Fact name={t.who}>{event.displayName || t.nobody}</Fact>
            {event.policies.length > 0 && <Fact name={t.policies}>{event.policies.join(", ")}</Fact>}
            {event.remoteAddress && <Fact name={t.address}>{event.remoteAddress}</Fact>}
            {event.mountType && <Fact name={t.mountType}>{event.mountType}</Fact>}
            <Fact name={t.namespace}>{event.namespace || t.root}</Fact>
            {event.accessor && (
              <Fact name={t.accessor}>
                <code className="audit-accessor">{event.accessor}</code>
              </Fact>
            )}
          </Facts>
          <Ways event={event} />
        </>
      )}
    </Panel>
  );
}

function kindOf(kind: string, t: ReturnType<typeof useAuditWords>): string {
  return kind === "response" ? t.responseOne : kind === "request" ? t.requestOne : kind;
}

/** Where a line leads: to the secret that it is about, and to why it was refused. */
function Ways({ event: { path, operation, policies, allowed } }: { event: Event }) {
  const t = useAuditWords();
  const { graph } = usePlace();
  const { data } = useVaultAnswer({ query: MOUNTS, variables: {} });
  const secret = secretOf(path, data?.mounts ?? []);
  const place = graph ? { graph } : {};
  const question = { op: operation.toUpperCase(), path, as: "policies", who: policies.join(",") };
  return (
    <div className="row wrap">
      {secret && (
        <Link
          to={"/vault/secrets" as never}
          search={{ ...place, mount: secret.mount.replace(/\/$/, ""), path: secret.path } as never}
          className="button"
        >
          {t.secret}
        </Link>
      )}
      {!allowed && policies.length > 0 && (
        <Link to={"/vault/policies" as never} search={{ ...place, ...question } as never} className="button">
          {t.explain}
        </Link>
      )}
    </div>
  );
}
