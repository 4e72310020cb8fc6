import { useEffect, useState } from "react";
import type { Failure } from "../../api/errors";
import type { VaultPolicyKind } from "../../api/gql/graphql";
import { Button } from "../../design/components/Button";
import { Dialog } from "../../design/components/Dialog";
import { Editor } from "../../parts/Editor";
import { Confirm } from "../Confirm";
import { usePolicyActions } from "./actions";
import type { Decision, Policy } from "./documents";
import { useDraft, useGuard } from "./draft";
import { isFixed, isKept, lineOf, shownMarks, TEMPLATES, wrongMarks } from "./model";
import { usePolicyWords } from "./words";

interface Props {
  readonly name: string;
  readonly kind: VaultPolicyKind;
  /** As it is saved; nothing: it is not there yet. */
  readonly policy: Policy | null;
  readonly decision: Decision | undefined;
  /** A line to show. */
  readonly line: number | undefined;
  /** Told whether something is written that is not saved. */
  readonly onDraft: (isDraft: boolean) => void;
  readonly close: () => void;
}

/** A policy's text, to write and to save. */
export function Text({ name, kind, policy, decision, line, onDraft, close }: Props) {
  const t = usePolicyWords();
  const { savedNow, save, remove } = usePolicyActions();
  const saved = policy?.text ?? TEMPLATES[kind];
  const draft = useDraft(saved);
  const { isChanged } = draft;
  const guard = useGuard(isChanged);
  useEffect(() => {
    onDraft(isChanged);
    return () => onDraft(false);
  }, [isChanged, onDraft]);
  const [failure, setFailure] = useState<Failure>();
  const [busy, setBusy] = useState(false);
  const [asked, setAsked] = useState(false);
  const fixed = isFixed(kind, name);
  const put = async () => {
    setBusy(true);
    const { text, known, isBehind } = draft;
    const now = isBehind ? null : await savedNow({ name, kind });
    // Another text than the one that is written over shows first; who saves again then means it.
    if (now === null || known.includes(now)) {
      const refused = await save({ name, kind, text });
      setFailure(refused);
      if (!refused) draft.keep(text);
    }
    setBusy(false);
  };
  const wrong = failure && lineOf(failure.message);
  const marks = wrong ? wrongMarks(wrong) : shownMarks(isChanged ? null : policy, decision, line);
  return (
    <section className="policies-text" aria-label={name}>
      <div className="row wrap">
        <h3 className="policies-name" dir="auto">
          {name}
        </h3>
        <span className="badge">{t[kind]}</span>
        {policy?.builtin && <span className="badge">{t.builtin}</span>}
        {(isChanged || !policy) && <span className="badge warn">{t.unsaved}</span>}
      </div>
      {!policy && <p className="muted">{t.newOne}</p>}
      {fixed && <p className="muted">{policy?.text ? t.fixed : t.rootText}</p>}
      {draft.isBehind && (
        <div className="banner partly" role="alert">
          <span>{t.changedMeanwhile}</span>
          <Button onPress={draft.drop}>{t.takeTheirs}</Button>
        </div>
      )}
      {(!fixed || policy?.text) && (
        <Editor
          label={t.text(name)}
          text={draft.text}
          change={(text) => {
            setFailure(undefined);
            draft.write(text);
          }}
          readOnly={fixed}
          marks={marks}
          line={marks.at(-1)?.from}
          problem={failure && [failure.message, failure.hint].filter(Boolean).join(" ")}
        />
      )}
      {!fixed && (
        <div className="row wrap">
          <Button kind="primary" disabled={busy || !(isChanged || !policy)} onPress={() => void put()}>
            {t.save}
          </Button>
          {isChanged && (
            <Button
              onPress={() => {
                setFailure(undefined);
                draft.drop();
              }}
            >
              {t.discard}
            </Button>
          )}
          {policy && !isKept(kind, name) && (
            <span className="policies-delete">
              <Button kind="danger" onPress={() => setAsked(true)}>
                {t.delete}
              </Button>
            </span>
          )}
        </div>
      )}
      {asked && (
        <Confirm
          title={t.deleteTitle(name)}
          action={t.delete}
          act={async () => {
            draft.drop();
            if (await remove({ name, kind })) close();
          }}
          close={() => setAsked(false)}
        >
          {t.deleteText}
        </Confirm>
      )}
      <Dialog open={guard.status === "blocked"} onClose={() => guard.reset?.()} label={t.leaveTitle}>
        <div className="dialog-body">
          <h2>{t.leaveTitle}</h2>
          <p>{t.leaveText}</p>
          <div className="dialog-actions">
            <Button onPress={() => guard.reset?.()}>{t.stay}</Button>
            <Button kind="danger" onPress={() => guard.proceed?.()}>
              {t.leave}
            </Button>
          </div>
        </div>
      </Dialog>
    </section>
  );
}
