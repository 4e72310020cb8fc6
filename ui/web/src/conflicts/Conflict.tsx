import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { useMutation } from "urql";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import type { ConflictsQuery, Keep } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { useDates } from "../i18n";
import { useToast } from "../shell/toasts";
import { bodyOf, sideBySide } from "./model";
import { useConflictWords } from "./words";

const RESOLVE = graphql(`
  mutation ResolveConflict($input: ResolveConflictInput!) {
    resolveConflict(input: $input) {
      conflict {
        id
      }
    }
  }
`);

type Open = ConflictsQuery["conflicts"][number];

/** One conflict: both sides, and the ways to decide. */
export function Conflict({ conflict }: { conflict: Open }) {
  const t = useConflictWords();
  const dates = useDates();
  const toast = useToast();
  const [{ fetching }, send] = useMutation(RESOLVE);
  const [text, setText] = useState<string>();
  const resolve = async (keep: Keep) => {
    const input = { id: conflict.id, keep, ...(keep === "TEXT" ? { text: text ?? "" } : {}) };
    const { error } = await send({ input });
    if (error) toast({ text: failureOf(error).message, tone: "error" });
    else toast({ text: t.resolved(conflict.path), tone: "ok" });
    refresh();
  };
  return (
    <section className="card conflicts-one" aria-label={conflict.path}>
      <div className="row wrap">
        <h2 className="conflicts-path">{conflict.path}</h2>
        <span className="badge warn">{t[conflict.kind]}</span>
        <span className="muted">
          {conflict.source} · <time dateTime={conflict.since}>{dates.ago(conflict.since)}</time>
        </span>
        {conflict.kind !== "DELETED_NODE" && (
          <Link
            to={"/node/$graph/$id" as never}
            params={{ graph: conflict.graph, id: conflict.nodeId } as never}
            className="conflicts-node"
          >
            {t.node}
          </Link>
        )}
      </div>
      <Sides file={conflict.file} node={conflict.node} />
      {text === undefined ? (
        <div className="row wrap">
          <Button disabled={fetching} onPress={() => void resolve("FILE")}>
            {t.keepFile}
          </Button>
          <Button disabled={fetching} onPress={() => void resolve("GRAPH")}>
            {t.keepGraph}
          </Button>
          <Button disabled={fetching} onPress={() => void resolve("BOTH")}>
            {t.keepBoth}
          </Button>
          <Button kind="quiet" onPress={() => setText(bodyOf(conflict.node ?? conflict.file ?? ""))}>
            {t.write}
          </Button>
        </div>
      ) : (
        <div className="conflicts-write">
          <textarea
            className="input"
            aria-label={t.text}
            // biome-ignore lint/a11y/noAutofocus: somebody pressed a button to write here
            autoFocus
            rows={12}
            value={text}
            onChange={(event) => setText(event.target.value)}
          />
          <div className="row">
            <Button kind="primary" disabled={fetching} onPress={() => void resolve("TEXT")}>
              {t.keepText}
            </Button>
            <Button kind="quiet" onPress={() => setText(undefined)}>
              {t.cancel}
            </Button>
          </div>
        </div>
      )}
    </section>
  );
}

function Sides({ file, node }: Pick<Open, "file" | "node">) {
  const t = useConflictWords();
  const rows = useMemo(() => sideBySide(file ?? "", node ?? ""), [file, node]);
  const side = (line: string | null, differs: boolean) => (
    <td className={differs && line !== null ? "conflicts-line differs" : "conflicts-line"} dir="auto">
      {differs && line !== null && <span className="visually-hidden">{t.changed}: </span>}
      {line}
    </td>
  );
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard
    <section className="conflicts-sides" tabIndex={0} aria-label={`${t.file}, ${t.graph}`}>
      <table>
        <thead>
          <tr>
            <th scope="col">
              {t.file} {file === null && <span className="badge danger">{t.deleted}</span>}
            </th>
            <th scope="col">
              {t.graph} {node === null && <span className="badge danger">{t.deleted}</span>}
            </th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ at, left, right }) => (
            <tr key={at}>
              {side(left, left !== right)}
              {side(right, left !== right)}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
