import { useMemo, useState } from "react";
import { useClient, useQuery } from "urql";
import { failureOf } from "../api/errors";
import type { NodeHistoryQuery } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { Diff } from "../design/components/Diff";
import { Failed, Loading } from "../design/components/States";
import { useDates } from "../i18n";
import { useToast } from "../shell/toasts";
import { type Details, HISTORY, UPDATE } from "./documents";
import { diff, draftOf } from "./model";
import { useNodeWords } from "./words";

type Revision = NodeHistoryQuery["history"][number];

/** Its states, newest first; each opens to what it changed. Loaded when it is opened. */
export function History({ node, fixed }: { node: Details; fixed: boolean }) {
  const t = useNodeWords();
  const [open, setOpen] = useState(false);
  return (
    <section className="node-part">
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          <h3>{t.history}</h3>
        </summary>
        {open && <Revisions node={node} fixed={fixed} />}
      </details>
    </section>
  );
}

function Revisions({ node, fixed }: { node: Details; fixed: boolean }) {
  const variables = { id: node.id, graph: node.graph };
  const [{ data, error }] = useQuery({ query: HISTORY, variables, requestPolicy: "cache-and-network" });
  if (error && !data) return <Failed error={error} />;
  if (!data) return <Loading lines={3} />;
  return (
    <ol className="node-history">
      {data.history.map((revision, place) => (
        <Line
          key={`${revision.rev} ${revision.validFrom}`}
          node={node}
          revision={revision}
          before={data.history[place + 1]}
          fixed={fixed || place === 0}
        />
      ))}
    </ol>
  );
}

interface LineProps {
  readonly node: Details;
  readonly revision: Revision;
  readonly before: Revision | undefined;
  readonly fixed: boolean;
}

function Line({ node, revision, before, fixed }: LineProps) {
  const t = useNodeWords();
  const dates = useDates();
  const toast = useToast();
  const client = useClient();
  const [open, setOpen] = useState(false);
  const restore = async () => {
    const input = { id: node.id, graph: node.graph, rev: node.rev, title: revision.title, content: revision.content };
    const { error } = await client.mutation(UPDATE, { input }).toPromise();
    if (error) toast({ text: failureOf(error).message, tone: "error" });
    else toast({ text: t.restored(revision.rev), tone: "ok" });
    refresh();
  };
  return (
    <li>
      <details open={open} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary className="node-revision">
          <span>{t.revisionOf(revision.rev)}</span>
          {revision.validTo === null && <span className="badge ok">{t.current}</span>}
          {revision.endedBy === "DELETED" && <span className="badge danger">{t.deletedHere}</span>}
          <span className="muted">
            <time dateTime={revision.validFrom} title={dates.moment(revision.validFrom)}>
              {dates.ago(revision.validFrom)}
            </time>{" "}
            · {revision.updatedBy}
          </span>
        </summary>
        {open && <Changed revision={revision} before={before} />}
        {open && !fixed && <Button onPress={() => void restore()}>{t.restore}</Button>}
      </details>
    </li>
  );
}

/** Facts and lines that a revision changed. */
function Changed({ revision, before }: { revision: Revision; before: Revision | undefined }) {
  const t = useNodeWords();
  const lines = useMemo(() => diff(before?.content ?? "", revision.content), [before, revision]);
  const [old, now] = [before && draftOf(before), draftOf(revision)];
  const facts = (["title", "status", "date", "tags"] as const).filter((field) => old && old[field] !== now[field]);
  return (
    <div className="node-changed">
      {!before && <p className="muted">{t.first}</p>}
      {facts.map((field) => (
        <p key={field} dir="auto">
          {t[field]}: <del>{old?.[field] || "—"}</del> → <ins>{now[field] || "—"}</ins>
        </p>
      ))}
      {lines.some((line) => line.kind !== "same") ? (
        <Diff lines={lines} label={before ? t.compared(before.rev, revision.rev) : t.first} />
      ) : (
        facts.length === 0 && <p className="muted">{t.nothingChanged}</p>
      )}
    </div>
  );
}
