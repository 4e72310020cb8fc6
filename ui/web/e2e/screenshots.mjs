// npm run screenshots [-- URL FOLDER]: pictures of the playground in both themes, for the README.
import { launch } from "./browser.mjs";
import { answer, open, run } from "./page.mjs";

const [url = "http://127.0.0.1:8001/graphql", folder = "../../docs"] = process.argv.slice(2);
const PICTURES = { light: "playground.png", dark: "playground-dark.png" };
const browser = await launch();
try {
  for (const [colorScheme, file] of Object.entries(PICTURES)) {
    const page = await browser.newPage({
      viewport: { width: 1280, height: 800 },
      deviceScaleFactor: 1.5,
      reducedMotion: "reduce",
      colorScheme,
    });
    await open(page, url);
    await run(page);
    await answer(page, '"totalCount"');
    await page.mouse.move(640, 20);
    await page.screenshot({ path: `${folder}/${file}`, animations: "disabled" });
    await page.close();
  }
} finally {
  await browser.close();
}
