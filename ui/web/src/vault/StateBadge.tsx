import type { VaultState } from "../api/gql/graphql";
import { useVaultWords } from "./words";

const TONES: Readonly<Record<VaultState, string>> = {
  ABSENT: "",
  UNREACHABLE: "danger",
  UNINITIALIZED: "warn",
  SEALED: "warn",
  UNSEALED: "ok",
};

/** How the vault stands; the word says it, the colour repeats it. */
export function StateBadge({ state }: { state: VaultState }) {
  const t = useVaultWords();
  return (
    <span className={`badge ${TONES[state]}`} role="status">
      {t[state]}
    </span>
  );
}
