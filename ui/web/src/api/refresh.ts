import { type Exchange, makeOperation, type Operation } from "urql";
import { pipe, tap } from "wonka";

const WAIT_MS = 200;

let refreshNow: () => void = () => undefined;
let timer: ReturnType<typeof setTimeout> | undefined;

/** Asks again for everything that is on the screen: soon, and once for many calls. */
export function refresh(): void {
  timer ??= setTimeout(() => {
    timer = undefined;
    refreshNow();
  }, WAIT_MS);
}

/** Knows which queries are on the screen, so that `refresh` can ask for them again; what shows stays until it answers. */
export const refreshExchange: Exchange =
  ({ client, forward }) =>
  (operations) => {
    const watched = new Map<number, Operation>();
    refreshNow = () => {
      for (const operation of watched.values()) {
        const context = { ...operation.context, requestPolicy: "cache-and-network" as const };
        client.reexecuteOperation(makeOperation("query", operation, context));
      }
    };
    return forward(
      pipe(
        operations,
        tap((operation) => {
          if (operation.kind === "query") watched.set(operation.key, operation);
          else if (operation.kind === "teardown") watched.delete(operation.key);
        }),
      ),
    );
  };
