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
import { type Details, HISTORY, STATES, UPDATE } from "./documents";
import { diff, draftOf, fieldsOf, lineOf } from "./model";
import { useNodeWords } from "./words";

type Revision = NodeHistoryQuery["history"][number];

/** How many are asked for at first, and how many at the most. */
const FIRST = 50;
const MOST = 1_000;

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
  const t = useNodeWords();
  const [first, setFirst] = useState(FIRST);
  const variables = { id: node.id, graph: node.graph, first };
  const [{ data, error }, ask] = useQuery({ query: HISTORY, variables, requestPolicy: "cache-and-network" });
  if (error && !data) return <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Loading lines={3} />;
  return (
    <>
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
      {data.history.length >= first && first < MOST && (
        <Button onPress={() => setFirst(Math.min(MOST, 4 * first))}>{t.olderRevisions}</Button>
      )}
    </>
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
  const [open, setOpen] = useState(false);
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
        {open && <Changed node={node} revision={revision} before={before} fixed={fixed} />}
      </details>
    </li>
  );
}

/** Facts and lines that a revision changed, and a way back to its text. */
function Changed({ node, revision, before, fixed }: LineProps) {
  const t = useNodeWords();
  const restore = useRestore(node);
  const [{ data, error }, ask] = useQuery({
    query: STATES,
    variables: {
      id: node.id,
      graph: node.graph,
      at: revision.validFrom,
      before: (before ?? revision).validFrom,
      compared: before !== undefined,
    },
  });
  const lines = useMemo(() => diff(data?.earlier?.content ?? "", data?.now?.content ?? ""), [data]);
  if (error && !data?.now) return <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Loading lines={2} />;
  const [old, now] = [data.earlier && draftOf(data.earlier), draftOf(data.now ?? revision)];
  const facts = fieldsOf(revision.type).filter(
    (field) => field !== "content" && old && lineOf(old[field]) !== lineOf(now[field]),
  );
  return (
    <div className="node-changed">
      {!before && <p className="muted">{t.first}</p>}
      {facts.map((field) => (
        <p key={field} dir="auto">
          {t[field]}: <del>{lineOf(old?.[field])}</del> → <ins>{lineOf(now[field])}</ins>
        </p>
      ))}
      {lines.some((line) => line.kind !== "same") ? (
        <Diff lines={lines} label={before ? t.compared(before.rev, revision.rev) : t.first} />
      ) : (
        facts.length === 0 && <p className="muted">{t.nothingChanged}</p>
      )}
      {!fixed && (
        <div>
          <Button onPress={() => void restore(revision, data.now?.content ?? "")}>{t.restore}</Button>
        </div>
      )}
    </div>
  );
}

/** Writes title and text of a revision as a new one. */
function useRestore(node: Details) {
  const t = useNodeWords();
  const toast = useToast();
  const client = useClient();
  return async ({ rev, title }: Revision, content: string) => {
    const input = { id: node.id, graph: node.graph, rev: node.rev, title, content };
    const { error } = await client.mutation(UPDATE, { input }).toPromise();
    if (error) toast({ text: failureOf(error).message, tone: "error" });
    else toast({ text: t.restored(rev), tone: "ok" });
    refresh();
  };
}
