import { type ReactNode, useState } from "react";
import { seal } from "../../api/vault";
import { useVaultSession } from "../../api/vaultToken";
import { Button } from "../../design/components/Button";
import { useToast } from "../../shell/toasts";
import { Closed } from "../Closed";
import { Confirm } from "../Confirm";
import { Facts } from "../Facts";
import { useVault, type VaultStatus } from "../state";
import { Ring } from "./Ring";
import { Unseal } from "./Unseal";
import { useStatusWords } from "./words";
import "./status.css";

/** How the vault stands: its seal and what opens it, and what it is. */
export function Page() {
  const { status } = useVault();
  if (status.state === "ABSENT" || status.state === "UNREACHABLE") return <Closed status={status} />;
  return (
    <>
      <Warning status={status} />
      <div className="vault-status">
        <SealCard status={status} />
        <Known status={status} />
      </div>
    </>
  );
}

function Warning({ status }: { status: VaultStatus }) {
  const t = useStatusWords();
  if (!status.auditFailing) return null;
  return (
    <div className="vault-failing" role="alert">
      <strong>{t.auditFails}</strong> {t.auditFailsText}
    </div>
  );
}

function SealCard({ status }: { status: VaultStatus }) {
  const t = useStatusWords();
  const { session } = useVaultSession();
  const [asking, setAsking] = useState(false);
  const { state } = status;
  const [needed, given, shares] = [status.threshold ?? 0, status.progress ?? 0, status.shares ?? 0];
  if (state === "UNINITIALIZED") return <Closed status={status} />;
  const open = state === "UNSEALED";
  return (
    <section className="card vault-seal" aria-labelledby="vault-seal">
      <Ring needed={needed} given={given} open={open} />
      <div className="vault-seal-text">
        <h2 id="vault-seal">{open ? t.open : t.sealed}</h2>
        <p role="status">{open ? t.openText(needed, shares) : t.progress(given, needed)}</p>
        {!open && <p className="muted">{t.left(needed - given, shares)}</p>}
        {!open && <Unseal />}
        {open && session && (
          <Button kind="danger" onPress={() => setAsking(true)}>
            {t.seal}
          </Button>
        )}
      </div>
      {asking && <SealDialog needed={needed} close={() => setAsking(false)} />}
    </section>
  );
}

function SealDialog({ needed, close }: { needed: number; close: () => void }) {
  const t = useStatusWords();
  const toast = useToast();
  const { again } = useVault();
  const act = async () => {
    const reply = await seal();
    toast(reply.ok ? { text: t.isSealed, tone: "ok" } : { text: reply.failure.message, tone: "error" });
    again();
  };
  return (
    <Confirm title={t.sealTitle} action={t.seal} act={act} close={close}>
      <p>{t.sealText(needed)}</p>
    </Confirm>
  );
}

function Known({ status }: { status: VaultStatus }) {
  const t = useStatusWords();
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t.address, status.address && <code>{status.address}</code>],
    [t.version, status.version],
    [t.storage, status.storageType],
    [t.sealType, status.sealType && t.sealOf(status.sealType, status.threshold ?? 0, status.shares ?? 0)],
    [t.cluster, status.clusterName],
    [t.audit, status.auditFailing === null ? null : status.auditFailing ? t.failing : t.works],
    [t.runs, status.supervised ? t.byPlatform : t.elsewhere],
  ];
  return (
    <section className="card" aria-labelledby="vault-facts">
      <h2 id="vault-facts">{t.facts}</h2>
      <Facts facts={facts} />
    </section>
  );
}
