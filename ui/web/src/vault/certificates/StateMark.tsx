import type { State } from "./model";
import { useCertificateWords } from "./words";

export const TONES = { valid: "ok", later: "warn", soon: "danger", expired: "", revoked: "" } as const;
const WORDS = {
  valid: "stateValid",
  later: "stateLater",
  soon: "stateSoon",
  expired: "stateExpired",
  revoked: "stateRevoked",
} as const;

/** How a certificate stands, as a badge; the word says it, the colour repeats it. */
export function StateMark({ state }: { state: State }) {
  const t = useCertificateWords();
  return <span className={`badge ${TONES[state]}`}>{t[WORDS[state]]}</span>;
}
