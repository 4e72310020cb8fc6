import { useMemo, useState } from "react";
import type { Failure } from "../api/errors";
import { Button } from "../design/components/Button";
import { Diff } from "../design/components/Diff";
import type { Details } from "./documents";
import { Fields } from "./Fields";
import { type Draft, diff, draftOf, FIELDS, mergeDrafts } from "./model";
import { useNodeWords } from "./words";

interface Props {
  readonly base: Details;
  readonly theirs: Details;
  readonly yours: Draft;
  readonly failure: Failure | undefined;
  readonly save: (merged: Draft) => void;
  readonly close: () => void;
}

/** Theirs and yours side by side, and both merged, to be changed and saved. */
export function MergeForm({ base, theirs, yours, failure, save, close }: Props) {
  const t = useNodeWords();
  const [from, their] = useMemo(() => [draftOf(base), draftOf(theirs)], [base, theirs]);
  const merged = useMemo(() => mergeDrafts(from, their, yours), [from, their, yours]);
  const [draft, setDraft] = useState(merged.draft);
  const marks = /^(<{7}|>{7}) (theirs|yours)$/m.test(draft.content);
  const names = merged.conflicts.map((field) => (field === "content" ? t.text : t[field])).join(", ");
  return (
    <form
      className="dialog-body"
      onSubmit={(event) => {
        event.preventDefault();
        save(draft);
      }}
    >
      <h2>{t.mergeTitle}</h2>
      <p role="status">
        {t.mergeText(theirs.updatedBy, theirs.rev)} {names ? t.mergeLeft(names) : t.mergeDone}
      </p>
      <div className="node-sides">
        <Side name={t.theirs} from={from} draft={their} take={() => setDraft(their)} />
        <Side name={t.yours} from={from} draft={yours} take={() => setDraft(yours)} />
      </div>
      <h3>{t.merged}</h3>
      <Fields draft={draft} change={(more) => setDraft((now) => ({ ...now, ...more }))} />
      {(failure || marks) && (
        <p className="field-error" role="alert">
          {failure?.message ?? t.marksLeft}
        </p>
      )}
      <div className="dialog-actions">
        <Button onPress={close}>{t.cancel}</Button>
        <Button kind="primary" type="submit" disabled={marks || !draft.title.trim()}>
          {t.saveMerged}
        </Button>
      </div>
    </form>
  );
}

interface SideProps {
  readonly name: string;
  readonly from: Draft;
  readonly draft: Draft;
  readonly take: () => void;
}

/** What one side changed. */
function Side({ name, from, draft, take }: SideProps) {
  const t = useNodeWords();
  const lines = useMemo(() => diff(from.content, draft.content), [from, draft]);
  const facts = FIELDS.filter((field) => field !== "content" && from[field] !== draft[field]);
  return (
    <section aria-label={name}>
      <div className="row">
        <h3>{name}</h3>
        <Button kind="quiet" onPress={take}>
          {t.take(name)}
        </Button>
      </div>
      {facts.map((field) => (
        <p key={field} dir="auto">
          {field === "content" ? null : t[field]}: {draft[field] || "—"}
        </p>
      ))}
      {lines.some((line) => line.kind !== "same") && <Diff lines={lines} label={`${name}: ${t.text}`} />}
    </section>
  );
}
