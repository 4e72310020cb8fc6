/** What a field of a form is for: one of these kinds, described by data. */
export type FormField = {
  readonly name: string;
  readonly label: string;
  /** A sentence that says how to fill it in. */
  readonly hint?: string;
  readonly required?: boolean;
} & (
  | { readonly kind: "text"; readonly most?: number; readonly suggestions?: readonly string[]; readonly wide?: boolean }
  | { readonly kind: "longText"; readonly rows?: number; readonly most?: number; readonly json?: boolean }
  | {
      readonly kind: "number";
      readonly from?: number;
      readonly to?: number;
      readonly whole?: boolean;
      readonly unit?: string;
    }
  | { readonly kind: "choice"; readonly options: readonly { readonly key: string; readonly name: string }[] }
  | { readonly kind: "list"; readonly words?: boolean; readonly suggestions?: readonly string[] }
  | { readonly kind: "date" }
  | { readonly kind: "yesNo" }
);

/** What stands in a field. Numbers and dates are kept as they are written, so that nothing is lost while one writes. */
export type Value = string | boolean | readonly string[];
export type Values = Readonly<Record<string, Value>>;

/** Why a field cannot be left as it is. */
export type Problem =
  | { readonly why: "required" | "number" | "whole" | "date" | "json" }
  | { readonly why: "range"; readonly from?: number; readonly to?: number }
  | { readonly why: "long"; readonly length: number; readonly most: number };

/** What is in a field of this kind when nobody has written there. */
export const blankOf = ({ kind }: FormField): Value => (kind === "list" ? [] : kind === "yesNo" ? false : "");

/** A field's text; what is no text has none. */
export const textOf = (values: Values, name: string): string => {
  const value = values[name];
  return typeof value === "string" ? value : "";
};

/** A field's entries; what is no list has none. */
export const listOf = (values: Values, name: string): readonly string[] => {
  const value = values[name];
  return typeof value === "object" ? value : [];
};

/** A number as people write it, with a point or a comma before its fraction; none for anything else. */
export function numberOf(text: string): number | undefined {
  const plain = text.trim().replace(",", ".");
  return /^[-+]?\d+(?:\.\d+)?$/.test(plain) ? Number(plain) : undefined;
}

/** Entries as somebody writes them: by commas and lines, or by blanks too when each is a word. Each stands once. */
export function entriesOf(text: string, words = false): readonly string[] {
  const parts = text.split(words ? /[\s,]+/ : /[,\n]+/);
  const plain = parts.map((part) => (words ? part.replace(/^#+/, "") : part).trim());
  return [...new Set(plain)].filter(Boolean);
}

const isBlank = (value: Value | undefined): boolean =>
  typeof value === "string"
    ? value.trim() === ""
    : typeof value === "object"
      ? value.length === 0
      : value === undefined;

/** What is wrong with what stands in a field, or nothing. */
export function problemOf(field: FormField, value: Value | undefined): Problem | undefined {
  if (isBlank(value)) return field.required ? { why: "required" } : undefined;
  if (typeof value !== "string") return undefined;
  switch (field.kind) {
    case "number":
      return numberProblem(field, value);
    case "date":
      return isDay(value) ? undefined : { why: "date" };
    case "text":
    case "longText":
      if (field.most !== undefined && value.length > field.most)
        return { why: "long", length: value.length, most: field.most };
      return field.kind === "longText" && field.json && !isObject(value) ? { why: "json" } : undefined;
    default:
      return undefined;
  }
}

function numberProblem(field: Extract<FormField, { kind: "number" }>, text: string): Problem | undefined {
  const number = numberOf(text);
  if (number === undefined) return { why: "number" };
  if (field.whole && !Number.isInteger(number)) return { why: "whole" };
  const { from, to } = field;
  if ((from !== undefined && number < from) || (to !== undefined && number > to))
    return { why: "range", ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
  return undefined;
}

const isDay = (text: string): boolean => /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));

function isObject(text: string): boolean {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}

/** What is wrong, by field. */
export function problemsOf(fields: readonly FormField[], values: Values): Readonly<Record<string, Problem>> {
  const found = fields.map((field) => [field.name, problemOf(field, values[field.name])] as const);
  return Object.fromEntries(found.filter((one): one is [string, Problem] => one[1] !== undefined));
}
