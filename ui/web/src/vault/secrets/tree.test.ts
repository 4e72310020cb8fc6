import { expect, test } from "vitest";
import { type Folder, type Folders, foldersOf, rowsOf, stepOf, typedTo } from "./tree";

const folder = (path: string, names: readonly string[], more: Partial<Folder> = {}): [string, Folder] => [
  path,
  {
    entries: names.map((name) => ({ path: `${path}${name}`, name, isFolder: name.endsWith("/") })),
    end: null,
    loading: false,
    ...more,
  },
];

const folders: Folders = new Map([
  folder("", ["app/", "apple", "billing"]),
  folder("app/", ["db", "deep/"], { end: "app/deep/" }),
]);

test("names stand under their open folders", () => {
  const rows = rowsOf(folders, new Set(["app/"]));
  expect(rows.map(({ kind, path, level }) => `${level} ${kind} ${path}`)).toEqual([
    "1 entry app/",
    "2 entry app/db",
    "2 entry app/deep/",
    "2 more app/",
    "1 entry apple",
    "1 entry billing",
  ]);
  expect(rows[1]).toMatchObject({ place: 1, size: 3, open: undefined });
  expect(rows[0]?.open).toBe(true);
});

test("a folder says that it loads, is empty, or cannot be listed", () => {
  const kinds = (map: Folders) => rowsOf(map, new Set()).map(({ kind, text }) => `${kind} ${text}`);
  expect(kinds(new Map())).toEqual(["loading "]);
  expect(kinds(new Map([folder("", [])]))).toEqual(["empty "]);
  expect(kinds(new Map([folder("", [], { problem: "no" })]))).toEqual(["problem no"]);
});

test("keys walk, open and close", () => {
  const closed = rowsOf(folders, new Set());
  const open = rowsOf(folders, new Set(["app/"]));
  expect(stepOf(closed, 0, "ArrowRight")).toEqual({ toggle: true });
  expect(stepOf(open, 0, "ArrowRight")).toEqual({ to: 1 });
  expect(stepOf(open, 0, "ArrowLeft")).toEqual({ toggle: false });
  expect(stepOf(open, 2, "ArrowLeft")).toEqual({ to: 0 });
  expect(stepOf(open, 5, "ArrowDown")).toEqual({ to: 5 });
  expect(stepOf(open, 2, "Home")).toEqual({ to: 0 });
  expect(stepOf(open, 2, "End")).toEqual({ to: 5 });
  expect(stepOf(open, 1, "Enter")).toEqual({ choose: true });
  expect(stepOf(open, 1, "x")).toBeUndefined();
  expect(stepOf([], 0, "End")).toBeUndefined();
});

test("letters lead to names: one leads on, more narrow down", () => {
  const rows = rowsOf(folders, new Set());
  expect(typedTo(rows, 0, "a")).toBe(1);
  expect(typedTo(rows, 1, "a")).toBe(0);
  expect(typedTo(rows, 1, "app")).toBe(1);
  expect(typedTo(rows, 0, "B")).toBe(2);
  expect(typedTo(rows, 0, "z")).toBeUndefined();
});

test("the folders of a path", () => {
  expect(foldersOf("a/b/c")).toEqual(["", "a/", "a/b/"]);
  expect(foldersOf("a/b/")).toEqual(["", "a/"]);
  expect(foldersOf("a")).toEqual([""]);
});
