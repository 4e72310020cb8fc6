import type { Request } from "@playwright/test";
import { type Api, expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`todos have no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/todos?graph=${GRAPH}`, theme);
    await expect(page.getByText("sow beans")).toBeVisible();
    await axe();
  });
}

test("a card is moved by its handle and the keyboard, and its text says so", async ({ page, api }) => {
  await open(page, `/todos?graph=${GRAPH}`);
  const lane = (name: string) => page.getByRole("region", { name });
  const card = lane("To do").getByRole("row", { name: /sow beans/ });
  await card.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Enter");
  await expect(lane("Doing").getByRole("grid")).toHaveAttribute("data-drop-target", "true");
  await page.keyboard.press("Enter");
  await expect(lane("To do").getByText("sow beans")).toHaveCount(0);
  await expect(page.getByText(/“sow beans.*” is now/)).toBeVisible();
  const text = async () => {
    const { nodes } = await api<{ nodes: { nodes: { content: string }[] } }>(
      'query($graph: String) { nodes(graph: $graph, where: { title: { eq: "Garden" } }) { nodes { content } } }',
      { graph: GRAPH },
    );
    return nodes.nodes[0]?.content ?? "";
  };
  const garden = async () => {
    const { nodes } = await api<{ nodes: { nodes: { id: string; rev: number }[] } }>(
      'query($graph: String) { nodes(graph: $graph, where: { title: { eq: "Garden" } }) { nodes { id rev } } }',
      { graph: GRAPH },
    );
    return nodes.nodes[0];
  };
  await expect.poll(text).toContain("DOING [#A] sow beans");
  await page.reload();
  await expect(lane("Doing").getByText("sow beans")).toBeVisible();
  await api("mutation($input: UpdateNodeInput!) { updateNode(input: $input) { node { id } } }", {
    input: { ...(await garden()), graph: GRAPH, content: (await text()).replace("DOING [#A]", "TODO [#A]") },
  });
  await expect(lane("To do").getByText("sow beans")).toBeVisible();
});

/** Whether the graph says so, too: a page that closes before takes back what it shows. */
async function untilFigIs(api: Api, state: string): Promise<void> {
  const query = "query($graph: String) { todos(graph: $graph, first: 100) { nodes { text state } } }";
  const fig = async () => {
    const { todos } = await api<{ todos: { nodes: { text: string; state: string }[] } }>(query, { graph: GRAPH });
    return todos.nodes.find(({ text }) => text.startsWith("repot the fig"))?.state;
  };
  await expect.poll(fig).toBe(state);
}

test("Ctrl and an arrow move a card to the column beside", async ({ page, api }) => {
  await open(page, `/todos?graph=${GRAPH}`);
  const lane = (name: string) => page.getByRole("region", { name });
  await lane("To do")
    .getByRole("row", { name: /repot the fig/ })
    .focus();
  let answer = () => {};
  const answers = new Promise<void>((resolve) => {
    answer = resolve;
  });
  const isList = (request: Request) => request.postData()?.includes("query Todos(") ?? false;
  await page.route("**/graphql", async (route) => {
    if (isList(route.request())) await answers;
    await route.continue();
  });
  const asked = page.waitForRequest(isList);
  await page.keyboard.press("Control+ArrowRight");
  await expect(page.getByText(/“repot the fig.*” is now/)).toBeVisible();
  await asked;
  await expect(lane("Doing").getByText("repot the fig")).toHaveCount(1, { timeout: 1 }); // before the list says so
  answer();
  await untilFigIs(api, "DOING");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lane("To do").getByText("repot the fig")).toBeVisible();
  await untilFigIs(api, "TODO");
  await page.unrouteAll({ behavior: "wait" });
  await expect(lane("To do").getByText("repot the fig")).toBeVisible();
});

test("a card is dragged", async ({ page, api }) => {
  await open(page, `/todos?graph=${GRAPH}`);
  const lane = (name: string) => page.getByRole("region", { name });
  await lane("To do")
    .getByRole("row", { name: /repot the fig/ })
    .dragTo(lane("Doing").getByRole("grid"));
  await expect(lane("Doing").getByText("repot the fig")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lane("To do").getByText("repot the fig")).toBeVisible();
  await untilFigIs(api, "TODO");
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, `/todos?graph=${GRAPH}`);
  expect(await page.evaluate(() => document.querySelector("main")?.scrollWidth)).toBeLessThanOrEqual(390);
});
