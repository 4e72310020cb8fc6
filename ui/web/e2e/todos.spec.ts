import { expect, GRAPH, open, test } from "./test";

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

test("Ctrl and an arrow move a card to the column beside", async ({ page }) => {
  await open(page, `/todos?graph=${GRAPH}`);
  const lane = (name: string) => page.getByRole("region", { name });
  await lane("To do")
    .getByRole("row", { name: /repot the fig/ })
    .focus();
  await page.keyboard.press("Control+ArrowRight");
  await expect(lane("Doing").getByText("repot the fig")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lane("To do").getByText("repot the fig")).toBeVisible();
});

test("a card is dragged", async ({ page }) => {
  await open(page, `/todos?graph=${GRAPH}`);
  const lane = (name: string) => page.getByRole("region", { name });
  await lane("To do")
    .getByRole("row", { name: /repot the fig/ })
    .dragTo(lane("Doing").getByRole("grid"));
  await expect(lane("Doing").getByText("repot the fig")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(lane("To do").getByText("repot the fig")).toBeVisible();
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, `/todos?graph=${GRAPH}`);
  expect(await page.evaluate(() => document.querySelector("main")?.scrollWidth)).toBeLessThanOrEqual(390);
});
