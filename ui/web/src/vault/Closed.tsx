import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { Empty } from "../design/components/States";
import { usePlace } from "../shell/graph";
import type { VaultStatus } from "./state";
import { useVaultWords } from "./words";

/** Why nothing of the vault shows, and what to do next. */
export function Closed({ status }: { status: VaultStatus }) {
  const t = useVaultWords();
  const { graph } = usePlace();
  const next: Readonly<Record<Exclude<VaultStatus["state"], "UNSEALED">, ReactNode>> = {
    ABSENT: (
      <>
        <span>{t.absentText}</span>
        <Command>stratumiops up --vault</Command>
        <span>{t.absentOther}</span>
        <Command>{'[vault]\naddress = "https://vault.example:8200"'}</Command>
      </>
    ),
    UNREACHABLE: (
      <>
        <span>{status.problem}</span>
        <span className="mono">{status.address}</span>
        <span>{status.hint ?? t.unreachableText}</span>
        {status.supervised && <Command>stratumiops logs vault</Command>}
      </>
    ),
    UNINITIALIZED: (
      <>
        <span>{t.uninitializedText}</span>
        <Command>{`export VAULT_ADDR=${status.address}\nsvault operator init`}</Command>
        <span>{t.uninitializedThen}</span>
      </>
    ),
    SEALED: (
      <>
        <span>{t.sealedText(status.threshold ?? 0, status.shares ?? 0)}</span>
        <Link to={"/vault" as never} search={(graph ? { graph } : {}) as never} className="button primary">
          {t.unseal}
        </Link>
        <span>{t.sealedCommand}</span>
        <Command>{`export VAULT_ADDR=${status.address}\nsvault operator unseal`}</Command>
      </>
    ),
  };
  if (status.state === "UNSEALED") return null;
  return (
    <Empty title={t[`${status.state}_TITLE`]} level={2}>
      {next[status.state]}
    </Empty>
  );
}

/** What to write in a shell. */
export function Command({ children }: { children: string }) {
  return <pre className="vault-command">{children}</pre>;
}
