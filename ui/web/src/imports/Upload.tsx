import { Link } from "@tanstack/react-router";
import { DropZone, FileTrigger } from "react-aria-components";
import { Button } from "../design/components/Button";
import { Failed } from "../design/components/States";
import { chosen, dropped } from "./files";
import { Problems } from "./Problems";
import { type Target, useUpload } from "./upload";
import { useImportWords } from "./words";

const ACCEPTED = [".md", ".markdown"];

/** Files of this computer: dropped or chosen, sent in parts. */
export function Upload(target: Target) {
  const t = useImportWords();
  const [state, send] = useUpload(target);
  const busy = state?.phase === "reading" || state?.phase === "joining";
  return (
    <section className="card imports-way" aria-labelledby="imports-here">
      <h2 id="imports-here">{t.here}</h2>
      <DropZone
        className="imports-drop"
        aria-label={t.dropText}
        getDropOperation={() => "copy"}
        onDrop={({ items }) => void dropped(items).then(send)}
      >
        <span>{t.dropText}</span>
        <span className="row wrap">
          <FileTrigger acceptDirectory onSelect={(files) => void send(chosen(files))}>
            <Button disabled={busy}>{t.chooseFolder}</Button>
          </FileTrigger>
          <FileTrigger allowsMultiple acceptedFileTypes={ACCEPTED} onSelect={(files) => void send(chosen(files))}>
            <Button disabled={busy}>{t.chooseFiles}</Button>
          </FileTrigger>
        </span>
      </DropZone>
      <div role="status" className="imports-upload">
        {busy && (
          <>
            <progress aria-label={t.here} max={state.files} value={state.done} />
            <span>{state.phase === "joining" ? t.joining : t.reading(state.done, state.files)}</span>
          </>
        )}
        {state?.phase === "nothing" && <span>{t.nothing}</span>}
        {state?.phase === "over" && !state.error && (
          <>
            <span>{t.uploaded(state.created, state.updated, state.unchanged)}</span>
            <Link to="/graph" search={{ graph: target.graph } as never}>
              {t.show}
            </Link>
          </>
        )}
      </div>
      {state && <Problems problems={state.problems} />}
      {state?.error && <Failed error={state.error} />}
    </section>
  );
}
