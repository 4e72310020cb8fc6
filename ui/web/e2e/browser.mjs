// A headless Chromium for the tests: CHROMIUM=/path names an installed one; otherwise the one from npm is unpacked
// once into node_modules/.chromium, together with the libraries that a bare system lacks.
import { existsSync, mkdirSync, renameSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const WEB = join(dirname(fileURLToPath(import.meta.url)), "..");
const UNPACKED = join(WEB, "node_modules", ".chromium");
export const ARGS = [
  "--no-sandbox",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--font-render-hinting=none",
  // WebGL without a graphics card
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

async function unpack() {
  if (existsSync(UNPACKED)) return;
  const partial = `${UNPACKED}-${process.pid}`;
  mkdirSync(partial, { recursive: true });
  const before = process.env.TMPDIR;
  process.env.TMPDIR = partial; // where @sparticuz/chromium unpacks to
  const { default: packed, inflate } = await import("@sparticuz/chromium");
  await packed.executablePath();
  await inflate(join(WEB, "node_modules", "@sparticuz", "chromium", "bin", "al2023.tar.br"));
  if (before === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = before;
  if (existsSync(UNPACKED)) rmSync(partial, { recursive: true });
  else renameSync(partial, UNPACKED);
}

/** Where it is; unpacks it when that was not done yet. */
export async function chromiumPath() {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  await unpack();
  return join(UNPACKED, "chromium");
}

/** The environment that it needs. */
export function environment() {
  if (process.env.CHROMIUM) return { ...process.env };
  const env = { ...process.env, LD_LIBRARY_PATH: join(UNPACKED, "al2023", "lib") };
  if (!existsSync("/etc/fonts/fonts.conf")) env.FONTCONFIG_PATH = join(UNPACKED, "fonts");
  return env;
}

/** Start it; the caller closes it. */
export async function launch() {
  return chromium.launch({ executablePath: await chromiumPath(), args: ARGS, env: environment() });
}
