import type { DirectoryDropItem, DropItem, FileDropItem } from "react-aria-components";
import { type Chosen, type Document, isWanted } from "./model";

/** Every file that was dropped, those within folders, too. */
export async function dropped(items: readonly DropItem[]): Promise<readonly Chosen[]> {
  const found: Chosen[] = [];
  for (const item of items) {
    if (item.kind === "file") found.push({ path: item.name, file: await item.getFile() });
    else if (item.kind === "directory") found.push(...(await within(item, `${item.name}/`)));
  }
  return found;
}

async function within(folder: DirectoryDropItem, path: string): Promise<readonly Chosen[]> {
  const found: Chosen[] = [];
  for await (const entry of folder.getEntries() as AsyncIterable<FileDropItem | DirectoryDropItem>) {
    if (entry.kind === "directory") found.push(...(await within(entry, `${path}${entry.name}/`)));
    else found.push({ path: `${path}${entry.name}`, file: await entry.getFile() });
  }
  return found;
}

/** The files of a file field; those of a folder have their path. */
export const chosen = (files: FileList | null): readonly Chosen[] =>
  [...(files ?? [])].map((file) => ({ path: file.webkitRelativePath || file.name, file }));

/** The texts of the markdown among files. */
export const read = async (files: readonly Chosen[]): Promise<readonly Document[]> =>
  Promise.all(
    files.filter(({ path }) => isWanted(path)).map(async ({ path, file }) => ({ path, content: await file.text() })),
  );
