import { useState } from "react";
import { Button } from "../../design/components/Button";
import { useDates } from "../../i18n";
import { Pick } from "../../parts/Choices";
import { Copy } from "../../parts/Copy";
import { Fact, Facts, Panel } from "../../parts/Split";
import { useSpans } from "../../parts/span";
import { useLeaseActions } from "./actions";
import type { Lease } from "./documents";
import { canRenew } from "./model";
import { TimeLeft } from "./TimeLeft";
import { useLeaseWords } from "./words";

interface Props {
  readonly id: string;
  /** Nothing: it is not known any more. */
  readonly lease: Lease | undefined;
  readonly now: number;
  readonly revoke: (id: string) => void;
  readonly close: () => void;
}

/** One lease: what of, since when, until when; to renew and to revoke. */
export function Details({ id, lease, now, revoke, close }: Props) {
  const t = useLeaseWords();
  const dates = useDates();
  return (
    <Panel label={t.details} title={<span className="mono">{lease?.path ?? id}</span>} close={close}>
      {!lease && <p className="muted">{t.gone}</p>}
      {lease && (
        <>
          <TimeLeft lease={lease} now={now} />
          <Facts>
            <Fact name={t.expires}>{lease.expiresAt ? dates.moment(lease.expiresAt) : t.never}</Fact>
            <Fact name={t.issued}>{dates.moment(lease.issuedAt)}</Fact>
            {lease.lastRenewedAt && <Fact name={t.lastRenewed}>{dates.moment(lease.lastRenewedAt)}</Fact>}
            <Fact name={t.renewable}>{lease.renewable ? (canRenew(lease) ? t.yes : t.byToken) : t.no}</Fact>
            <Fact name={t.id}>
              <span className="row">
                <code className="leases-id">{lease.id}</code>
                <Copy text={lease.id} name={t.id} />
              </span>
            </Fact>
          </Facts>
          {canRenew(lease) && <Renew id={lease.id} />}
          <div>
            <Button kind="danger" onPress={() => revoke(lease.id)}>
              {t.revoke}
            </Button>
          </div>
        </>
      )}
    </Panel>
  );
}

const INCREMENTS_S = [900, 3_600, 28_800, 86_400, 604_800];

function Renew({ id }: { id: string }) {
  const t = useLeaseWords();
  const span = useSpans();
  const { renew } = useLeaseActions();
  const [by, setBy] = useState("");
  return (
    <div className="row wrap">
      <Pick
        label={t.by}
        options={[
          { key: "", name: t.ownTime },
          ...INCREMENTS_S.map((seconds) => ({ key: String(seconds), name: span(seconds) })),
        ]}
        value={by}
        choose={setBy}
      />
      <Button onPress={() => void renew(id, by ? Number(by) : undefined)}>{t.renew}</Button>
    </div>
  );
}
