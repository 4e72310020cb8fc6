import type { Values } from "../../parts/form";
import { textOf } from "../../parts/form";
import type { Secret } from "./documents";

/** A note about a secret, as a line of the form. */
export interface Note {
  readonly id: number;
  readonly key: string;
  readonly value: string;
}

/** What of a secret's settings is to change. */
export interface SettingChanges {
  customMetadata?: { key: string; value: string }[];
  maxVersions?: number;
  casRequired?: boolean;
  deleteVersionAfter?: number;
}

type Kept = Pick<Secret, "customMetadata" | "maxVersions" | "casRequired" | "deleteVersionAfter">;

const SIZES: readonly (readonly [string, number])[] = [
  ["d", 86_400],
  ["h", 3_600],
  ["m", 60],
  ["s", 1],
];

/** A length of time as people write it: `90m`, `30d`, `1h30m`; nothing is 0 seconds. None for anything else. */
export function secondsOf(text: string): number | undefined {
  const plain = text.replace(/\s+/g, "").toLowerCase();
  if (plain === "" || plain === "0") return 0;
  if (!/^(?:\d{1,9}[dhms])+$/.test(plain)) return undefined;
  const parts = [...plain.matchAll(/(\d+)([dhms])/g)];
  return parts.reduce(
    (sum, [, count, unit]) => sum + Number(count) * (SIZES.find(([sign]) => sign === unit)?.[1] ?? 0),
    0,
  );
}

/** The inverse of `secondsOf`, in the largest unit that leaves no rest. */
export function timeOf(seconds: number | null): string {
  if (!seconds) return "";
  const [sign, size] = SIZES.find(([, one]) => seconds % one === 0) ?? ["s", 1];
  return `${seconds / size}${sign}`;
}

export const notesOf = ({ customMetadata }: Kept): readonly Note[] =>
  customMetadata.map(({ key, value }, id) => ({ id, key, value }));

export const settingsOf = ({ maxVersions, casRequired, deleteVersionAfter }: Kept): Values => ({
  maxVersions: maxVersions ? String(maxVersions) : "",
  deleteVersionAfter: timeOf(deleteVersionAfter),
  casRequired: casRequired === true,
});

const written = (notes: readonly Note[]) =>
  notes.map(({ key, value }) => ({ key: key.trim(), value: value.trim() })).filter(({ key, value }) => key || value);

/** Why notes cannot be kept: a value without a name, or a name twice. */
export function problemOfNotes(notes: readonly Note[]): "noName" | "nameTwice" | undefined {
  const keys = written(notes).map(({ key }) => key);
  if (keys.includes("")) return "noName";
  return new Set(keys).size < keys.length ? "nameTwice" : undefined;
}

/** What differs from how a secret is kept; what cannot be read of the values does not. */
export function settingChanges(kept: Kept, notes: readonly Note[], values: Values): SettingChanges {
  const changes: SettingChanges = {};
  const now = written(notes);
  const before = new Map(kept.customMetadata.map(({ key, value }) => [key, value]));
  if (now.length !== before.size || now.some(({ key, value }) => before.get(key) !== value))
    changes.customMetadata = now;
  const versions = Number(textOf(values, "maxVersions") || 0);
  if (versions !== (kept.maxVersions ?? 0)) changes.maxVersions = versions;
  const after = secondsOf(textOf(values, "deleteVersionAfter"));
  if (after !== undefined && after !== (kept.deleteVersionAfter ?? 0)) changes.deleteVersionAfter = after;
  const cas = values["casRequired"] === true;
  if (cas !== (kept.casRequired ?? false)) changes.casRequired = cas;
  return changes;
}
