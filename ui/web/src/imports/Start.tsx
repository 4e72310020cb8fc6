import { useState } from "react";
import { type CombinedError, useMutation } from "urql";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import type { DocumentFormat } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { useToast } from "../shell/toasts";
import { useImportWords } from "./words";

const START = graphql(`
  mutation StartImport($input: StartImportInput!) {
    startImport(input: $input) {
      job {
        id
      }
    }
  }
`);

const SETTING = "STRATUMIOPS_INGEST__ROOTS='[\"/path/to/notes\"]'";

/** Begins an import of a folder that the server may read. */
export function Start({ graph, format }: { graph: string; format: DocumentFormat }) {
  const t = useImportWords();
  const toast = useToast();
  const [path, setPath] = useState("");
  const [{ fetching }, send] = useMutation(START);
  const [error, setError] = useState<CombinedError>();
  const start = async () => {
    const done = await send({ input: { path: path.trim(), graph, format } });
    setError(done.error);
    if (done.error) return;
    toast({ text: t.started, tone: "ok" });
    refresh();
  };
  const failure = error && failureOf(error);
  return (
    <section className="card imports-way" aria-labelledby="imports-there">
      <h2 id="imports-there">{t.there}</h2>
      <form
        className="imports-start"
        onSubmit={(event) => {
          event.preventDefault();
          if (path.trim()) void start();
        }}
      >
        <input
          className="input"
          aria-label={t.folder}
          placeholder={t.folder}
          value={path}
          aria-invalid={failure !== undefined}
          {...(failure ? { "aria-describedby": "imports-error" } : {})}
          onChange={(event) => setPath(event.target.value)}
        />
        <Button type="submit" kind="primary" disabled={fetching || !path.trim()}>
          {t.start}
        </Button>
      </form>
      {failure && (
        <p id="imports-error" className="field-error" role="alert">
          {failure.message} {failure.hint}
        </p>
      )}
      <p className="muted">{t.rootsHint}</p>
      <code className="imports-setting">{SETTING}</code>
    </section>
  );
}
