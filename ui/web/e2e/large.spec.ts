import type { Page } from "@playwright/test";
import { tasksWhile } from "./tasks.mjs";
import { expect, GRAPH, open, test } from "./test";

const NEW_GRAPH = "mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }";
const CREATE = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }";
const LAYOUT =
  "query($graph: String) { graphSlice(graph: $graph, first: 20000, depth: 1) { layoutVersion layoutPending } }";
const [NODES, COMMUNITY, BATCH] = [20_000, 200, 5_000];
const MIB = 2 ** 20;

interface Layout {
  readonly graphSlice: { readonly layoutVersion: string | null; readonly layoutPending: boolean };
}

const picture = (page: Page) => page.getByRole("application", { name: "Picture of the graph" });
const hint = (page: Page) => page.getByText(/circles? stands? for/);

/** Nodes and three times as many relations: most within communities, each with a hub, some between them. */
function* batches() {
  let state = 7;
  const random = (below: number) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % below;
  };
  for (let first = 0; first < NODES; first += BATCH) {
    const nodes = Array.from({ length: BATCH }, (_, i) => {
      const number = first + i;
      const type = number % 11 === 0 ? "DECISION" : "NOTE";
      return {
        type,
        id: `n${number}`,
        title: number % COMMUNITY ? `Entry ${number}` : `Subject ${number / COMMUNITY}`,
      };
    });
    const joined = new Set<string>();
    const join = (source: number, target: number, relation: string) => {
      if (source === target) return;
      joined.add(`n${source} n${target} ${relation}`);
    };
    for (let i = first; i < first + BATCH; i += 1) {
      const hub = COMMUNITY * Math.floor(i / COMMUNITY);
      join(i, hub, "EXTENDS");
      join(i, hub + random(i - hub + 1), "RELATES_TO");
      join(i, i % 20 ? hub + random(i - hub + 1) : random(i + 1), "DEPENDS_ON");
    }
    const relations = [...joined].map((line) => {
      const [source, target, relation] = line.split(" ");
      return { source, target, relation };
    });
    yield { nodes, relations };
  }
}

/** How much the page keeps after rubbish was collected. */
async function heap(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  await session.detach();
  return usedSize;
}

test("twenty thousand nodes: circles, one opened, panned, searched, as a table; changes come in their time", async ({
  page,
  api,
}) => {
  test.setTimeout(240_000);
  const graph = `${GRAPH}-large-${Date.now()}`;
  await api(NEW_GRAPH, { input: { name: graph } });
  for (const batch of batches()) await api(CREATE, { input: { graph, ...batch } });
  await expect
    .poll(async () => (await api<Layout>(LAYOUT, { graph })).graphSlice, { timeout: 120_000, intervals: [1_000] })
    .toMatchObject({ layoutPending: false, layoutVersion: expect.any(String) });

  await open(page, `/graph?graph=${graph}`);
  await expect(hint(page)).toBeVisible({ timeout: 30_000 });
  await expect(page.getByText(/^20,000 nodes, [56]\d,\d{3} relations$/)).toBeVisible();
  expect(await heap(page)).toBeLessThan(200 * MIB);

  const box = await picture(page).boundingBox();
  if (!box) throw new Error("there is no picture");
  const pan = async () => {
    await page.mouse.move(box.x + 60, box.y + 60);
    await page.mouse.down();
    for (let i = 0; i < 20; i += 1) await page.mouse.move(box.x + 60 + 6 * i, box.y + 60 + 3 * i);
    await page.mouse.up();
  };
  expect((await tasksWhile(page, pan)).filter((task) => task > 50)).toEqual([]);

  await page.getByRole("button", { name: "Show everything" }).click();
  const before = await hint(page).textContent();
  await page.getByRole("button", { name: "Communities" }).click();
  await page.getByRole("menuitem").first().click();
  await expect.poll(() => hint(page).allTextContents()).not.toEqual([before]);
  expect((await tasksWhile(page, pan)).filter((task) => task > 50)).toEqual([]);

  const slices: number[] = [];
  page.on("request", (request) => {
    if (request.postData()?.includes("ExplorerSlice")) slices.push(Date.now());
  });
  await page.getByRole("combobox", { name: "Find in this graph" }).fill("Subject 42");
  await page
    .getByRole("option", { name: /Subject 42/ })
    .first()
    .click();
  const details = page.getByRole("region", { name: "Details" });
  await expect(details.getByRole("heading", { level: 2, name: "Subject 42" })).toBeVisible();
  for (let i = 0; i < 8; i += 1) {
    await api(CREATE, { input: { graph, nodes: [{ type: "NOTE", id: `late${i}`, title: `Late ${i}` }] } });
  }
  await expect(page.getByText(/of 20,008\. Filter to see others\./)).toBeVisible({ timeout: 30_000 });
  expect(slices.length).toBeLessThanOrEqual(4);
  await expect(details.getByRole("heading", { level: 2, name: "Subject 42" })).toBeVisible();

  await page.getByRole("button", { name: "Table", exact: true }).click();
  await expect(page.getByRole("table", { name: "Table" })).toBeVisible();
  expect(await page.getByRole("row").count()).toBeLessThan(120);
  expect(await heap(page)).toBeLessThan(250 * MIB);
});
