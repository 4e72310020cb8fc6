import { useState } from "react";
import type { Failure } from "../../api/errors";
import type { SecretPlace } from "../../api/values";
import { Button } from "../../design/components/Button";
import { Dialog } from "../../design/components/Dialog";
import { Form } from "../../parts/Form";
import { type FormField, textOf, type Values } from "../../parts/form";
import { nextId, useAdded } from "./added";
import { useChanges } from "./changes";
import type { Secret } from "./documents";
import { type Note, notesOf, problemOfNotes, secondsOf, settingChanges, settingsOf } from "./settings";
import { useSecretsWords } from "./words";

interface Props {
  readonly place: SecretPlace;
  readonly secret: Secret;
  readonly close: () => void;
}

/** How a secret is kept, and what people note about it. */
export function Settings({ place, secret, close }: Props) {
  const t = useSecretsWords();
  const { update } = useChanges(place);
  const [notes, setNotes] = useState(() => notesOf(secret));
  const [values, setValues] = useState<Values>(() => settingsOf(secret));
  const [failure, setFailure] = useState<Failure>();
  const problem = problemOfNotes(notes);
  const unread = secondsOf(textOf(values, "deleteVersionAfter")) === undefined;
  const fields: readonly FormField[] = [
    { name: "maxVersions", label: t.keeps, hint: t.keepsHint, kind: "number", from: 0, to: 2_147_483_647, whole: true },
    { name: "deleteVersionAfter", label: t.goesAfter, hint: t.goesAfterHint, kind: "text" },
    { name: "casRequired", label: t.casNeeds, kind: "yesNo" },
  ];
  const save = async () => {
    const changes = settingChanges(secret, notes, values);
    const refused = Object.keys(changes).length ? await update(changes) : undefined;
    if (refused) setFailure(refused);
    else close();
  };
  return (
    <Dialog open onClose={close} label={t.settings}>
      <Form
        fields={fields}
        values={values}
        change={(change) => setValues({ ...values, ...change })}
        submit={save}
        submitName={t.save}
        cancel={close}
        failure={failure}
        blocked={problem ? t[problem] : unread ? t.noTime : undefined}
      >
        <h2>{t.settings}</h2>
        <Notes notes={notes} change={setNotes} />
      </Form>
    </Dialog>
  );
}

interface NotesProps {
  readonly notes: readonly Note[];
  readonly change: (notes: readonly Note[]) => void;
}

/** Notes, one a line: a name and what it says. */
function Notes({ notes, change }: NotesProps) {
  const t = useSecretsWords();
  const [list, added] = useAdded();
  const add = () => {
    change([...notes, { id: nextId(notes), key: "", value: "" }]);
    added();
  };
  const write = (id: number, more: Partial<Note>) =>
    change(notes.map((note) => (note.id === id ? { ...note, ...more } : note)));
  return (
    <fieldset className="secrets-notes">
      <legend>{t.notes}</legend>
      <p className="muted">{t.notesHint}</p>
      <ul className="secrets-lines" ref={list}>
        {notes.map(({ id, key, value }, index) => (
          <li key={id} className="secrets-note">
            <input
              className="input"
              aria-label={t.noteName(index + 1)}
              placeholder={t.key}
              value={key}
              onChange={(event) => write(id, { key: event.target.value })}
            />
            <input
              className="input"
              aria-label={t.noteOf(key || String(index + 1))}
              placeholder={t.value}
              value={value}
              onChange={(event) => write(id, { value: event.target.value })}
            />
            <Button
              kind="quiet"
              icon
              label={t.removeOf(key || String(index + 1))}
              onPress={() => change(notes.filter((note) => note.id !== id))}
            >
              ×
            </Button>
          </li>
        ))}
      </ul>
      <Button onPress={add}>{t.addNote}</Button>
    </fieldset>
  );
}
