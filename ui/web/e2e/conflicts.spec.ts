import { expect, GRAPH, open, test } from "./test";

type Api = <T = Record<string, unknown>>(query: string, variables?: object) => Promise<T>;

const SOURCE = "conflicts-of-the-web-app";
const FILE = "---\ntitle: Hours\n---\n\nOpen at eight.\n\nClosed on Sundays.\n";

/** A file that the graph and the disk changed both; gives its path. */
async function conflict(api: Api): Promise<string> {
  const path = `hours-${Date.now()}.md`;
  const send = (mutation: string, kind: string, input: object) =>
    api<Record<string, { documents: { nodeId?: string }[] }>>(
      `mutation($input: ${kind}!) { ${mutation}(input: $input) { documents { path outcome ${
        mutation === "importDocuments" ? "nodeId" : "conflict"
      } } } }`,
      { input: { source: SOURCE, graph: GRAPH, ...input } },
    );
  const made = await send("importDocuments", "ImportDocumentsInput", { documents: [{ path, content: FILE }] });
  const id = made["importDocuments"]?.documents[0]?.nodeId;
  const { node } = await api<{ node: { rev: number; content: string } }>(
    "query($id: ID!, $graph: String) { node(id: $id, graph: $graph) { rev content } }",
    { id, graph: GRAPH },
  );
  await api("mutation($input: UpdateNodeInput!) { updateNode(input: $input) { node { id } } }", {
    input: { id, graph: GRAPH, rev: node.rev, content: node.content.replace("eight", "nine") },
  });
  await send("syncDocuments", "SyncDocumentsInput", {
    documents: [{ path, content: FILE.replace("eight", "seven") }],
  });
  return path;
}

for (const theme of ["light", "dark"] as const) {
  test(`conflicts have no barrier (${theme})`, async ({ page, axe, api }) => {
    const path = await conflict(api);
    await open(page, `/conflicts?graph=${GRAPH}`, theme);
    await expect(page.getByRole("heading", { name: path })).toBeVisible();
    await axe();
  });
}

test("both sides show, and one is kept by keyboard", async ({ page, api }) => {
  const path = await conflict(api);
  await open(page, `/conflicts?graph=${GRAPH}`);
  const one = page.getByRole("region", { name: path });
  await expect(one.getByRole("row", { name: /Open at seven.*Open at nine/ })).toBeVisible();
  await one.getByRole("button", { name: "Keep the file's" }).focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(`The conflict of ${path} is decided`)).toBeVisible();
  await expect(one).toHaveCount(0);
});

test("neither side is kept, but a text of one's own", async ({ page, api }) => {
  const path = await conflict(api);
  await open(page, `/conflicts?graph=${GRAPH}`);
  const one = page.getByRole("region", { name: path });
  await one.getByRole("button", { name: "Write it myself" }).click();
  await one.getByRole("textbox").fill("Open at half past seven.");
  await one.getByRole("button", { name: "Keep this text" }).click();
  await expect(one).toHaveCount(0);
  const { nodes } = await api<{ nodes: { nodes: { content: string }[] } }>(
    "query($graph: String, $path: String) { nodes(graph: $graph, where: { path: { eq: $path } }) { nodes { content } } }",
    { graph: GRAPH, path },
  );
  expect(nodes.nodes[0]?.content).toContain("half past seven");
});
