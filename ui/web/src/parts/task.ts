import type { TaskState } from "../api/gql/graphql";

const MARKER: Readonly<Record<TaskState, string>> = {
  TODO: "TODO",
  DOING: "DOING",
  WAITING: "WAITING",
  DONE: "DONE",
  CANCELLED: "CANCELED",
};
const BOX: Readonly<Partial<Record<TaskState, string>>> = { TODO: " ", DOING: "/", DONE: "x", CANCELLED: "-" };
const WORDS = "TODO|LATER|DOING|NOW|IN-PROGRESS|WAITING|WAIT|DONE|CANCELED|CANCELLED";
const ITEM = new RegExp(
  "^(?<lead>[ \\t>]*(?:[-*+]|\\d{1,9}[.)])(?:[ \\t]+|$))" +
    "(?:\\[(?<box>[^\\n\\]])\\](?<gap>[ \\t]+|$))?" +
    `(?<heads>#{1,6}[ \\t]+)?(?:(?<word>${WORDS})(?=[ \\t]|$)[ \\t]*)?(?<rank>\\[#[A-Za-z0-9]\\][ \\t]*)?` +
    "(?<text>.*)$",
  "u",
);
const OWN_ID = /(?:^|[ \t]+)\^[A-Za-z0-9-]+[ \t]*$/;
const FENCE = /^[ \t]*(?:[-*+][ \t]+)?(`{3,}|~{3,})/;

/** Why a task could not be changed: it is not there any more, or a checkbox cannot say it. */
export interface Refused {
  readonly refused: "gone" | "box";
}

type Item = Readonly<Record<"lead" | "box" | "gap" | "heads" | "word" | "rank" | "text", string | undefined>>;

/**
 * A node's text in which one task stands differently, and nothing else is changed: the task is the `occurrence`th (from
 * 0) of those whose first line says `said`. As `update_block` of the MCP server does it.
 */
export function withState(content: string, said: string, occurrence: number, state: TaskState): string | Refused {
  const lines = content.split("\n");
  const wanted = plain(said.split("\n", 1)[0] ?? "");
  const found = items(lines).filter(({ item }) => plain(item.text ?? "") === wanted);
  const at = found[occurrence];
  if (!at) return { refused: "gone" };
  const line = rewritten(at.item, state);
  if (line === undefined) return { refused: "box" };
  lines[at.line] = line + (lines[at.line]?.endsWith("\r") ? "\r" : "");
  return lines.join("\n");
}

/** List items outside fenced code. */
function items(lines: readonly string[]): readonly { line: number; item: Item }[] {
  const found: { line: number; item: Item }[] = [];
  let fence = "";
  lines.forEach((text, line) => {
    const opened = FENCE.exec(text)?.[1];
    if (opened && (!fence || opened.startsWith(fence))) {
      fence = fence ? "" : opened;
      return;
    }
    const groups = fence ? undefined : ITEM.exec(text.replace(/\r$/, ""))?.groups;
    if (groups) found.push({ line, item: groups as unknown as Item });
  });
  return found;
}

/** The first line of a task without its id and needless space. */
const plain = (text: string): string => text.replace(OWN_ID, "").split(/\s+/).filter(Boolean).join(" ");

function rewritten(item: Item, state: TaskState): string | undefined {
  const { lead = "", gap, heads = "", rank = "", text = "" } = item;
  let { box, word } = item;
  if (box !== undefined && word === undefined) {
    box = BOX[state];
    if (box === undefined) return undefined;
  } else word = MARKER[state];
  return [
    lead,
    /[ \t]$/.test(lead) || !(word || text) ? "" : " ",
    box === undefined ? "" : `[${box}]${gap || " "}`,
    heads,
    word && (text || rank ? `${word} ` : word),
    rank,
    text,
  ].join("");
}
