// npm run screenshots [-- ORIGIN FOLDER GRAPH]: every page in both themes, wide and narrow, and the playground.
// With VAULT_TOKEN in the environment the pages of the vault are those of its holder; without it they ask for one.
import { mkdirSync } from "node:fs";
import { launch } from "./browser.mjs";
import { answer, open, run } from "./page.mjs";

const [origin = "http://127.0.0.1:8001", folder = "screenshots", graph = "stratumiops"] = process.argv.slice(2);
const PAGES = {
  home: "/",
  explorer: "/graph",
  search: "/search?q=graph&mode=TEXT",
  decisions: "/decisions",
  timeline: "/decisions?view=timeline",
  chains: "/decisions?view=graph",
  journal: "/journal",
  guidelines: "/guidelines",
  tags: "/tags",
  todos: "/todos",
  blocks: "/blocks",
  lint: "/lint",
  conflicts: "/conflicts",
  import: "/import",
  vault: "/vault",
  "vault-secrets": "/vault/secrets",
  "vault-mounts": "/vault/mounts?mount=secret/",
  views: "/views",
  node: `/node/${graph}/adr-0003-one-graph`,
  "vault-leases": "/vault/leases",
  "vault-certificates": "/vault/certificates",
  "vault-certificate-list": "/vault/certificates?view=list",
  "vault-policies": "/vault/policies?name=default&op=READ&path=cubbyhole/mine&as=policies&who=default",
  "vault-audit": "/vault/audit",
};
/** What opens over a page, and how. */
const DIALOGS = {
  edit: (page) => page.getByRole("button", { name: "Edit", exact: true }).click(),
  create: (page) => page.getByRole("button", { name: "New node" }).click(),
  palette: (page) => page.keyboard.press("Control+k"),
  shortcuts: (page) => page.keyboard.press("?"),
};
const WIDTHS = { wide: 1440, narrow: 390 };
const THEMES = ["light", "dark"];

/** What the app keeps of somebody who has signed in to the vault. */
const token = process.env["VAULT_TOKEN"];
const session = { token, namespace: "", own: false, kept: true, displayName: "token", policies: [], expiresAt: null };
const signIn = (page) =>
  token && page.addInitScript((kept) => sessionStorage.setItem("stratumiops.vault", kept), JSON.stringify(session));

/** Waits until a page has something, and waits for nothing more. */
const shown = async (page) => {
  await page.locator("main").waitFor();
  await page.waitForLoadState("networkidle", { timeout: 5_000 }).catch(() => undefined);
  await page.waitForFunction(() => !document.querySelector("[aria-busy=true]"));
};

mkdirSync(folder, { recursive: true });
const browser = await launch();
try {
  for (const theme of THEMES) {
    for (const [size, width] of Object.entries(WIDTHS)) {
      const context = await browser.newContext({
        viewport: { width, height: 900 },
        deviceScaleFactor: 1.5,
        reducedMotion: "reduce",
        locale: "en-US",
        colorScheme: theme,
      });
      const page = await context.newPage();
      await signIn(page);
      for (const [name, path] of Object.entries(PAGES)) {
        await page.goto(`${origin}${path}${path.includes("?") ? "&" : "?"}graph=${graph}`);
        await shown(page);
        await page.waitForTimeout(name === "explorer" ? 4_000 : 600);
        await page.screenshot({ path: `${folder}/${name}-${theme}-${size}.png`, animations: "disabled" });
      }
      for (const [name, keys] of Object.entries(DIALOGS)) {
        await page.goto(`${origin}${PAGES.node}?graph=${graph}`);
        await shown(page);
        await keys(page);
        await page.getByRole("dialog").waitFor();
        await page.screenshot({ path: `${folder}/${name}-${theme}-${size}.png`, animations: "disabled" });
      }
      await context.close();
    }
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 1.5,
      reducedMotion: "reduce",
      locale: "en-US",
      colorScheme: theme,
    });
    await open(page, `${origin}/graphql`);
    await run(page);
    await answer(page, '"totalCount"');
    await page.mouse.move(640, 20);
    await page.screenshot({ path: `${folder}/playground-${theme}.png`, animations: "disabled" });
    await page.close();
  }
} finally {
  await browser.close();
}
