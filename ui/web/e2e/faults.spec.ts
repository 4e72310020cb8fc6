import type { Page, Route } from "@playwright/test";
import { expect, GRAPH, open, test } from "./test";

const CREATE = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { nodes { id } } }";

/** Answers to one operation go through `change`; everything else goes to the API. */
async function onAnswer(page: Page, operation: string, change: (route: Route) => Promise<void>): Promise<void> {
  await page.route("**/graphql", (route) =>
    route.request().postData()?.includes(`"operationName":"${operation}"`) ? change(route) : route.fallback(),
  );
}

/** Presses the button, unless the page has asked again by itself before it could be pressed. */
async function tryAgain(page: Page): Promise<void> {
  const button = page.getByRole("button", { name: "Try again" });
  await button.click({ timeout: 5_000 }).catch(() => expect(button).toHaveCount(0));
}

const TAGS = `/tags?graph=${GRAPH}`;

test("the API is slow: it is said, and what was asked for comes", async ({ page }) => {
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  await onAnswer(page, "Tags", async (route) => {
    await held;
    await route.fallback();
  });
  await page.goto(TAGS);
  await expect(page.getByText("The server takes longer than usual.")).toBeVisible();
  release();
  await expect(page.getByRole("link", { name: "#shop" })).toBeVisible();
  await expect(page.getByText("takes longer")).toHaveCount(0);
});

test("the API answers in part: the part shows, and that it is one", async ({ page, axe }) => {
  await onAnswer(page, "Tags", async (route) => {
    const answer = await (await route.fetch()).json();
    const errors = [{ message: "The counts are not all there.", extensions: { code: "INTERNAL" } }];
    await route.fulfill({ json: { ...answer, errors } });
  });
  await open(page, TAGS);
  await expect(page.getByRole("alert")).toContainText("Not everything could be loaded. The counts are not all there.");
  await expect(page.getByRole("link", { name: "#shop" })).toBeVisible();
  await axe();
  await page.unrouteAll({ behavior: "wait" });
  await tryAgain(page);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a node that could not be read is not said to be missing", async ({ page }) => {
  await onAnswer(page, "NodeDetails", (route) =>
    route.fulfill({
      json: {
        data: { node: null },
        errors: [{ message: "The database went away.", path: ["node"], extensions: { code: "UNAVAILABLE" } }],
      },
    }),
  );
  await open(page, `/node/${GRAPH}/n1?graph=${GRAPH}`);
  await expect(page.getByRole("alert")).toContainText("The database went away.");
  await expect(page.getByText("There is no such node here.")).toHaveCount(0);
  await page.unrouteAll({ behavior: "wait" });
  await tryAgain(page);
  await expect(page.getByRole("heading", { level: 1, name: "The shop" })).toBeVisible();
});

for (const [what, answer] of [
  ["half an answer", { status: 200, contentType: "application/json", body: '{"data":{"tags":[{"ta' }],
  ["a page of a proxy", { status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }],
] as const) {
  test(`the API gives ${what}: it is said, and it heals`, async ({ page, allow }) => {
    allow(/Failed to load resource/);
    await onAnswer(page, "Tags", (route) => route.fulfill(answer));
    await open(page, TAGS);
    await expect(page.getByRole("alert")).toContainText("The server does not answer");
    await page.unrouteAll({ behavior: "wait" });
    await tryAgain(page);
    await expect(page.getByRole("link", { name: "#shop" })).toBeVisible();
  });
}

test("what shows stays when it cannot be asked for again", async ({ page, api, allow }) => {
  allow(/Failed to load resource|ERR_/);
  await open(page, TAGS);
  await expect(page.getByRole("link", { name: "#shop" })).toBeVisible();
  await onAnswer(page, "Tags", (route) => route.abort());
  await expect(async () => {
    await api(CREATE, { input: { graph: GRAPH, nodes: [{ type: "NOTE", title: `A change ${Date.now()}` }] } });
    await expect(page.getByRole("alert")).toContainText("this is what it said last", { timeout: 1_000 });
  }).toPass();
  await expect(page.getByRole("link", { name: "#shop" })).toBeVisible();
  await page.unrouteAll({ behavior: "wait" });
  await tryAgain(page);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("a note of ten megabytes: its beginning shows, the rest comes, all of it can be saved", async ({ page, api }) => {
  test.setTimeout(180_000);
  const id = `big-${Date.now()}`;
  const line = "Some words of a long note with **bold**, `code` and [[Orders]], once more.\n\n";
  const content = line.repeat(Math.floor(9_900_000 / line.length));
  await api(CREATE, { input: { graph: GRAPH, nodes: [{ type: "NOTE", id, title: "A long note", content }] } });
  await open(page, `/node/${GRAPH}/${id}?graph=${GRAPH}`);
  await expect(page.getByText("1 % of 9.9 MB shows.")).toBeVisible();
  expect(await page.locator(".markdown p").count()).toBeLessThan(2_500);
  const [file] = await Promise.all([
    page.waitForEvent("download"),
    page.getByRole("button", { name: "Save as a file" }).click(),
  ]);
  expect(file.suggestedFilename()).toBe(`${id}.md`);
  await page.getByText("History", { exact: true }).click();
  await page.getByText("Revision 1").click();
  await expect(page.getByText(/more lines are different/)).toBeVisible();
  await page.getByRole("button", { name: "Show all of it" }).click();
  await expect(page.getByText(/^[3-9] % of|^\d\d % of/)).toBeVisible();
  // The page answers while the rest comes.
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  await expect(page.getByRole("dialog")).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Link", exact: true }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await api("mutation($input: DeleteNodeInput!) { deleteNode(input: $input) { rev } }", {
    input: { graph: GRAPH, id },
  });
});

test("two tabs edit one node: the second to save merges, the first sees it", async ({ page, context, api }) => {
  const id = `tabs-${Date.now()}`;
  const content = "one\n\ntwo\n\nthree\n";
  await api(CREATE, { input: { graph: GRAPH, nodes: [{ type: "NOTE", id, title: "In two tabs", content }] } });
  const other = await context.newPage();
  const dialogs = [];
  for (const tab of [page, other]) {
    await open(tab, `/node/${GRAPH}/${id}?graph=${GRAPH}`);
    await tab.getByRole("button", { name: "Edit", exact: true }).click();
    dialogs.push(tab.getByRole("dialog"));
  }
  const [first, second] = dialogs as [(typeof dialogs)[0], (typeof dialogs)[0]];
  await first.getByLabel("Content").fill("1\n\ntwo\n\nthree\n");
  await second.getByLabel("Content").fill("one\n\ntwo\n\n3\n");
  await second.getByLabel("Title").fill("From the other tab");
  await first.getByRole("button", { name: "Save" }).click();
  await expect(first).toHaveCount(0);
  await expect(second.getByText("changed this node while you edit it")).toBeVisible();
  await second.getByRole("button", { name: "Save" }).click();
  await expect(second.getByText("Nothing excludes each other.")).toBeVisible();
  await expect(second.getByLabel("Content")).toHaveValue("1\n\ntwo\n\n3\n");
  await second.getByRole("button", { name: "Save the merged node" }).click();
  await expect(second).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "From the other tab" })).toBeVisible();
  await other.close();
});

test("a change of others leaves scroll, focus and what is chosen as they are", async ({ page, api }) => {
  await page.setViewportSize({ width: 1280, height: 420 });
  await open(page, `/decisions?graph=${GRAPH}&status=accepted`);
  const rows = page.getByRole("row");
  await rows.nth(1).focus();
  await page.keyboard.press("End");
  await expect(rows.last()).toBeFocused();
  const title = await page.locator(":focus").textContent();
  const scroll = () => page.locator("main").evaluate((main) => main.scrollTop);
  await page.locator("main").evaluate((main) => main.scrollBy(0, 60));
  const before = await scroll();
  await expect(async () => {
    const name = `Zz live ${Date.now()}`;
    const node = { type: "DECISION", title: name, status: "accepted", date: "1990-01-01" };
    await api(CREATE, { input: { graph: GRAPH, nodes: [node] } });
    await expect(page.getByText(name)).toBeAttached({ timeout: 1_000 });
  }).toPass();
  expect(await page.locator(":focus").textContent()).toBe(title);
  expect(await scroll()).toBe(before);
  await expect(page.getByRole("group", { name: "Status" }).getByRole("button", { pressed: true })).toContainText(
    "accepted",
  );
});

test("a language tag that is none: charts and dates show anyway", async ({ page }) => {
  await page.addInitScript(() => {
    Object.defineProperty(navigator, "language", { value: "en-US@posix", configurable: true });
    Object.defineProperty(navigator, "languages", { value: ["en-US@posix"], configurable: true });
  });
  await open(page, `/decisions?graph=${GRAPH}&view=timeline`);
  await expect(
    page.getByRole("region", { name: "Decisions over time" }).or(page.locator(".timeline")).first(),
  ).toBeVisible();
  await expect(page.locator(".chart canvas")).toBeVisible();
  await open(page, `/?graph=${GRAPH}`);
  await expect(page.locator(".chart canvas")).toBeVisible();
});

test("the API is down while somebody writes: it is said, and the text stays until it can be saved", async ({
  page,
  api,
  allow,
}) => {
  allow(/Failed to load resource|ERR_/);
  const id = `down-${Date.now()}`;
  await api(CREATE, { input: { graph: GRAPH, nodes: [{ type: "NOTE", id, title: "Before" }] } });
  await open(page, `/node/${GRAPH}/${id}?graph=${GRAPH}`);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("After");
  await onAnswer(page, "UpdateNode", (route) => route.abort());
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByRole("alert")).toContainText("nothing was saved");
  await expect(dialog.getByLabel("Title")).toHaveValue("After");
  await page.unrouteAll({ behavior: "wait" });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "After" })).toBeVisible();
});

test("a form that is sent twice at once makes one node", async ({ page, api }) => {
  const title = `Once ${Date.now()}`;
  await open(page, `/node/${GRAPH}/n1?graph=${GRAPH}`);
  await page.getByRole("button", { name: "New node" }).click();
  await page.getByLabel("Title").fill(title);
  await page.getByRole("button", { name: "Create" }).dblclick();
  await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  const { nodes } = await api<{ nodes: { totalCount: number } }>(
    "query($graph: String, $title: String) { nodes(graph: $graph, where: { title: { eq: $title } }) { totalCount } }",
    { graph: GRAPH, title },
  );
  expect(nodes.totalCount).toBe(1);
});
