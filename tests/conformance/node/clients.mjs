// A query and a mutation by urql, a subscription by urql over graphql-ws: the packages as published, nothing adapted.
// Reads {url, query, mutation, variables, subscription} as JSON from standard input; prints what each client got.
import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { pipe, subscribe, take } from 'wonka';

const chunks = [];
for await (const chunk of process.stdin) chunks.push(chunk);
const { url, query, mutation, variables, subscription } = JSON.parse(Buffer.concat(chunks).toString());

const socket = createClient({ url: url.replace(/^http/, 'ws'), retryAttempts: 0 });
const client = new Client({
  url,
  preferGetMethod: false,
  exchanges: [
    fetchExchange,
    subscriptionExchange({
      forwardSubscription: (request) => ({
        subscribe: (sink) => ({
          unsubscribe: socket.subscribe({ ...request, query: request.query ?? '' }, sink),
        }),
      }),
    }),
  ],
});

const shown = ({ data, error }) => ({ data, error: error?.message });
const byGet = new Client({ url, preferGetMethod: 'force', exchanges: [fetchExchange] });
const got = {
  query: shown(await client.query(query, {}).toPromise()),
  get: shown(await byGet.query(query, {}).toPromise()),
};

const event = new Promise((resolve) => {
  pipe(
    client.subscription(subscription, {}),
    take(1),
    subscribe((result) => resolve(shown(result))),
  );
});
// The acknowledgement comes before the server has begun to listen, so the change is repeated until it is seen.
let seen = false;
event.then(() => (seen = true));
while (!seen) {
  got.mutation = shown(await client.mutation(mutation, variables).toPromise());
  await new Promise((resolve) => setTimeout(resolve, 50));
}
got.subscription = await event;
await socket.dispose();
console.log(JSON.stringify(got));
