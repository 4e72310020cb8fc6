// node e2e/playground.mjs URL GRAPH: drives the playground as a person would and prints what it saw as one JSON
// object. The graph must have an accepted decision; a note is written to it.
import { buildClientSchema, getIntrospectionQuery, parse, validate } from "graphql";
import { launch } from "./browser.mjs";
import { answer, open, run, selectTab, subscribe, watch } from "./page.mjs";

const [url, graph] = process.argv.slice(2);

const post = (query, variables) =>
  fetch(url, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ query, variables }),
  }).then((response) => response.json());

/** What the server's schema has against the examples; the page keeps its tabs in the browser's storage. */
async function mistakes(page) {
  const schema = buildClientSchema((await post(getIntrospectionQuery())).data);
  const stored = JSON.parse(await page.evaluate(() => localStorage.getItem("graphiql:tabState")));
  return stored.tabs.flatMap((tab) => validate(schema, parse(tab.query)).map((error) => error.message));
}

const origin = new URL(url).origin;
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const seen = await watch(page, origin);
  const response = await open(page, `${url}?graph=${graph}`);
  const tabs = await page.locator(".graphiql-tab-button").allTextContents();

  await run(page);
  const first = await answer(page, '"totalCount"');

  await selectTab(page, "WatchChanges");
  const socket = await subscribe(page);

  const title = `Seen by the playground ${Date.now()}`;
  const document = "mutation($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }";
  let created;
  let event;
  // Written again until it is seen: nothing tells when the server has registered the subscription.
  for (const deadline = Date.now() + 30_000; !event && Date.now() < deadline; ) {
    created = await post(document, { input: { graph, title } });
    event = await answer(page, title, 2_000).catch(() => undefined);
  }
  await run(page); // the same button stops it

  await page.getByRole("button", { name: "Docs" }).click();
  await page.getByText("Root Types").first().waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "schema.graphql" }).click();
  const schema = (await download).suggestedFilename();

  const report = { ...seen, tabs, first, event, created, schema, socket, mistakes: await mistakes(page) };
  const policy = response.headers()["content-security-policy"] ?? null;
  console.log(JSON.stringify({ ...report, policy, title: await page.title() }));
} finally {
  await browser.close();
}
