import { createGraphiQLFetcher, type Fetcher } from "@graphiql/toolkit";
import { buildClientSchema, getIntrospectionQuery, type IntrospectionQuery, printSchema } from "graphql";
import { createClient } from "graphql-ws";

const ENDPOINT = "/graphql";

function webSocketUrl(): string {
  const url = new URL(ENDPOINT, window.location.href);
  url.protocol = url.protocol === "https:" ? "wss:" : "ws:";
  return url.href;
}

/** Queries and mutations by POST, subscriptions by graphql-transport-ws on the same path. */
export function createFetcher(): Fetcher {
  return createGraphiQLFetcher({
    url: ENDPOINT,
    wsClient: createClient({ url: webSocketUrl(), lazy: true }),
    enableIncrementalDelivery: false,
  });
}

/** The schema the server has now, as SDL with its descriptions. */
export async function loadSchemaText(): Promise<string> {
  const response = await fetch(ENDPOINT, {
    method: "POST",
    headers: { "content-type": "application/json", accept: "application/json" },
    body: JSON.stringify({ query: getIntrospectionQuery({ descriptions: true }) }),
  });
  const answer = (await response.json()) as { data?: IntrospectionQuery; errors?: { message: string }[] };
  if (!answer.data) throw new Error(answer.errors?.[0]?.message ?? `the server answered ${response.status}`);
  return `${printSchema(buildClientSchema(answer.data))}\n`;
}
