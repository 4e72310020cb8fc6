// The sizes that the app may have, gzipped: what loads first, and what each page loads when it opens.
import { readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const OUT = new URL("../static/app/", import.meta.url);
const ENTRY_KB = 220;
const ROUTE_KB = 90;

const manifest = JSON.parse(readFileSync(new URL(".vite/manifest.json", OUT), "utf8"));
const size = (file) => gzipSync(readFileSync(new URL(file, OUT))).length / 1000;

/** Chunks that a chunk needs at once, itself included. */
function closure(key, seen = new Set()) {
  if (seen.has(key)) return seen;
  seen.add(key);
  for (const other of manifest[key].imports ?? []) closure(other, seen);
  return seen;
}

const total = (keys) =>
  [...keys].reduce(
    (sum, key) => sum + size(manifest[key].file) + (manifest[key].css ?? []).reduce((s, f) => s + size(f), 0),
    0,
  );

const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const first = closure(entry);
const problems = [];
const report = [`entry ${total(first).toFixed(0)} kB`];
if (total(first) > ENTRY_KB) problems.push(`the entry has ${total(first).toFixed(0)} kB; ${ENTRY_KB} are allowed`);
for (const key of manifest[entry].dynamicImports ?? []) {
  const more = total([...closure(key)].filter((each) => !first.has(each)));
  report.push(`${key.replace("src/", "")} ${more.toFixed(0)} kB`);
  if (more > ROUTE_KB) problems.push(`${key} has ${more.toFixed(0)} kB; ${ROUTE_KB} are allowed`);
}
if (process.argv.includes("--report")) console.log(report.join("\n"));
if (problems.length) {
  console.error(problems.join("\n"));
  process.exit(1);
}
