// Steps that the test and the pictures share.

const READY = ".graphiql-query-editor .monaco-editor .view-line";

/** Everything that a page must not do: messages on the console, requests to other origins, policy violations. */
export async function watch(page, origin) {
  const seen = { console: [], offOrigin: [], violations: [], failed: [], workers: [] };
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    const values = message.args().map((value) => value.jsonValue().catch(() => "?"));
    Promise.all(values).then((all) => seen.console.push(`${message.text()} ${JSON.stringify(all)}`));
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

/** Change to the tab of an operation, and wait until GraphiQL has it: it stores the change a moment after. */
export async function selectTab(page, operation) {
  await page.locator(".graphiql-tab-button", { hasText: operation }).first().click();
  await page.waitForFunction((wanted) => {
    const { tabs, activeTabIndex } = JSON.parse(localStorage.getItem("graphiql:tabState") ?? '{"tabs":[]}');
    return tabs[activeTabIndex]?.operationName === wanted;
  }, operation);
}

export const run = (page) => page.locator(".graphiql-execute-button").click();

/** Run a subscription; gives the address of its socket. */
export async function subscribe(page) {
  const socket = page.waitForEvent("websocket");
  await run(page);
  return (await socket).url();
}

/** The answer as the reader sees it (long lines wrapped, white space collapsed), once it holds `text`. */
export async function answer(page, text, timeout = 30_000) {
  const shown = await page.waitForFunction(
    (wanted) => {
      const lines = [...document.querySelectorAll(".result-window .view-line")];
      const all = lines
        .map((line) => line.textContent)
        .join(" ")
        .replace(/\s+/g, " ");
      return all.includes(wanted) && all;
    },
    text,
    { timeout },
  );
  return shown.jsonValue();
}
