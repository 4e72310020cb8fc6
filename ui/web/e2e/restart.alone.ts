import { expect, GRAPH, open, test } from "./test";

test("the server restarts: it is said, what shows stays, and changes arrive again", async ({
  page,
  api,
  allow,
  request,
}) => {
  allow(/WebSocket|Failed to load resource|ERR_/);
  const server = (what: "stop" | "start") => request.post(`${process.env["APP_CONTROL"]}/${what}`);
  const note = (title: string) =>
    api("mutation($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }", {
      input: { graph: GRAPH, title, tags: ["restart"] },
    });
  await api("mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }", {
    input: { name: GRAPH },
  });
  await note("Before the restart");
  await open(page, `/search?tag=restart&graph=${GRAPH}`);
  await expect(page.getByRole("link", { name: "note: Before the restart" })).toBeVisible();

  await server("stop");
  await expect(page.getByText("The connection to the server is lost.")).toBeVisible();
  await expect(page.getByRole("link", { name: "note: Before the restart" })).toBeVisible();

  await server("start");
  await expect(page.getByText("The connection is back.")).toBeVisible();
  await expect(page.getByText("The connection to the server is lost.")).toHaveCount(0);
  await expect(page.getByRole("alert")).toHaveCount(0);

  await expect(async () => {
    const title = `After the restart ${Date.now()}`;
    await note(title);
    await expect(page.getByRole("link", { name: title })).toBeVisible({ timeout: 1_000 });
  }).toPass();
});
