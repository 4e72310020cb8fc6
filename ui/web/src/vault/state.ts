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
    }
  }
`);

const TOKEN = graphql(`
  query VaultTokenKnown {
    vaultStatus {
      state
      token {
        accessor
      }
    }
  }
`);

export type VaultStatus = VaultStatusQuery["vaultStatus"];

/** How often it is asked how the vault stands: others unseal it, too. It is not on record in the vault's audit. */
const EVERY_MS = 3_000;
/** How often it is asked whether the token is still good, which is on record. */
const TOKEN_EVERY_MS = 30_000;

/** How the vault stands, again and again; a token that it does not know any more ends the session. */
export function useVaultState(): Answer<VaultStatusQuery> {
  const answer = useVaultAnswer({ query: STATUS, variables: {} });
  const again = useAgain(answer.again, EVERY_MS);
  useCheckedToken(answer.data?.vaultStatus.state === "UNSEALED");
  return { ...answer, again };
}

function useCheckedToken(open: boolean): void {
  const { session } = useVaultSession();
  const pause = !open || !session;
  const answer = useVaultAnswer({ query: TOKEN, variables: {}, pause });
  const ask = useAgain(answer.again, TOKEN_EVERY_MS, pause);
  useEffect(() => {
    if (pause) return;
    window.addEventListener("focus", ask); // who comes back learns at once
    return () => window.removeEventListener("focus", ask);
  }, [ask, pause]);
  const status = answer.data?.vaultStatus;
  const unknown = !pause && status?.state === "UNSEALED" && !status.token;
  useEffect(() => {
    if (unknown) void checkSession();
  }, [unknown]);
}

/** Asks again at intervals, while the page can be seen; gives what asks at once, and stays the same. */
function useAgain(ask: () => void, everyMs: number, pause = false): () => void {
  const last = useRef(ask);
  last.current = ask;
  useEffect(() => {
    if (pause) return;
    const timer = setInterval(() => document.visibilityState === "visible" && last.current(), everyMs);
    return () => clearInterval(timer);
  }, [everyMs, pause]);
  return useCallback(() => last.current(), []);
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
