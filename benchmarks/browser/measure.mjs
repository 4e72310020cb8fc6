// node measure.mjs ORIGIN GRAPH: what a picture of a graph costs the main thread of a real Chromium, in the explorer and
// in cytoscape on a canvas with the same graph and places; prints JSON.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const WEB = new URL("../../ui/web/", import.meta.url);
const { launch } = await import(new URL("e2e/browser.mjs", WEB));
const { tasksWhile } = await import(new URL("e2e/tasks.mjs", WEB));
const CYTOSCAPE = createRequire(fileURLToPath(new URL("package.json", WEB))).resolve("cytoscape/dist/cytoscape.min.js");

const [origin, graph] = process.argv.slice(2);
const FRAMES = 24;
const VIEWPORT = { width: 1280, height: 800 };

const SLICE = `query($graph: String) {
  graphSlice(graph: $graph, first: 20000) { nodes { id x y degree } edges { source target } layoutPending }
}`;

/** Processor time of the main thread since the page began, in ms. */
async function cpuOf(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  return async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return 1000 * (metrics.find(({ name }) => name === "TaskDuration")?.value ?? 0);
  };
}

/** Drags the picture about, a step in each frame. */
async function pan(page) {
  const [x, y] = [VIEWPORT.width / 2, VIEWPORT.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  for (let i = 1; i <= FRAMES; i += 1) {
    const far = i <= FRAMES / 2 ? i : FRAMES - i;
    await page.mouse.move(x + 5 * far, y + 3 * far);
    await page.evaluate(() => new Promise((done) => requestAnimationFrame(done)));
  }
  await page.mouse.up();
}

const painted = (page) =>
  page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(performance.now())))));

async function panned(page, cpu) {
  const before = await cpu();
  await pan(page);
  const frame = ((await cpu()) - before) / FRAMES;
  const tasks = await tasksWhile(page, () => pan(page));
  return { frame, longest: tasks[0] ?? 0 };
}

/** A page that takes the processor for a graphics card, so that nothing is left out while the picture is dragged. */
async function newPage(browser) {
  const page = await browser.newPage({ viewport: VIEWPORT, reducedMotion: "reduce" });
  await page.addInitScript(() => {
    const { getParameter } = WebGL2RenderingContext.prototype;
    const UNMASKED_RENDERER = 0x9246;
    WebGL2RenderingContext.prototype.getParameter = function (name) {
      return name === UNMASKED_RENDERER ? "a graphics card" : getParameter.call(this, name);
    };
  });
  return page;
}

/** What the page costs until it is still, when dragged, and near by. */
async function measured(browser, show, nearer) {
  const page = await newPage(browser);
  const cpu = await cpuOf(page);
  await show(page);
  const still = await cpu();
  const paint = await painted(page);
  await page.waitForTimeout(500);
  const far = await panned(page, cpu);
  const near = nearer && (await nearer(page)) ? await panned(page, cpu) : undefined;
  await page.close();
  const other = await newPage(browser);
  const tasks = await tasksWhile(other, () => show(other));
  await other.close();
  return { still, paint, load: tasks[0] ?? 0, pan: far, ...(near ? { near } : {}) };
}

const explorer = (address) => async (page) => {
  await page.goto(address);
  await page.waitForFunction(() => performance.getEntriesByName("explorer-drawn").length > 0, null, { timeout: 120_000 });
};

/** Presses the middle of the picture so often nearer that communities open. */
async function nearer(page) {
  await page.mouse.move(VIEWPORT.width / 2, VIEWPORT.height / 2);
  for (let i = 0; i < 6; i += 1) {
    await page.mouse.wheel(0, -400);
    await page.waitForTimeout(300);
  }
  await page.waitForTimeout(1_000);
  return true;
}

const cytoscape = (slice) => async (page) => {
  await page.goto(`${origin}/health`);
  await page.evaluate(() => {
    document.body.innerHTML = '<div id="cy" style="position:fixed;inset:0"></div>';
  });
  await page.addScriptTag({ content: readFileSync(CYTOSCAPE, "utf8") });
  await page.evaluate(({ nodes, edges }) => {
    const elements = [
      ...nodes.id.map((id, i) => ({
        data: { id, size: Math.min(16, 5 + 1.7 * Math.sqrt(nodes.degree[i])) },
        position: { x: nodes.x[i], y: nodes.y[i] },
      })),
      ...edges.source.map((source, i) => ({ data: { source: nodes.id[source], target: nodes.id[edges.target[i]] } })),
    ];
    window.cytoscape({
      container: document.getElementById("cy"),
      elements,
      layout: { name: "preset" },
      style: [
        { selector: "node", style: { width: "data(size)", height: "data(size)", "background-color": "#015cfe" } },
        { selector: "edge", style: { width: 1, "line-color": "#b8bec8", "curve-style": "haystack" } },
      ],
    });
  }, slice);
  await painted(page);
};

const answer = await fetch(`${origin}/graphql`, {
  method: "POST",
  headers: { "content-type": "application/json" },
  body: JSON.stringify({ query: SLICE, variables: { graph } }),
});
const slice = (await answer.json()).data.graphSlice;
const browser = await launch();
try {
  const ours = await measured(browser, explorer(`${origin}/graph?graph=${graph}`), slice.nodes.id.length > 2_000 && nearer);
  const peer = await measured(browser, cytoscape(slice));
  console.log(JSON.stringify({ nodes: slice.nodes.id.length, relations: slice.edges.source.length, ours, peer }));
} finally {
  await browser.close();
}
