// node e2e/playground.mjs URL: drives the playground as a person would and prints what it saw as one JSON object.
// The server must have the graph `default`.
import { launch } from "./browser.mjs";
import { answer, open, run, selectTab, subscribe, watch } from "./page.mjs";

const url = process.argv[2];
const origin = new URL(url).origin;
const browser = await launch();
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  const seen = await watch(page, origin);
  const response = await open(page, url);
  const tabs = await page.getByRole("tab").evaluateAll((all) => all.map((tab) => tab.firstChild?.textContent));

  await run(page);
  const first = await answer(page, '"data"');

  await selectTab(page, "WatchChanges");
  const socket = await subscribe(page);

  const title = `Seen by the playground ${Date.now()}`;
  const document = "mutation($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }";
  const body = JSON.stringify({ query: document, variables: { input: { graph: "default", title } } });
  const write = () =>
    fetch(url, { method: "POST", headers: { "content-type": "application/json" }, body }).then((r) => r.json());
  let created;
  let event;
  // Written again until it is seen: nothing tells when the server has registered the subscription.
  for (const deadline = Date.now() + 30_000; !event && Date.now() < deadline; ) {
    created = await write();
    event = await answer(page, title, 2_000).catch(() => undefined);
  }
  await run(page); // the same button stops it

  await page.getByRole("button", { name: "Docs" }).click();
  await page.getByText("Root Types").first().waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("button", { name: "schema.graphql" }).click();
  const schema = (await download).suggestedFilename();

  const report = { ...seen, tabs, first, event, created, schema, socket, title: await page.title() };
  console.log(JSON.stringify({ ...report, policy: response.headers()["content-security-policy"] ?? null }));
} finally {
  await browser.close();
}
