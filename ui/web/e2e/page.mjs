// Steps that the test and the pictures share.

const READY = ".graphiql-query-editor .monaco-editor .view-line";

/** Everything that a page must not do: messages on the console, requests to other origins, policy violations. */
export async function watch(page, origin) {
  const seen = { console: [], offOrigin: [], violations: [], failed: [], workers: [] };
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) seen.console.push(message.text());
  });
  page.on("pageerror", (error) => seen.console.push(String(error)));
  page.on("request", (request) => {
    const url = request.url();
    if (!url.startsWith(origin) && !url.startsWith("data:")) seen.offOrigin.push(url);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) seen.failed.push(`${response.status()} ${response.url()}`);
  });
  page.on("worker", (worker) => seen.workers.push(worker.url()));
  await page.exposeFunction("reportViolation", (text) => seen.violations.push(text));
  await page.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", (event) =>
      window.reportViolation(`${event.violatedDirective} ${event.blockedURI} ${event.sourceFile}`),
    );
  });
  return seen;
}

/** Open the page and wait for the editor and the schema. */
export async function open(page, url) {
  const response = await page.goto(url);
  await page.waitForSelector(READY, { state: "visible" });
  return response;
}

export const selectTab = (page, name) => page.getByRole("tab", { name }).first().click();

export const run = (page) => page.locator(".graphiql-execute-button").click();

/** Run a subscription and give the address of its socket, once open. After a change of tabs GraphiQL knows the new
 * operation only a moment later, so the button is pressed until a socket opens. */
export async function subscribe(page) {
  let socket;
  page.once("websocket", (opened) => {
    socket = opened;
  });
  for (const deadline = Date.now() + 20_000; !socket; ) {
    if (Date.now() > deadline) throw new Error("no websocket was opened");
    if (await page.getByRole("button", { name: "Execute query" }).isVisible()) await run(page);
    await page.waitForEvent("websocket", { timeout: 1_000 }).catch(() => null);
  }
  return socket.url();
}

/** The answer as the reader sees it (long lines wrapped, white space collapsed), once it holds `text`. */
export async function answer(page, text, timeout = 30_000) {
  const shown = await page.waitForFunction(
    (wanted) => {
      const lines = [...document.querySelectorAll(".result-window .view-line")];
      const all = lines.map((line) => line.textContent).join(" ").replace(/\s+/g, " ");
      return all.includes(wanted) && all;
    },
    text,
    { timeout },
  );
  return shown.jsonValue();
}
