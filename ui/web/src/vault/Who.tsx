import { useEffect, useState } from "react";
import { checkSession, signOut } from "../api/vault";
import { useVaultSession, type VaultSession } from "../api/vaultToken";
import { Button } from "../design/components/Button";
import { useToast } from "../shell/toasts";
import { leftOf, SOON_S } from "./model";
import { useVaultWords } from "./words";

/** Who is signed in to the vault, for how long yet, and the way out. */
export function Who() {
  const { session } = useVaultSession();
  return session ? <Person key={session.token} session={session} /> : null;
}

const TICK_MS = 5_000;
/** The longest that a browser's timer can wait. */
const LONGEST_MS = 2 ** 31 - 1;

function Person({ session }: { session: VaultSession }) {
  const t = useVaultWords();
  const toast = useToast();
  const [now, setNow] = useState(Date.now);
  const { expiresAt } = session;
  useEffect(() => {
    if (!expiresAt) return;
    const tick = setInterval(() => setNow(Date.now()), TICK_MS);
    const end = setTimeout(() => void checkSession(), Math.min(LONGEST_MS, Date.parse(expiresAt) - Date.now() + 500));
    return () => {
      clearInterval(tick);
      clearTimeout(end);
    };
  }, [expiresAt]);
  const left = expiresAt ? leftOf(expiresAt, now) : undefined;
  const leave = async () => {
    const failure = await signOut();
    if (failure) toast({ text: `${t.notRevoked} ${failure.message}`, tone: "error" });
    else toast({ text: session.own ? t.signedOutRevoked : t.signedOut, tone: "ok" });
  };
  return (
    <div className="row wrap vault-who">
      <span className="truncate" title={session.policies.join(", ")}>
        {t.signedInAs} <strong>{session.displayName}</strong>
        {session.namespace && <span className="muted"> · {session.namespace}</span>}
      </span>
      {left ? (
        <span className={`badge ${left.seconds < SOON_S ? "warn" : ""}`} title={expiresAt ?? ""}>
          {t[left.unit](left.count)}
        </span>
      ) : (
        <span className="badge">{t.forever}</span>
      )}
      <Button onPress={() => void leave()}>{t.signOut}</Button>
    </div>
  );
}
