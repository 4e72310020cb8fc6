import type { UseQueryArgs } from "urql";
import { type Answer, useAnswer } from "../api/answer";

/** Asks for something of the vault: always anew, since the cache does not know whose token it was asked with. */
export const useVaultAnswer = <T, V extends object>(args: UseQueryArgs<V, T>): Answer<T> =>
  useAnswer<T, V>({ ...args, requestPolicy: "network-only" });
