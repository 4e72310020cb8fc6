import { type DocumentNode, getOperationAST, Kind, parse } from "graphql";
import { createClient } from "graphql-ws";
import { type Example, examplesFor } from "../src/playground/examples";
import { expect, GRAPH, test } from "./test";

const READY = ".graphiql-query-editor .view-line";

/** The names of the operations of a document, in order. */
const operationsOf = (document: DocumentNode) =>
  document.definitions.flatMap((one) => (one.kind === Kind.OPERATION_DEFINITION ? (one.name?.value ?? []) : []));

const isSubscription = ({ query }: Example) => getOperationAST(parse(query))?.operation === "subscription";

test("every example runs, one after the other, in a graph that had nothing", async ({ request, api }) => {
  const graph = `${GRAPH}-play-${Date.now()}`;
  await api("mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }", {
    input: { name: graph },
  });
  for (const example of examplesFor(graph).filter((one) => !isSubscription(one))) {
    for (const operationName of operationsOf(parse(example.query))) {
      const variables = JSON.parse(example.variables ?? "{}");
      const data = { query: example.query, operationName, variables };
      const answer = await (await request.post("/graphql", { data })).json();
      expect(answer.errors, `${example.title}: ${JSON.stringify(answer.errors)}`).toBeUndefined();
    }
  }
});

for (const example of examplesFor(GRAPH).filter(isSubscription)) {
  test(`the subscription “${example.title}” tells of changes`, async ({ api, baseURL }) => {
    const url = `${baseURL?.replace(/^http/, "ws")}/graphql`;
    const client = createClient({ url });
    const seen: string[] = [];
    const failed: unknown[] = [];
    client.subscribe<{ nodeChanged: { node: { title: string } | null } }>(
      { query: example.query, variables: JSON.parse(example.variables ?? "{}") },
      {
        next: ({ data, errors }) => {
          if (errors) failed.push(...errors);
          if (data?.nodeChanged.node) seen.push(data.nodeChanged.node.title);
        },
        error: (error) => failed.push(error),
        complete: () => undefined,
      },
    );
    const title = `Watched ${Date.now()}`;
    await expect(async () => {
      await api("mutation($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }", {
        input: { graph: GRAPH, title },
      });
      await expect.poll(() => seen, { timeout: 1_000 }).toContain(title);
    }).toPass();
    expect(failed).toEqual([]);
    await client.dispose();
  });
}

test("an example of the menu opens in a tab, runs, and is still there after a reload", async ({ page }) => {
  await page.goto(`/graphql?graph=${GRAPH}`);
  const tab = page.getByRole("list", { name: "Select active operation" }).getByRole("button", { name: "Tags" });
  const menu = page.getByRole("combobox", { name: "Open an example" });
  await expect(page.locator(READY).first()).toBeVisible();
  await expect(menu.locator("optgroup")).toHaveCount(11);
  await menu.selectOption({ label: "Tags" });
  await expect(tab).toBeVisible();
  await page.locator(".graphiql-execute-button").click();
  await expect(page.locator(".result-window")).toContainText("count");
  const kept = () => page.evaluate(() => localStorage.getItem("graphiql:tabState") ?? "");
  await expect.poll(kept).toContain("query Tags");
  await page.reload();
  await expect(tab).toBeVisible();
});

for (const colorScheme of ["light", "dark"] as const) {
  test(`the playground has no barrier and no overflow (${colorScheme})`, async ({ page, axe }) => {
    await page.emulateMedia({ colorScheme });
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 900 });
      await page.goto(`/graphql?graph=${GRAPH}`);
      await expect(page.locator(READY).first()).toBeVisible();
      await page.locator(".graphiql-execute-button").click();
      await expect(page.locator(".result-window")).toContainText("totalCount");
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
      await axe();
    }
  });
}
