import type { Page } from "@playwright/test";
import { expect, GRAPH, open, test } from "./test";

const CREATE = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { nodes { id } } }";
const UPDATE = "mutation($input: UpdateNodeInput!) { updateNode(input: $input) { node { rev } } }";
const DELETE = "mutation($input: DeleteNodeInput!) { deleteNode(input: $input) { rev } }";
const READ = "query($id: ID!, $graph: String) { node(id: $id, graph: $graph) { title content status tags rev } }";

type Api = <T = Record<string, unknown>>(query: string, variables?: object) => Promise<T>;
interface Read {
  readonly node: { title: string; content: string; status: string | null; tags: string[]; rev: number } | null;
}

let count = 0;

/** A node of its own for a test. */
async function made(api: Api, node: object = {}): Promise<string> {
  count += 1;
  const id = `node-spec-${Date.now()}-${count}`;
  const whole = { id, type: "NOTE", title: `Spec ${id}`, content: "one\n\ntwo\n\nthree\n", ...node };
  await api(CREATE, { input: { graph: GRAPH, nodes: [whole] } });
  return id;
}

const show = (page: Page, id: string, theme: "light" | "dark" = "light") =>
  open(page, `/node/${GRAPH}/${id}?graph=${GRAPH}`, theme);

for (const theme of ["light", "dark"] as const) {
  test(`a node shows its text, facts, relations and history without barriers (${theme})`, async ({ page, axe }) => {
    await show(page, "n2", theme);
    await expect(page.getByRole("heading", { level: 1, name: "Orders" })).toBeVisible();
    await expect(page.getByRole("link", { name: "note: The shop" })).toBeVisible();
    await expect(page.locator(".markdown strong")).toHaveText("the shop");
    await page.getByText("History").click();
    await expect(page.getByText("Revision 1")).toBeVisible();
    await page.getByText("Revision 1").click();
    await axe();
  });
}

test("backlinks lead to the nodes that refer here", async ({ page }) => {
  await show(page, "n1");
  await page.getByRole("link", { name: "note: Orders" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Orders" })).toBeVisible();
});

test("nothing of an untrusted text runs", async ({ page, api }) => {
  const content = [
    "<script>window.hit = 1</script><img src=x onerror='window.hit = 2'>",
    "<iframe src='javascript:parent.hit = 3'></iframe>",
    "[press](javascript:window.hit=4) <a href='javascript:window.hit=5'>or here</a>",
    "<svg onload='window.hit = 6'></svg><details open ontoggle='window.hit = 7'>x</details>",
    "![pixel](https://evil.example/pixel.png)",
  ].join("\n\n");
  const id = await made(api, { title: "<img src=x onerror=window.hit=8> مرحبا 🦀", content });
  await show(page, id);
  await expect(page.getByText("press", { exact: true })).toBeVisible();
  await page.getByText("press", { exact: true }).click();
  await page.getByText("or here").click();
  await expect(page.locator(".markdown :is(script, iframe, img, svg)")).toHaveCount(0);
  expect(await page.evaluate(() => (window as { hit?: number }).hit)).toBeUndefined();
});

test("edit, then see what changed and take it back", async ({ page, api }) => {
  const id = await made(api);
  await show(page, id);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Content (markdown)").fill("one\n\n2\n\nthree\n");
  await dialog.getByRole("textbox", { name: "Tags" }).fill("#new, other");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("link", { name: "#new" })).toBeVisible();
  await page.getByText("History").click();
  await page.getByText("Revision 2").click();
  const changed = page.getByRole("region", { name: "What changed from revision 1 to 2" });
  await expect(changed.locator("del")).toHaveText("two");
  await expect(changed.locator("ins")).toHaveText("2");
  await page.getByText("Revision 1").click();
  await page.getByRole("button", { name: "Restore this text" }).click();
  await expect(page.locator(".markdown")).toContainText("two");
});

test("what a revision changed beside the text is told, whatever the type has", async ({ page, api }) => {
  const id = await made(api, { type: "GUIDELINE", priority: 5 });
  await api(UPDATE, { input: { id, graph: GRAPH, rev: 1, priority: 7, topic: "naming" } });
  await show(page, id);
  await page.getByText("History").click();
  await page.getByText("Revision 2").click();
  await expect(page.getByText("Priority: 5 → 7")).toBeVisible();
  await expect(page.getByText("Topic: — → naming")).toBeVisible();
});

test("two editors of one node: what does not exclude is merged, the rest is asked", async ({ page, api, axe }) => {
  const id = await made(api, { status: "draft" });
  await show(page, id);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Mine");
  await dialog.getByLabel("Content (markdown)").fill("one\n\ntwo\n\n3\n");
  await api(UPDATE, { input: { id, graph: GRAPH, rev: 1, title: "Yours", content: "1\n\ntwo\n\nthree\n" } });
  await expect(dialog.getByText("changed this node while you edit it")).toBeVisible();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("Decide about: Title.")).toBeVisible();
  await expect(dialog.getByLabel("Content (markdown)")).toHaveValue("1\n\ntwo\n\n3\n");
  await axe();
  await dialog.getByLabel("Title").fill("Ours");
  await dialog.getByRole("button", { name: "Save the merged node" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("heading", { level: 1, name: "Ours" })).toBeVisible();
  const { node } = await api<Read>(READ, { id, graph: GRAPH });
  expect(node).toMatchObject({ title: "Ours", content: "1\n\ntwo\n\n3\n", rev: 3 });
});

test("changes of one line are marked, and cannot be saved so", async ({ page, api }) => {
  const id = await made(api);
  await show(page, id);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  const content = dialog.getByLabel("Content (markdown)");
  await content.fill("one\n\nmine\n\nthree\n");
  await api(UPDATE, { input: { id, graph: GRAPH, rev: 1, content: "one\n\ntheirs\n\nthree\n" } });
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(content).toHaveValue(/<<<<<<< theirs\ntheirs\n=======\nmine\n>>>>>>> yours/);
  await expect(dialog.getByRole("button", { name: "Save the merged node" })).toBeDisabled();
  await dialog.getByRole("button", { name: "Take yours" }).click();
  await dialog.getByRole("button", { name: "Save the merged node" }).click();
  await expect(dialog).toHaveCount(0);
  const { node } = await api<Read>(READ, { id, graph: GRAPH });
  expect(node?.content).toBe("one\n\nmine\n\nthree\n");
});

test("deleted under the editor: saving brings it back", async ({ page, api }) => {
  const id = await made(api);
  await show(page, id);
  await page.getByRole("button", { name: "Edit" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("Kept");
  await api(DELETE, { input: { id, graph: GRAPH } });
  await expect(dialog.getByText("was deleted while you edit it")).toBeVisible();
  await expect(page.getByText("This node was deleted.")).toBeAttached();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  const { node } = await api<Read>(READ, { id, graph: GRAPH });
  expect(node?.title).toBe("Kept");
});

test("delete, undo; delete, and bring back later", async ({ page, api }) => {
  const id = await made(api);
  await show(page, id);
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("This node was deleted.")).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText("This node was deleted.")).toBeVisible();
  await page.reload();
  await page.getByRole("button", { name: "Bring it back" }).click();
  await expect(page.getByRole("button", { name: "Edit" })).toBeVisible();
});

test("link to a node that is found by its words, unlink, undo", async ({ page, api }) => {
  const id = await made(api);
  await show(page, id);
  await page.getByRole("button", { name: "Link" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Relation").selectOption("DEPENDS_ON");
  await dialog.getByRole("combobox", { name: "Find a node by its words" }).pressSequentially("retry lim");
  await dialog.getByRole("option", { name: "Retry with limits" }).click();
  await dialog.getByRole("button", { name: "Link" }).click();
  await expect(page.getByRole("link", { name: "pattern: Retry with limits" })).toBeVisible();
  await page.getByRole("button", { name: "Remove the relation to Retry with limits" }).click();
  await expect(page.getByRole("link", { name: "pattern: Retry with limits" })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByRole("link", { name: "pattern: Retry with limits" })).toBeVisible();
});

test("create a node, and be there", async ({ page }) => {
  await show(page, "n1");
  await page.getByRole("button", { name: "New node" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Type").selectOption("PATTERN");
  await dialog.getByLabel("Title").fill("Made here");
  await dialog.getByLabel("Content (markdown)").fill("A **text**.");
  await dialog.getByRole("button", { name: "Create" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "Made here" })).toBeVisible();
});

test("a long title in a narrow window: the page does not overflow", async ({ page, api }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  const id = await made(api, {
    title: "W".repeat(900),
    content: `${"x".repeat(5_000)}\n\n| a | b |\n|-|-|\n| c | d |`,
  });
  await show(page, id);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  const overflow = await page.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});

test("a node that never was is said to be missing", async ({ page }) => {
  await show(page, "never-was");
  await expect(page.getByText("There is no such node here.")).toBeVisible();
});

test("a node of each type is written with the fields of its type", async ({ page, api, axe }) => {
  await show(page, "n1");
  const written = {
    GUIDELINE: { Priority: "120", Topic: "errors", Overrides: "g2" },
    DECISION: { Deciders: "Ada Lovelace, Grace Hopper", "Status as its author wrote it": "Agreed" },
    EXECUTION: { Project: "web", "Duration in milliseconds": "1500", "Cost in cents": "2,5" },
  };
  const read = {
    GUIDELINE: { priority: 120, topic: "errors", overrides: ["g2"] },
    DECISION: { deciders: ["Ada Lovelace", "Grace Hopper"], statusRaw: "Agreed" },
    EXECUTION: { project: "web", durationMs: 1_500, costCents: 2.5 },
  };
  for (const type of ["GUIDELINE", "DECISION", "EXECUTION"] as const) {
    const title = `Written as ${type} ${Date.now()}`;
    await page.getByRole("button", { name: "New node" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Type").selectOption(type);
    await dialog.getByLabel("Title").fill(title);
    await dialog.getByRole("textbox", { name: "Also known as" }).fill(`${type} alias`);
    for (const [label, value] of Object.entries(written[type])) {
      await dialog.getByRole("textbox", { name: label }).fill(value);
    }
    await axe();
    await dialog.getByRole("button", { name: "Create" }).click();
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
    const fields = Object.keys(read[type]).join(" ");
    const name = type[0] + type.slice(1).toLowerCase();
    const { nodes } = await api<{ nodes: { nodes: object[] } }>(
      `query($graph: String, $title: String) {
        nodes(graph: $graph, where: { title: { eq: $title } }) { nodes { aliases ... on ${name} { ${fields} } } }
      }`,
      { graph: GRAPH, title },
    );
    expect(nodes.nodes).toEqual([{ aliases: [`${type} alias`], ...read[type] }]);
  }
});

test("what is wrong stands beside its field, also what the server says", async ({ page, api, axe }) => {
  const id = await made(api, { type: "GUIDELINE", priority: 3 });
  await show(page, id);
  await page.getByRole("button", { name: "Edit", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("Title").fill("x".repeat(10_000));
  await dialog.getByRole("textbox", { name: "Priority" }).fill("1.5");
  await dialog.getByRole("textbox", { name: "More from its author" }).fill("[1]");
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog.getByText("It has 10000 characters; at most 1000 fit.")).toBeVisible();
  await expect(dialog.getByText("Write a whole number.")).toBeVisible();
  await expect(dialog.getByText(/Write an object of JSON/)).toBeVisible();
  await expect(dialog.getByLabel("Title")).toBeFocused();
  await axe();
  await dialog.getByLabel("Title").fill("Short");
  await dialog.getByRole("textbox", { name: "Priority" }).fill("");
  await dialog.getByRole("textbox", { name: "More from its author" }).fill('{"a": 1}');
  await dialog.getByRole("textbox", { name: "Tags" }).fill("t".repeat(300));
  await dialog.getByRole("button", { name: "Save" }).click();
  const tags = dialog.getByRole("textbox", { name: "Tags" });
  await expect(tags).toHaveAccessibleDescription(/at most 200 fit/);
  await dialog.getByRole("button", { name: /^Remove ttt/ }).click();
  await dialog.getByRole("button", { name: "Save" }).click();
  await expect(dialog).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("heading", { level: 1, name: `Spec ${id}` })).toBeVisible();
});
