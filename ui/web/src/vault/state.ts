import { createContext, useCallback, useContext, useEffect, useRef } from "react";
import type { Answer } from "../api/answer";
import { graphql } from "../api/gql";
import type { VaultStatusQuery } from "../api/gql/graphql";
import { checkSession } from "../api/vault";
import { useVaultSession } from "../api/vaultToken";
import { useVaultAnswer } from "./answer";

const STATUS = graphql(`
  query VaultStatus {
    vaultStatus {
      state
      address
      problem
      hint
      supervised
      version
      clusterName
      storageType
      sealType
      shares
      threshold
      progress
      nonce
      auditFailing
      token {
        accessor
      }
    }
  }
`);

export type VaultStatus = VaultStatusQuery["vaultStatus"];

/** How often it is asked how the vault stands, while the page can be seen: others unseal it, too. */
const EVERY_MS = 3_000;

/** How the vault stands, again and again; a token that it does not know any more ends the session. */
export function useVaultState(): Answer<VaultStatusQuery> {
  const answer = useVaultAnswer({ query: STATUS, variables: {} });
  const { session } = useVaultSession();
  const again = useRef(answer.again);
  again.current = answer.again;
  useEffect(() => {
    const timer = setInterval(() => document.visibilityState === "visible" && again.current(), EVERY_MS);
    return () => clearInterval(timer);
  }, []);
  const status = answer.data?.vaultStatus;
  const unknown = Boolean(session) && status?.state === "UNSEALED" && !status.token;
  useEffect(() => {
    if (unknown) void checkSession();
  }, [unknown]);
  const ask = useCallback(() => again.current(), []);
  return { ...answer, again: ask };
}

export interface Vault {
  readonly status: VaultStatus;
  /** Asks anew how it stands. */
  readonly again: () => void;
}

export const VaultContext = createContext<Vault | undefined>(undefined);

/** How the vault stands, on its pages. */
export function useVault(): Vault {
  const vault = useContext(VaultContext);
  if (!vault) throw new Error("The pages of the vault stand in its frame.");
  return vault;
}
