import { useMemo } from "react";
import type { NodeType } from "../api/gql/graphql";
import type { FormField } from "../parts/form";
import { type Field, fieldsOf } from "./model";
import { useNodeWords } from "./words";

/** What most nodes of a type say of where they stand. */
const STATUSES: Readonly<Record<NodeType, readonly string[]>> = {
  NOTE: ["draft", "active", "done"],
  DECISION: ["draft", "proposed", "accepted", "rejected", "deprecated", "superseded"],
  GUIDELINE: ["draft", "active", "deprecated", "superseded"],
  PATTERN: ["draft", "active", "deprecated"],
  JOURNAL: ["draft", "done"],
  EXECUTION: ["active", "done", "rejected"],
};

const MOST = { title: 1_000, line: 300, content: 10_000_000, metadata: 100_000 };

/** How the fields of a node of a type are filled in. */
export function useFields(type: NodeType): readonly FormField[] {
  const t = useNodeWords();
  return useMemo(() => {
    const line = (name: Field, more: object = {}): FormField => ({
      kind: "text",
      name,
      label: t[name],
      most: MOST.line,
      ...more,
    });
    const list = (name: Field, more: object = {}): FormField => ({ kind: "list", name, label: t[name], ...more });
    const number = (name: Field, more: object = {}): FormField => ({
      kind: "number",
      name,
      label: t[name],
      whole: true,
      from: 0,
      ...more,
    });
    const all: Readonly<Record<Field, FormField>> = {
      title: line("title", { required: true, most: MOST.title, wide: true }),
      status: line("status", { suggestions: STATUSES[type] }),
      date: { kind: "date", name: "date", label: t.date },
      tags: list("tags", { words: true }),
      aliases: list("aliases"),
      deciders: list("deciders"),
      statusRaw: line("statusRaw"),
      priority: number("priority", { from: undefined, hint: t.priorityHint }),
      topic: line("topic"),
      overrides: list("overrides", { hint: t.overridesHint }),
      project: line("project"),
      taskType: line("taskType"),
      agentId: line("agentId"),
      durationMs: number("durationMs"),
      tokensUsed: number("tokensUsed"),
      costCents: number("costCents", { whole: false }),
      content: { kind: "longText", name: "content", label: t.content, rows: 14, most: MOST.content },
      metadata: {
        kind: "longText",
        name: "metadata",
        label: t.metadata,
        hint: t.metadataHint,
        rows: 2,
        json: true,
        most: MOST.metadata,
      },
    };
    return fieldsOf(type).map((name) => all[name]);
  }, [t, type]);
}
