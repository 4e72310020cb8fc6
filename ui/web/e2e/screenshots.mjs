// npm run screenshots -- URL FOLDER: pictures of the playground, for the README.
import { launch } from "./browser.mjs";
import { answer, open, run } from "./page.mjs";

const [url = "http://127.0.0.1:8001/graphql", folder = "../../docs"] = process.argv.slice(2);
const browser = await launch();
try {
  for (const [name, colorScheme] of [["playground", "light"], ["playground-dark", "dark"]]) {
    const context = await browser.newContext({
      viewport: { width: 1280, height: 760 },
      deviceScaleFactor: 1.5,
      reducedMotion: "reduce",
      colorScheme,
    });
    const page = await context.newPage();
    await open(page, url);
    await run(page);
    await answer(page, '"data"');
    await page.mouse.move(640, 20);
    await page.screenshot({ path: `${folder}/${name}.png`, animations: "disabled" });
    await context.close();
  }
} finally {
  await browser.close();
}
