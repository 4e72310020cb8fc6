import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`import has no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/import?graph=${GRAPH}`, theme);
    await expect(page.getByRole("button", { name: "Choose a folder" })).toBeVisible();
    await axe();
  });
}

test("files of this computer are imported, and are as they were the second time", async ({ page, api }) => {
  const title = `Uploaded ${Date.now()}`;
  const files = [
    { name: "uploaded.md", mimeType: "text/markdown", buffer: Buffer.from(`# ${title}\n\nFrom the browser.\n`) },
    { name: "picture.png", mimeType: "image/png", buffer: Buffer.from("x") },
  ];
  await open(page, `/import?graph=${GRAPH}`);
  await expect(page.getByRole("combobox", { name: "Into the graph" })).toHaveValue(GRAPH);
  const choose = async () => {
    const [chooser] = await Promise.all([
      page.waitForEvent("filechooser"),
      page.getByRole("button", { name: "Choose files" }).press("Enter"),
    ]);
    await chooser.setFiles(files);
  };
  await choose();
  await expect(page.getByText(/Imported: (1 new, 0|0 new, 1) changed/)).toBeVisible();
  await choose();
  await expect(page.getByText("Imported: 0 new, 0 changed, 1 as they were")).toBeVisible();
  const { nodes } = await api<{ nodes: { nodes: { id: string }[] } }>(
    "query($graph: String, $title: String) { nodes(graph: $graph, where: { title: { eq: $title } }) { nodes { id } } }",
    { graph: GRAPH, title },
  );
  expect(nodes.nodes).toHaveLength(1);
});

test("a folder that the server may not read is refused, with what to do", async ({ page }) => {
  await open(page, `/import?graph=${GRAPH}`);
  await page.getByRole("textbox", { name: "Folder or file" }).fill("/etc");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByText("ingest.roots").first()).toBeVisible();
});

test("an import of the server goes on before one's eyes, and can be stopped", async ({ page, api }) => {
  const folder = process.env["APP_FOLDER"];
  test.skip(!folder, "APP_FOLDER names a folder of many files that the server may read");
  const graph = `${GRAPH}-many-${Date.now()}`;
  await api("mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }", {
    input: { name: graph },
  });
  await open(page, `/import?graph=${graph}`);
  const start = async () => {
    await page.getByRole("textbox", { name: "Folder or file" }).fill(folder ?? "");
    await page.getByRole("button", { name: "Import it" }).click();
  };
  const newest = page.getByRole("region", { name: "Imports of the server" }).getByRole("listitem").first();
  await start();
  await expect(newest.getByRole("progressbar")).toBeVisible();
  await expect(newest.getByText(/[1-9]\d* of \d+ files/)).toBeVisible();
  await newest.getByRole("button", { name: /Stop/ }).click();
  await expect(newest.getByText("stopped")).toBeVisible();
  await start();
  await expect(newest.getByText("done")).toBeVisible({ timeout: 60_000 });
  await expect(newest.getByRole("progressbar")).toHaveCount(0);
});
