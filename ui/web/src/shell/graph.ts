import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback } from "react";

/** What every address may say: the named graph, and the instant that is shown. */
export interface Place {
  readonly graph?: string;
  readonly asOf?: string;
}

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** Reads it from the address; what makes no sense is left out. */
export function placeOf(search: Record<string, unknown>): Place {
  const graph = search["graph"];
  const asOf = search["asOf"];
  return {
    ...(typeof graph === "string" && NAME.test(graph) ? { graph } : {}),
    ...(typeof asOf === "string" && !Number.isNaN(Date.parse(asOf)) ? { asOf } : {}),
  };
}

/** The graph and instant of the address, for the variables of queries: what is not said is undefined. */
export function usePlace(): { graph: string | undefined; asOf: string | undefined; go: (place: Place) => void } {
  const search = useSearch({ strict: false }) as Place;
  const navigate = useNavigate();
  const go = useCallback(
    (place: Place) => {
      void navigate({ to: ".", search: (before: object) => ({ ...before, ...place }) } as never);
    },
    [navigate],
  );
  return { graph: search.graph, asOf: search.asOf, go };
}
