import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect, useMemo, useRef, useState } from "react";
import { refresh } from "../api/refresh";
import { useVaultSession } from "../api/vaultToken";
import { Failed, Loading } from "../design/components/States";
import { usePlace } from "../shell/graph";
import { VAULT_TABS } from "../shell/pages";
import { useShellWords } from "../shell/words";
import { Closed } from "./Closed";
import { SignIn } from "./SignIn";
import { StateBadge } from "./StateBadge";
import { useVaultState, VaultContext, type VaultStatus } from "./state";
import { Who } from "./Who";
import "./vault.css";

const STATUS = "/vault";

/**
 * What stands around every page of the vault: its state, who is signed in, its parts. A page shows when the vault is
 * open and somebody is signed in; the one that tells how the vault stands shows always.
 */
export function Frame() {
  const t = useShellWords();
  const answer = useVaultState();
  const status = answer.data?.vaultStatus;
  return (
    <div className="page vault">
      <div className="page-head">
        <h1>{t.vault}</h1>
        {status && <StateBadge state={status.state} />}
        <Who />
      </div>
      <Tabs />
      {status && <Inside status={status} again={answer.again} />}
      {!status && (answer.error ? <Failed error={answer.error} retry={answer.again} /> : <Loading lines={8} />)}
    </div>
  );
}

function Tabs() {
  const t = useShellWords();
  const { graph } = usePlace();
  const nav = useRef<HTMLElement>(null);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // biome-ignore lint/correctness/useExhaustiveDependencies: another tab is the one that shows
  useEffect(() => {
    const chosen = nav.current?.querySelector<HTMLElement>("[aria-current=page]");
    if (chosen && nav.current) nav.current.scrollLeft = chosen.offsetLeft - nav.current.clientWidth / 3;
  }, [path]);
  return (
    <nav className="vault-tabs" aria-label={t.vault} ref={nav}>
      <ul>
        {VAULT_TABS.map(({ path, name }) => (
          <li key={path}>
            <Link
              to={path as never}
              search={(graph ? { graph } : {}) as never}
              activeOptions={{ exact: path === STATUS, includeSearch: false }}
            >
              {t[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Inside({ status, again }: { status: VaultStatus; again: () => void }) {
  const vault = useMemo(() => ({ status, again }), [status, again]);
  const { session, ended } = useVaultSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const owner = session && `${session.namespace} ${session.displayName}`;
  const [last, setLast] = useState(owner);
  useEffect(() => {
    if (!owner) return;
    setLast(owner);
    refresh();
  }, [owner]);
  const open = status.state === "UNSEALED";
  const shown = open && owner !== undefined;
  // What somebody wrote stays there while a token runs out or the vault is sealed, for the same person alone.
  const here = shown ? owner : owner || ended ? last : undefined;
  if (path.replace(/\/$/, "") === STATUS)
    return (
      <VaultContext value={vault}>
        <Outlet />
        {open && !session && <SignIn ended={ended} />}
      </VaultContext>
    );
  return (
    <VaultContext value={vault}>
      {!open && <Closed status={status} />}
      {open && !session && <SignIn ended={ended} />}
      {here !== undefined && (
        <div key={here} hidden={!shown}>
          <Outlet />
        </div>
      )}
    </VaultContext>
  );
}
