import { useState } from "react";
import { useClient } from "urql";
import { type Failure, failureOf } from "../api/errors";
import { type Change, useChanges } from "../api/live";
import { refresh } from "../api/refresh";
import { Dialog } from "../design/components/Dialog";
import { Form } from "../parts/Form";
import { useToast } from "../shell/toasts";
import { type Details, readDetails, UNDELETE, UPDATE } from "./documents";
import { useFields } from "./fields";
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
  const fields = useFields(node.type);
  return (
    <Dialog open onClose={close} label={editor.theirs ? t.mergeTitle : t.editTitle} wide>
      {editor.theirs ? (
        <MergeForm
          base={editor.base}
          theirs={editor.theirs}
          yours={editor.draft}
          failure={editor.failure}
          close={close}
          save={editor.save}
        />
      ) : (
        <Form
          fields={fields}
          values={editor.draft}
          change={editor.change}
          submit={() => editor.save(editor.draft)}
          submitName={t.save}
          cancel={close}
          failure={editor.failure}
        >
          <h2>{t.editTitle}</h2>
          <div role="status">{editor.notice && <p className="node-notice">{editor.notice}</p>}</div>
        </Form>
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

  const send = (rev: number, before: Draft, wanted: Draft) => {
    const changes = changesOf(node.type, before, wanted);
    return client.mutation(UPDATE, { input: { id: node.id, graph: node.graph, rev, ...changes } }).toPromise();
  };
  const same = (one: Draft, other: Draft) => Object.keys(changesOf(node.type, one, other)).length === 0;
  const saved = (rev: number, before: Draft, wanted: Draft) => {
    const undo = async () => {
      const { error } = await send(rev, wanted, before);
      toast(error ? { text: failureOf(error).message, tone: "error" } : { text: t.undone, tone: "ok" });
      refresh();
    };
    toast({ text: t.saved, tone: "ok", undo: () => void undo() });
    refresh();
    close();
  };
  /**
   * Somebody else was first: their revision to merge with. Deleted: brought back, and saved on top. Gives what is
   * left to say, or nothing when it was saved or is to be merged.
   */
  const meet = async (wanted: Draft, problem: Failure): Promise<Failure | undefined> => {
    const deleted = problem.code === "NOT_FOUND";
    if (deleted) await client.mutation(UNDELETE, { input: { id: node.id, graph: node.graph } }).toPromise();
    const from = theirs ?? base;
    const now = await readDetails(client, node).catch(() => null);
    if (!now || now.rev === from.rev) return problem;
    if (deleted && same(draftOf(now), draftOf(from))) {
      const { data, error } = await send(now.rev, draftOf(now), wanted);
      if (!data) return error && failureOf(error);
      saved(data.updateNode.node.rev, draftOf(now), wanted);
      return undefined;
    }
    setDraft(wanted);
    setBase(from);
    setTheirs(now);
    return undefined;
  };
  const save = async (wanted: Draft) => {
    setFailure(undefined);
    const from = theirs ?? base;
    const before = draftOf(from);
    if (same(before, wanted)) return close();
    const { data, error } = await send(from.rev, before, wanted);
    if (data) return saved(data.updateNode.node.rev, before, wanted);
    const problem = error && failureOf(error);
    const met = problem && ["CONFLICT", "NOT_FOUND"].includes(problem.code);
    setFailure(met ? await meet(wanted, problem) : problem);
  };
  const change = (more: Draft) => setDraft((now) => ({ ...now, ...more }));
  return { base, draft, theirs, failure, notice, save, change };
}

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
