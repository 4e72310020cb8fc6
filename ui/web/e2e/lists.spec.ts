import { expect, GRAPH, open, test } from "./test";

const CREATE_GRAPH = "mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }";
const CREATE = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }";

const graph = `${GRAPH}-lists-${Date.now()}`;

test.beforeAll(async ({ request, baseURL }) => {
  const send = (query: string, input: object) =>
    request.post(`${baseURL}/graphql`, { data: { query, variables: { input } } });
  const many = (type: string, count: number, more: (at: number) => object = () => ({})) =>
    Array.from({ length: count }, (_, at) => ({ type, id: `${type}-${at}`, title: `${type} ${at}`, ...more(at) }));
  await send(CREATE_GRAPH, { name: graph });
  await send(CREATE, { graph, nodes: many("NOTE", 1_100, (at) => ({ tags: [`tag-${at}`] })) });
  const relations = Array.from({ length: 210 }, (_, at) => ({
    source: `GUIDELINE-${at}`,
    target: "NOTE-0",
    relation: "EXPLAINS",
  }));
  const tasks = Array.from({ length: 520 }, (_, at) => `- [ ] task ${at} ^t${at}`).join("\n");
  await send(CREATE, { graph, nodes: [{ type: "NOTE", id: "tasks", title: "Tasks", content: tasks }] });
  await send(CREATE, { graph, nodes: [...many("GUIDELINE", 210), ...many("DECISION", 510)], relations });
});

test("a list that does not show all says so, grows, and goes on", async ({ page, axe }) => {
  await open(page, `/search?type=note&graph=${graph}`);
  const more = page.getByRole("button", { name: "Show more" });
  for (const shown of [200, 400, 800, 1_000]) {
    await expect(page.getByText(`${shown} of 1101 show.`)).toBeVisible();
    if (shown === 200) await axe();
    await more.click();
  }
  await expect(page.getByText("101 show, further down the list.")).toBeVisible();
  await expect(page.locator(".search-hit")).toHaveCount(101);
  await expect(more).toHaveCount(0);
  await page.getByRole("button", { name: "Back to the first" }).click();
  await expect(page.getByText("1000 of 1101 show.")).toBeVisible();
});

test("tags beyond what the API gives at once are found by filtering", async ({ page }) => {
  await open(page, `/tags?graph=${graph}`);
  await expect(page.getByText("500 or more tags")).toBeVisible();
  await page.getByRole("button", { name: "Show more" }).click();
  await expect(page.getByText("The first 1000 show. Filter to see others.")).toBeVisible();
  await page.getByRole("searchbox", { name: "Find a tag" }).fill("tag-999");
  await expect(page.getByRole("link", { name: "#tag-999" })).toBeVisible();
});

test("decisions, guidelines, findings and relations go on", async ({ page }) => {
  const more = page.getByRole("button", { name: "Show more" });
  await open(page, `/decisions?graph=${graph}`);
  await expect(page.getByText("500 of 510 show.")).toBeVisible();
  await more.click();
  await expect(page.getByRole("group", { name: "Status" }).getByRole("button", { name: "All 510" })).toBeVisible();
  await expect(more).toHaveCount(0);

  await open(page, `/guidelines?graph=${graph}`);
  await expect(page.getByText("The first 200 show.")).toBeVisible();
  await more.click();
  await expect(page.locator(".guidelines-item")).toHaveCount(210);

  await open(page, `/lint?graph=${graph}`);
  await expect(page.getByText("500 and more findings")).toBeVisible();
  await more.click();
  await expect(page.getByText("1000 and more findings")).toBeVisible();

  await open(page, `/node/${graph}/NOTE-0?graph=${graph}`);
  await page.getByRole("button", { name: "Show 10 more" }).click();
  await expect(page.locator(".node-relation")).toHaveCount(210);
});

test("todos and blocks go on", async ({ page }) => {
  const more = page.getByRole("button", { name: "Show more" });
  await open(page, `/todos?graph=${graph}`);
  await expect(page.getByText("500 of 520 show.")).toBeVisible();
  await more.click();
  await expect(more).toHaveCount(0);
  await expect(page.getByText("520", { exact: true }).first()).toBeVisible();

  await open(page, `/blocks?graph=${graph}`);
  await expect(page.getByText("500 of 520 show.")).toBeVisible();
  await more.click();
  await expect(page.getByText("520 blocks")).toBeVisible();
  await expect(more).toHaveCount(0);
});
