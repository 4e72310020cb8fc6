import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { tasksWhile } from "./tasks.mjs";
import { expect, GRAPH, open, test } from "./test";

const CREATE = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { nodes { id } } }";
const NEW_GRAPH = "mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }";

const explore = (page: Page, more = "", theme: "light" | "dark" = "light") =>
  open(page, `/graph?graph=${GRAPH}${more}`, theme);
const picture = (page: Page) => page.getByRole("application", { name: "Picture of the graph" });
const details = (page: Page) => page.getByRole("region", { name: "Details" });

const LAYOUT =
  "query($graph: String) { graphSlice(graph: $graph, first: 20000, depth: 1) { layoutVersion layoutPending } }";

interface Layout {
  readonly graphSlice: { readonly layoutVersion: string | null; readonly layoutPending: boolean };
}

/** Waits until the server has places for a graph. */
async function placed(api: <T>(query: string, variables?: object) => Promise<T>, graph: string): Promise<void> {
  await expect
    .poll(async () => (await api<Layout>(LAYOUT, { graph })).graphSlice, { timeout: 60_000 })
    .toMatchObject({ layoutPending: false, layoutVersion: expect.any(String) });
}

/** How many points of the picture have titles: something was really drawn. */
async function drawn(page: Page): Promise<number> {
  return page.evaluate(() => {
    const labels = document.querySelector<HTMLCanvasElement>(".explorer-canvas canvas.sigma-labels");
    if (!labels) return 0;
    const copy = Object.assign(document.createElement("canvas"), { width: labels.width, height: labels.height });
    const context = copy.getContext("2d", { willReadFrequently: true });
    context?.drawImage(labels, 0, 0);
    const data = context?.getImageData(0, 0, copy.width, copy.height).data ?? [];
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i]) count += 1;
    return count;
  });
}

for (const theme of ["light", "dark"] as const) {
  test(`the picture, its parts and the details have no barrier (${theme})`, async ({ page, axe }) => {
    await explore(page, "&node=n2", theme);
    await expect(picture(page)).toBeVisible();
    await page.getByRole("button", { name: "Filters" }).click();
    await page.getByRole("button", { name: "Pattern", exact: true }).first().click();
    await page.getByRole("button", { name: "Time" }).click();
    await expect(details(page).getByRole("heading", { level: 2, name: "Orders" })).toBeVisible();
    await expect(page.getByRole("slider", { name: "Instant" })).toBeVisible();
    await axe();
  });

  test(`table and tree have no barrier (${theme})`, async ({ page, axe }) => {
    await explore(page, "&view=table", theme);
    await expect(page.getByRole("table", { name: "Table" })).toBeVisible();
    await axe();
    await page.getByRole("button", { name: "Tree" }).click();
    await expect(page.getByRole("tree")).toBeVisible();
    await axe();
  });
}

/** The titles of the picture, as an image: where everything stands. */
const titles = (page: Page) =>
  page.locator("canvas.sigma-labels").evaluate((one: HTMLCanvasElement) => one.toDataURL());

test("the picture opens still, where the server puts it, and is the same again", async ({ page, api }) => {
  await placed(api, GRAPH);
  await explore(page);
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  const first = await titles(page);
  let layouts = 0;
  page.on("worker", (worker) => {
    if (worker.url().includes("layout")) layouts += 1;
  });
  await page.reload();
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await expect.poll(() => titles(page)).toBe(first);
  expect(layouts).toBe(0);
  expect(await page.evaluate(() => performance.getEntriesByName("explorer-drawn").length)).toBe(1);
});

test("while the server makes its places the picture shows, and then takes them", async ({ page, api }) => {
  const graph = `${GRAPH}-new-${Date.now()}`;
  await api(NEW_GRAPH, { input: { name: graph } });
  const nodes = Array.from({ length: 60 }, (_, i) => ({ id: `w${i}`, type: "NOTE", title: `Word ${i}` }));
  const relations = nodes.slice(1).map((node, i) => {
    return { source: node.id, target: `w${Math.floor(i / 4)}`, relation: "RELATES_TO" };
  });
  await api(CREATE, { input: { graph, nodes, relations } });
  let asked = 0;
  page.on("request", (request) => {
    if (request.postData()?.includes("ExplorerLayout")) asked += 1;
  });
  await page.route("**/graphql", async (route) => {
    if (asked || !route.request().postData()?.includes("ExplorerSlice")) return route.fallback();
    const answer = await (await route.fetch()).json();
    const { graphSlice } = answer.data;
    const none = graphSlice.nodes.id.map(() => null);
    Object.assign(graphSlice, { layoutVersion: null, layoutPending: true });
    Object.assign(graphSlice.nodes, { x: none, y: none, community: none });
    return route.fulfill({ json: answer });
  });
  await open(page, `/graph?graph=${graph}`);
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await expect
    .poll(() => page.evaluate(() => performance.getEntriesByName("explorer-drawn").length))
    .toBeGreaterThan(1);
  expect(asked).toBeGreaterThan(0);
  await placed(api, graph);
  const settled = await titles(page);
  const calls = asked;
  await api(CREATE, { input: { graph, nodes: [{ id: "late", type: "NOTE", title: "Late" }] } });
  await expect(page.getByText("61 nodes, 59 relations")).toBeVisible();
  await expect.poll(() => titles(page)).not.toBe(settled);
  expect(calls).toBeLessThan(20);
});

test("search as you type finds, chooses, and is in the address", async ({ page }) => {
  await explore(page);
  const box = page.getByRole("combobox", { name: "Find in this graph" });
  await box.pressSequentially("orders in");
  await expect(page.getByText("2 found")).toBeVisible();
  await expect(page).toHaveURL(/q=orders/);
  await expect(page.getByRole("option").nth(1)).toContainText("Keep orders in");
  await box.press("ArrowDown");
  await box.press("Enter");
  await expect(details(page).getByRole("heading", { level: 2, name: /Keep orders in/ })).toBeVisible();
  await expect(page).toHaveURL(/node=d[12]/);
});

test("the keyboard walks the picture, and a screen reader is told", async ({ page }) => {
  await explore(page, "&focus=n2&depth=1");
  await picture(page).focus();
  await expect.poll(() => drawn(page)).toBeGreaterThan(100);
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("status").filter({ hasText: "neighbour" })).toContainText("Orders, Note, 2 neighbours");
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) {
    await page.keyboard.press(key);
    if (!page.url().includes("node=n2")) break;
  }
  await expect(page).not.toHaveURL(/node=n2/);
  await page.keyboard.press("]");
  await expect(page.getByRole("button", { name: "Depth 2" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("table", { name: "Table" })).toBeVisible();
});

test("a press on a node selects it, a press beside it does not", async ({ page, api }) => {
  const id = `alone-${Date.now()}`;
  await api(CREATE, { input: { graph: GRAPH, nodes: [{ id, type: "NOTE", title: "Alone" }] } });
  await explore(page, `&focus=${id}`);
  await expect(page.getByText("1 node, 0 relations")).toBeVisible();
  await expect.poll(() => drawn(page)).toBeGreaterThan(20);
  let layouts = 0;
  page.on("worker", () => {
    layouts += 1;
  });
  await picture(page).click();
  await expect(details(page).getByRole("heading", { level: 2, name: "Alone" })).toBeVisible();
  await picture(page).click({ position: { x: 30, y: 30 } });
  await expect(details(page)).toHaveCount(0);
  expect(layouts).toBe(0);
});

test("filters narrow what shows, and are in the address", async ({ page }) => {
  await explore(page, "&view=table");
  await page.getByRole("button", { name: /^Pattern \d/ }).click();
  await expect(page).toHaveURL(/type=PATTERN/);
  await expect(page.getByRole("rowheader", { name: "Retry with limits" })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "The shop" })).toHaveCount(0);
  await page.getByRole("button", { name: /^Pattern \d/ }).click();
  await page.getByRole("button", { name: "Filters" }).click();
  await page.getByRole("checkbox", { name: "#orders" }).check();
  await expect(page.getByRole("rowheader")).toHaveText(["Orders"]);
  await page.getByRole("button", { name: "Clear the filters" }).click();
  await expect(page.getByRole("rowheader", { name: "The shop" })).toBeVisible();
  await page.getByRole("checkbox", { name: "superseded", exact: true }).check();
  await expect(page.getByRole("rowheader", { name: "Keep orders in files" })).toBeVisible();
  await page.getByLabel("To", { exact: true }).fill("2001-01-01");
  await expect(page.getByText("Nothing matches the filters.")).toBeVisible();
});

test("a pattern is chosen by lists, found as a list and in the picture, and is in the address", async ({ page }) => {
  await explore(page);
  await page.getByRole("button", { name: "Pattern", exact: true }).first().click();
  const side = page.getByRole("region", { name: "Pattern" });
  await side.getByRole("combobox", { name: "From" }).selectOption("Decision");
  await side.getByRole("combobox", { name: "by", exact: true }).selectOption("supersedes");
  await side.getByRole("combobox", { name: "to", exact: true }).selectOption("Decision");
  await expect(page).toHaveURL(/pattern=DECISION.SUPERSEDES.DECISION/);
  const list = side.getByRole("list", { name: "What matches the pattern" });
  await expect(list.getByRole("listitem").filter({ hasText: "Keep orders in Neo4j" })).toContainText(
    /Keep orders in Neo4j.*supersedes.*Keep orders in files/,
  );
  await list.getByRole("button", { name: "Keep orders in files" }).click();
  await expect(details(page).getByRole("heading", { level: 2, name: "Keep orders in files" })).toBeVisible();
  await page.goto(page.url().replace(/&node=[^&]*/, "&view=table"));
  await expect(page.getByRole("rowheader", { name: "Keep orders in Neo4j" })).toBeVisible();
  await expect(page.getByRole("rowheader", { name: "The shop" })).toHaveCount(0);
  await side.getByRole("combobox", { name: "From" }).selectOption("Pattern");
  await expect(page.getByText("Nothing matches the filters.")).toBeVisible();
  await side.getByRole("button", { name: "Clear the pattern" }).click();
  await expect(page.getByRole("rowheader", { name: "The shop" })).toBeVisible();
});

test("surroundings, expand, collapse, path", async ({ page }) => {
  await explore(page, "&node=n1&focus=n1");
  await expect(page.getByText("2 nodes, 1 relation")).toBeVisible();
  await page.getByRole("button", { name: "Depth 2" }).click();
  await expect(page.getByText("3 nodes, 2 relations")).toBeVisible();
  await details(page).getByRole("button", { name: "Orders", exact: true }).click();
  await page.getByRole("button", { name: "Depth 1" }).click();
  await expect(page.getByText("2 nodes, 1 relation")).toBeVisible();
  await page.getByRole("button", { name: "Show neighbours" }).click();
  await expect(page.getByText("3 nodes, 2 relations")).toBeVisible();
  await page.getByRole("button", { name: "Hide neighbours" }).click();
  await expect(page.getByText("1 node, 0 relations")).toBeVisible();
  await page.getByRole("button", { name: "Path to another node" }).click();
  await page.getByRole("combobox", { name: "The other node" }).pressSequentially("orders in files");
  await page.getByRole("option", { name: "Keep orders in files" }).click();
  const path = page.getByRole("region", { name: "Path" });
  await expect(path.getByRole("listitem")).toHaveText([
    "Orders",
    /depends on.*Keep orders in Neo4j/,
    /supersedes.*files/,
  ]);
  await expect(page).toHaveURL(/to=d1/);
});

test("the tree goes from neighbour to neighbour by keyboard", async ({ page }) => {
  await explore(page, "&view=tree&focus=n2&depth=2");
  const tree = page.getByRole("tree");
  await expect(tree.getByRole("treeitem").first()).toHaveAttribute("aria-expanded", "true");
  await expect(tree.getByRole("treeitem")).toHaveCount(3);
  await tree.getByRole("treeitem").first().focus();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(details(page).getByRole("heading", { level: 2 })).toBeVisible();
  await page.keyboard.press("ArrowLeft");
  await page.keyboard.press("ArrowLeft");
  await expect(tree.getByRole("treeitem").first()).toHaveAttribute("aria-expanded", "false");
});

test("the arrow keys go through the table", async ({ page }) => {
  await explore(page, "&view=table");
  const rows = page.getByRole("rowheader");
  await rows.first().getByRole("button").focus();
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(1).getByRole("button")).toBeFocused();
  await page.getByRole("button", { name: "Title", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Title" })).toHaveAttribute("aria-sort", "ascending");
});

test("time goes back to the beginning, and plays", async ({ page }) => {
  await explore(page);
  await page.getByRole("button", { name: "Time" }).click();
  const slider = page.getByRole("slider", { name: "Instant" });
  await slider.focus();
  await page.keyboard.press("Home");
  await expect(page).toHaveURL(/asOf=/);
  await expect(page.getByRole("button", { name: "New node" })).toHaveCount(0);
  await page.getByRole("button", { name: "Play" }).click();
  await expect(page.getByRole("button", { name: "Pause" })).toBeVisible();
  await page.keyboard.press("Tab");
  await page.keyboard.press("End");
  await expect(page).not.toHaveURL(/asOf=/);
});

test("what shows is saved as picture, drawing, data and statements", async ({ page }) => {
  await explore(page);
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  const saved = async (name: string) => {
    await page.getByRole("button", { name: "Save as" }).click();
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("menuitem", { name }).click()]);
    return readFile(await download.path());
  };
  expect((await saved("Picture")).subarray(1, 4).toString()).toBe("PNG");
  expect((await saved("Drawing")).toString()).toContain("Keep orders in Neo4j</text>");
  expect(JSON.parse((await saved("Data")).toString()).nodes.length).toBeGreaterThan(5);
  expect((await saved("Statements")).toString()).toContain("-[:SUPERSEDES]->");
});

test("delete in the explorer, and undo", async ({ page, api }) => {
  const id = `gone-${Date.now()}`;
  await api(CREATE, { input: { graph: GRAPH, nodes: [{ id, type: "NOTE", title: `Gone ${id}` }] } });
  await explore(page, `&view=table&node=${id}`);
  await details(page).getByRole("button", { name: "Delete" }).click();
  await expect(page.getByRole("rowheader", { name: `Gone ${id}` })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(details(page).getByRole("button", { name: "Edit" })).toBeVisible();
});

test("no node, one, and a thousand; any title", async ({ page, api }) => {
  const graph = `${GRAPH}-many-${Date.now()}`;
  await api(NEW_GRAPH, { input: { name: graph } });
  await open(page, `/graph?graph=${graph}`);
  await expect(page.getByText("There is nothing here yet.")).toBeVisible();
  const nodes = Array.from({ length: 1_000 }, (_, i) => ({ id: `m${i}`, type: "NOTE", title: `Node ${i}` }));
  Object.assign(nodes[0] ?? {}, { title: "مرحبا بالعالم" });
  Object.assign(nodes[1] ?? {}, { title: "🦀".repeat(400) });
  Object.assign(nodes[2] ?? {}, { title: "<img src=x onerror=alert(1)>" });
  const relations = nodes.slice(1).map((node, i) => {
    return { source: node.id, target: `m${Math.floor(i / 3)}`, relation: "RELATES_TO" };
  });
  await api(CREATE, { input: { graph, nodes, relations } });
  await expect(page.getByText("1,000 nodes, 999 relations")).toBeVisible();
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  await page.reload();
  await expect.poll(() => drawn(page)).toBeGreaterThan(500);
  expect(await longTasksWhilePanning(page)).toEqual([]);
  await page.getByRole("button", { name: "Table" }).click();
  expect(await page.getByRole("row").count()).toBeLessThan(120);
});

/** Presses the first node or circle that is found from the middle on. */
async function press(page: Page, box: { x: number; y: number; width: number; height: number }): Promise<void> {
  for (let i = 0; i < 400; i += 1) {
    const [angle, far] = [2.4 * i, 9 * Math.sqrt(i)];
    const [x, y] = [box.width / 2 + far * Math.cos(angle), box.height / 2 + far * Math.sin(angle)];
    await page.mouse.move(box.x + x, box.y + y);
    if (!(await page.locator(".explorer-pointing").count())) continue;
    await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
    if (await page.locator(".explorer-pointing").count()) return page.mouse.click(box.x + x, box.y + y);
  }
  throw new Error("there is nothing in the picture");
}

/** Tasks that took the main thread over 50 ms of the processor while the picture was dragged about. */
async function longTasksWhilePanning(page: Page): Promise<number[]> {
  const box = await picture(page).boundingBox();
  if (!box) throw new Error("there is no picture");
  const tasks = await tasksWhile(page, async () => {
    await page.mouse.move(box.x + 60, box.y + 60);
    await page.mouse.down();
    for (let i = 0; i < 30; i += 1) await page.mouse.move(box.x + 60 + 8 * i, box.y + 60 + 4 * i);
    await page.mouse.up();
  });
  expect(tasks.length).toBeGreaterThan(10);
  return tasks.filter((task) => task > 50);
}

/** Goes from circle to circle, opens one, goes back, and opens another from the list. */
async function circlesByKeyboard(page: Page): Promise<void> {
  const heard = page.getByRole("status").filter({ hasText: "Community" });
  await picture(page).focus();
  await page.keyboard.press("ArrowRight");
  await expect(heard).toContainText(/^Community “Crowd \d+”, \d+ nodes$/);
  const first = await heard.textContent();
  for (const key of ["ArrowRight", "ArrowDown", "ArrowLeft", "ArrowUp"]) {
    await page.keyboard.press(key);
    if ((await heard.textContent()) !== first) break;
  }
  await expect(heard).not.toHaveText(first ?? "");
  await page.keyboard.press("Enter");
  await expect(details(page).getByRole("heading", { level: 2, name: /^Crowd \d+$/ })).toBeVisible();
  await expect(page.getByRole("status").filter({ hasText: /neighbours?$/ })).toContainText("Note");
  await picture(page).focus();
  await page.keyboard.press("Escape");
  await expect(details(page)).toHaveCount(0);
  await expect(picture(page)).toBeVisible();
  await page.getByRole("button", { name: "Communities" }).press("Enter");
  await expect(page.getByRole("menuitem").first()).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("menu")).toHaveCount(0);
}

test("thousands of nodes are communities from afar, and open near by", async ({ page, api }) => {
  test.setTimeout(120_000);
  const graph = `${GRAPH}-crowd-${Date.now()}`;
  await api(NEW_GRAPH, { input: { name: graph } });
  const ids = Array.from({ length: 2_400 }, (_, i) => i);
  for (let first = 0; first < ids.length; first += 800) {
    const nodes = ids.slice(first, first + 800).map((i) => ({ id: `c${i}`, type: "NOTE", title: `Crowd ${i}` }));
    const relations = nodes.flatMap((node, at) => {
      const [i, hub] = [first + at, 80 * Math.floor((first + at) / 80)];
      const next = i > hub ? [{ source: node.id, target: `c${hub}`, relation: "RELATES_TO" }] : [];
      return i > hub + 1 ? [...next, { source: node.id, target: `c${i - 1}`, relation: "EXTENDS" }] : next;
    });
    await api(CREATE, { input: { graph, nodes, relations } });
  }
  await placed(api, graph);
  const loaded = await tasksWhile(page, async () => {
    await open(page, `/graph?graph=${graph}`);
    await expect(page.getByText(/circles stand for communities/)).toBeVisible();
  });
  expect(loaded.filter((task) => task > 200)).toEqual([]);
  expect(await longTasksWhilePanning(page)).toEqual([]);
  const box = await picture(page).boundingBox();
  if (!box) throw new Error("there is no picture");
  const hint = page.getByText(/circles? stands? for/);
  await page.getByRole("button", { name: "Show everything" }).click();
  await page.mouse.move(box.x + 5, box.y + 5);
  await expect.poll(() => hint.allTextContents().then((all) => all.join())).toContain("30 circles");
  const before = await hint.textContent();
  await press(page, box);
  await expect.poll(() => hint.allTextContents().then((all) => all.join())).not.toBe(before);
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect.poll(() => hint.allTextContents().then((all) => all.join())).toBe(before);
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  for (let i = 0; i < 8; i += 1) {
    await page.mouse.wheel(0, -300);
    await page.waitForTimeout(50);
  }
  await expect(hint).toHaveCount(0);
  expect(await longTasksWhilePanning(page)).toEqual([]);
  await page.getByRole("button", { name: "Show everything" }).click();
  await expect.poll(() => hint.allTextContents().then((all) => all.join())).toBe(before);
  await circlesByKeyboard(page);
  await page.goto(`/graph?graph=${graph}&node=c2005`);
  await expect(details(page).getByRole("heading", { level: 2, name: "Crowd 2005" })).toBeVisible();
  await picture(page).focus();
  await expect(page.getByRole("status").filter({ hasText: "neighbours" })).toContainText(
    "Crowd 2005, Note, 3 neighbours",
  );
  await page.getByRole("button", { name: "Tree", exact: true }).click();
  expect(await page.getByRole("treeitem").count()).toBeLessThan(120);
});

test("more nodes than are shown: which show, and how to see others", async ({ page }) => {
  const nodes = 100_000;
  await page.route("**/graphql", async (route) => {
    const { operationName, query } = route.request().postDataJSON();
    if (!String(operationName ?? query).includes("ExplorerTotal")) return route.continue();
    return route.fulfill({
      json: { data: { __typename: "Query", nodes: { __typename: "NodeConnection", totalCount: nodes } } },
    });
  });
  await page.route("**/graphql", async (route) => {
    if (!route.request().postData()?.includes("ExplorerSlice")) return route.fallback();
    const answer = await (await route.fetch()).json();
    answer.data.graphSlice.truncated = true;
    return route.fulfill({ json: answer });
  });
  await explore(page, "&view=table");
  await expect(page.getByText(/that changed last of 100,000\. Filter to see others\./)).toBeVisible();
});

test("without WebGL the table comes first, and says why", async ({ page }) => {
  await page.addInitScript(() => {
    const { getContext } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.getContext = function (this: HTMLCanvasElement, kind: string, ...more: unknown[]) {
      return kind.startsWith("webgl") ? null : Reflect.apply(getContext, this, [kind, ...more]);
    } as typeof getContext;
  });
  await explore(page);
  await expect(page.getByText("it has no WebGL")).toBeVisible();
  await expect(page.getByRole("table", { name: "Table" })).toBeVisible();
});

test("in a narrow window nothing overflows", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await explore(page, "&node=n2");
  await expect(details(page)).toBeVisible();
  await expect(picture(page)).toBeInViewport();
  const overflow = await page.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
