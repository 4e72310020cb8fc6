/** A name in a folder. */
export interface Entry {
  /** Below the mount; a folder's ends with a slash. */
  readonly path: string;
  readonly name: string;
  readonly isFolder: boolean;
}

/** What is known of a folder. */
export interface Folder {
  readonly entries: readonly Entry[];
  /** The cursor that more of its names come after; null: these are all. */
  readonly end: string | null;
  readonly loading: boolean;
  readonly problem?: string;
}

export type Folders = ReadonlyMap<string, Folder>;

/** A line of the tree: a name, or what stands in a folder in place of names. */
export interface Row {
  readonly kind: "entry" | "more" | "loading" | "problem" | "empty";
  /** Names the row. */
  readonly key: string;
  /** Of the name; else of the folder that it stands in. */
  readonly path: string;
  readonly text: string;
  readonly level: number;
  readonly place: number;
  readonly size: number;
  /** Undefined: it is no folder. */
  readonly open: boolean | undefined;
}

export const ROOT = "";

/** The folders that a path lies in, outermost first. */
export function foldersOf(path: string): readonly string[] {
  const parts = path.replace(/\/$/, "").split("/").slice(0, -1);
  return [ROOT, ...parts.map((_, index) => `${parts.slice(0, index + 1).join("/")}/`)];
}

/** The lines that show: names of the root, and of every open folder under its name. */
export function rowsOf(folders: Folders, open: ReadonlySet<string>): readonly Row[] {
  return rowsIn(ROOT, 1, folders, open);
}

function rowsIn(path: string, level: number, folders: Folders, open: ReadonlySet<string>): readonly Row[] {
  const folder = folders.get(path);
  const odd = (kind: Row["kind"], text = ""): Row => {
    const size = (folder?.entries.length ?? 0) + 1;
    return { kind, key: `${path} ${kind}`, path, text, level, place: size, size, open: undefined };
  };
  if (!folder) return [odd("loading")];
  const { entries, end, loading, problem } = folder;
  const last = problem
    ? [odd("problem", problem)]
    : loading
      ? [odd("loading")]
      : end !== null
        ? [odd("more")]
        : entries.length === 0
          ? [odd("empty")]
          : [];
  const size = entries.length + last.length;
  const rows = entries.flatMap((entry, index): readonly Row[] => {
    const shown = entry.isFolder ? open.has(entry.path) : undefined;
    const row: Row = {
      kind: "entry",
      key: entry.path,
      path: entry.path,
      text: entry.name,
      level,
      place: index + 1,
      size,
      open: shown,
    };
    return shown ? [row, ...rowsIn(entry.path, level + 1, folders, open)] : [row];
  });
  return [...rows, ...last];
}

export type Step = { readonly to: number } | { readonly toggle: boolean } | { readonly choose: true };

/** What a key does on a line. */
export function stepOf(rows: readonly Row[], at: number, key: string): Step | undefined {
  const row = rows[at];
  if (!row) return undefined;
  const to = (index: number): Step => ({ to: Math.min(rows.length - 1, Math.max(0, index)) });
  switch (key) {
    case "ArrowDown":
      return to(at + 1);
    case "ArrowUp":
      return to(at - 1);
    case "Home":
      return to(0);
    case "End":
      return to(rows.length - 1);
    case "ArrowRight":
      return row.open === undefined ? to(at) : row.open ? to(at + 1) : { toggle: true };
    case "ArrowLeft": {
      const above = rows.findLastIndex((one, index) => index < at && one.level < row.level);
      return row.open ? { toggle: false } : to(above < 0 ? at : above);
    }
    case "Enter":
    case " ":
      return { choose: true };
    default:
      return undefined;
  }
}

/** The line that typed letters lead to: the next one whose name begins so; one letter leads on from name to name. */
export function typedTo(rows: readonly Row[], at: number, typed: string): number | undefined {
  const wanted = typed.toLowerCase();
  const from = typed.length === 1 ? 1 : 0;
  const places = rows.map((_, index) => (at + from + index) % rows.length);
  return places.find((place) => rows[place]?.kind === "entry" && rows[place].text.toLowerCase().startsWith(wanted));
}
