import { cacheExchange } from "@urql/exchange-graphcache";
import { createClient as createSocket } from "graphql-ws";
import { Client, fetchExchange, mapExchange, subscriptionExchange } from "urql";
import { setConnection } from "./connection";
import { failureOf } from "./errors";
import { refresh, refreshExchange } from "./refresh";
import { askForToken, authorization } from "./token";
import { endVaultSession, vaultHeaders, vaultParameters } from "./vaultToken";

/** Nodes of the graph are known by graph and id; everything else is a part of the answer that it stands in. */
const NODES = new Set(["Note", "Decision", "Guideline", "Pattern", "Journal", "Execution"]);

const url = new URL("/graphql", window.location.origin);

const socket = createSocket({
  url: url.href.replace(/^http/, "ws"),
  lazy: true,
  connectionParams: () => ({ ...authorization(), ...vaultParameters() }),
  keepAlive: 10_000,
  retryAttempts: Number.POSITIVE_INFINITY,
  shouldRetry: () => true,
  retryWait: (retries) => new Promise((resolve) => setTimeout(resolve, Math.min(250 * 2 ** retries, 5_000))),
  on: {
    connected: () => {
      setConnection("live");
      refresh();
    },
    // 1000: closed from here, since nothing is watched any more.
    closed: (event) => setConnection((event as CloseEvent).code === 1_000 ? "connecting" : "lost"),
  },
});

type KeyOf = (data: Record<string, unknown>) => string | null;

const nodeKey: KeyOf = ({ graph, id }) =>
  typeof graph === "string" && typeof id === "string" ? `${graph}/${id}` : null;

const keys = new Proxy<Record<string, KeyOf>>(
  {},
  { get: (_, name) => (NODES.has(String(name)) ? nodeKey : () => null), has: () => true },
);

const cache = cacheExchange({
  keys: keys as never,
  logger: () => undefined,
});

/** The one client of the app. */
export const client = new Client({
  url: url.href,
  preferGetMethod: false,
  fetchOptions: () => ({ headers: { ...authorization(), ...vaultHeaders() } }),
  exchanges: [
    // Without a path it is the server that does not know who asks; with one it is the vault, behind a field.
    mapExchange({
      onError: (error) => {
        if (failureOf(error).code !== "UNAUTHENTICATED") return;
        if (error.graphQLErrors[0]?.path) endVaultSession("refused");
        else askForToken();
      },
    }),
    refreshExchange,
    cache,
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ ...request, query: request.query ?? "" }, sink as never),
        }),
      }),
    }),
  ],
});
