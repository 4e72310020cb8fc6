import { useRef } from "react";
import { type CombinedError, type UseQueryArgs, useQuery } from "urql";

/** What the API says to a query, as a page shows it. */
export interface Answer<T> {
  /** All or a part of what was asked for; what came last, where the server does not answer any more. */
  readonly data: T | undefined;
  readonly error: CombinedError | undefined;
  /** Other variables were asked for, and what shows is still the answer to the ones before. */
  readonly waiting: boolean;
  readonly again: () => void;
}

/** Asks a query. What it once said stays when asking again fails. */
export function useAnswer<T, V extends object>(args: UseQueryArgs<V, T>): Answer<T> {
  const [{ data, error, fetching, operation }, ask] = useQuery<T, V>(args);
  const kept = useRef<{ readonly key: number; readonly data: T }>(undefined);
  const key = operation?.key;
  if (data && key !== undefined) kept.current = { key, data };
  const last = kept.current?.key === key ? kept.current?.data : undefined;
  return {
    data: data ?? last,
    error,
    waiting: fetching && Boolean(data),
    again: () => ask({ requestPolicy: "network-only" }),
  };
}
