import { useMemo, useState } from "react";
import type { Failure } from "../api/errors";
import { Button } from "../design/components/Button";
import { Diff } from "../design/components/Diff";
import { Form } from "../parts/Form";
import { textOf } from "../parts/form";
import type { Details } from "./documents";
import { useFields } from "./fields";
import { changesOf, type Draft, diff, draftOf, type Field, fieldsOf, lineOf, mergeDrafts } from "./model";
import { useNodeWords } from "./words";

interface Props {
  readonly base: Details;
  readonly theirs: Details;
  readonly yours: Draft;
  readonly failure: Failure | undefined;
  readonly save: (merged: Draft) => Promise<void>;
  readonly close: () => void;
}

/** Theirs and yours side by side, and both merged, to be changed and saved. */
export function MergeForm({ base, theirs, yours, failure, save, close }: Props) {
  const t = useNodeWords();
  const fields = useFields(base.type);
  const [from, their] = useMemo(() => [draftOf(base), draftOf(theirs)], [base, theirs]);
  const merged = useMemo(() => mergeDrafts(base.type, from, their, yours), [base.type, from, their, yours]);
  const [draft, setDraft] = useState(merged.draft);
  const marks = /^(<{7}|>{7}) (theirs|yours)$/m.test(textOf(draft, "content"));
  const names = merged.conflicts.map((field) => (field === "content" ? t.text : t[field])).join(", ");
  return (
    <Form
      fields={fields}
      values={draft}
      change={(more) => setDraft((now) => ({ ...now, ...more }))}
      submit={() => save(draft)}
      submitName={t.saveMerged}
      cancel={close}
      failure={failure}
      blocked={marks ? t.marksLeft : undefined}
    >
      <h2>{t.mergeTitle}</h2>
      <p role="status">
        {t.mergeText(theirs.updatedBy, theirs.rev)} {names ? t.mergeLeft(names) : t.mergeDone}
      </p>
      <div className="node-sides">
        <Side name={t.theirs} node={base} from={from} draft={their} take={() => setDraft(their)} />
        <Side name={t.yours} node={base} from={from} draft={yours} take={() => setDraft(yours)} />
      </div>
      <h3>{t.merged}</h3>
    </Form>
  );
}

interface SideProps {
  readonly name: string;
  readonly node: Details;
  readonly from: Draft;
  readonly draft: Draft;
  readonly take: () => void;
}

/** What one side changed. */
function Side({ name, node, from, draft, take }: SideProps) {
  const t = useNodeWords();
  const lines = useMemo(() => diff(textOf(from, "content"), textOf(draft, "content")), [from, draft]);
  const changed = new Set(Object.keys(changesOf(node.type, from, draft)));
  const facts = fieldsOf(node.type).filter((field): field is Exclude<Field, "content"> => field !== "content");
  return (
    <section aria-label={name}>
      <div className="row">
        <h3>{name}</h3>
        <Button onPress={take}>{t.take(name)}</Button>
      </div>
      {facts
        .filter((field) => changed.has(field))
        .map((field) => (
          <p key={field} dir="auto">
            {t[field]}: {lineOf(draft[field])}
          </p>
        ))}
      {lines.some((line) => line.kind !== "same") && <Diff lines={lines} label={`${name}: ${t.text}`} />}
    </section>
  );
}
