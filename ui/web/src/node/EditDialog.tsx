import { useState } from "react";
import { useClient } from "urql";
import { type Failure, failureOf } from "../api/errors";
import { type Change, useChanges } from "../api/live";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { useToast } from "../shell/toasts";
import { type Details, readDetails, UNDELETE, UPDATE } from "./documents";
import { Fields } from "./Fields";
import { MergeForm } from "./MergeForm";
import { changesOf, type Draft, draftOf } from "./model";
import { useNodeWords } from "./words";

interface Props {
  readonly node: Details;
  readonly close: () => void;
}

/**
 * Edits a node from the revision that it was opened with. When another one was saved meanwhile, both are merged; when it
 * was deleted meanwhile, saving brings it back.
 */
export function EditDialog({ node, close }: Props) {
  const t = useNodeWords();
  const editor = useEditor(node, close);
  return (
    <Dialog open onClose={close} label={editor.theirs ? t.mergeTitle : t.editTitle} wide>
      {editor.theirs ? (
        <MergeForm
          base={editor.base}
          theirs={editor.theirs}
          yours={editor.draft}
          failure={editor.failure}
          close={close}
          save={(merged) => void editor.save(merged)}
        />
      ) : (
        <form
          className="dialog-body"
          onSubmit={(event) => {
            event.preventDefault();
            void editor.save(editor.draft);
          }}
        >
          <h2>{t.editTitle}</h2>
          <div role="status">{editor.notice && <p className="node-notice">{editor.notice}</p>}</div>
          <Fields draft={editor.draft} change={editor.change} />
          {editor.failure && (
            <p className="field-error" role="alert">
              {editor.failure.message} {editor.failure.hint}
            </p>
          )}
          <div className="dialog-actions">
            <Button onPress={close}>{t.cancel}</Button>
            <Button kind="primary" type="submit" disabled={!editor.draft.title.trim()}>
              {t.save}
            </Button>
          </div>
        </form>
      )}
    </Dialog>
  );
}

function useEditor(node: Details, close: () => void) {
  const t = useNodeWords();
  const client = useClient();
  const toast = useToast();
  const [base, setBase] = useState(node);
  const [draft, setDraft] = useState(() => draftOf(node));
  const [theirs, setTheirs] = useState<Details>();
  const [failure, setFailure] = useState<Failure>();
  const notice = useNotice(base);

  const send = (from: Details, wanted: Draft) => {
    const changes = changesOf(draftOf(from), wanted);
    return client
      .mutation(UPDATE, { input: { id: from.id, graph: from.graph, rev: from.rev, ...changes } })
      .toPromise();
  };
  /**
   * Somebody else was first: their revision to merge with. Deleted: brought back, and saved on top. Gives what is
   * left to say, or nothing when it was saved or is to be merged.
   */
  const meet = async (wanted: Draft, problem: Failure): Promise<Failure | "merge" | undefined> => {
    const deleted = problem.code === "NOT_FOUND";
    if (deleted) await client.mutation(UNDELETE, { input: { id: node.id, graph: node.graph } }).toPromise();
    const from = theirs ?? base;
    const now = await readDetails(client, node).catch(() => null);
    if (!now || now.rev === from.rev) return problem;
    if (deleted && sameDraft(draftOf(now), draftOf(from))) {
      const { error } = await send(now, wanted);
      return error && failureOf(error);
    }
    setDraft(wanted);
    setBase(from);
    setTheirs(now);
    return "merge";
  };
  const save = async (wanted: Draft) => {
    setFailure(undefined);
    const from = theirs ?? base;
    if (sameDraft(draftOf(from), wanted)) return close();
    const { error } = await send(from, wanted);
    const problem = error && failureOf(error);
    const met = problem && ["CONFLICT", "NOT_FOUND"].includes(problem.code) ? await meet(wanted, problem) : problem;
    if (met === "merge") return;
    if (met) return setFailure(met);
    toast({ text: t.saved, tone: "ok" });
    refresh();
    close();
  };
  const change = (more: Partial<Draft>) => setDraft((now) => ({ ...now, ...more }));
  return { base, draft, theirs, failure, notice, save, change };
}

const sameDraft = (one: Draft, other: Draft) => Object.keys(changesOf(one, other)).length === 0;

/** What others do to the node while it is edited. */
function useNotice(base: Details): string | undefined {
  const t = useNodeWords();
  const [notice, setNotice] = useState<string>();
  useChanges((change: Change) => {
    if (change.id !== base.id || change.graph !== base.graph) return;
    if (change.op === "NODE_DELETED") setNotice(t.deletedMeanwhile);
    if (change.op === "NODE_UPDATED" && (change.rev ?? 0) > base.rev) setNotice(t.changedMeanwhile(t.somebody));
    if (change.op === "NODE_RESTORED") setNotice(undefined);
  });
  return notice;
}
