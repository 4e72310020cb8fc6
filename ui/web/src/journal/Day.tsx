import { useState } from "react";
import { useMutation } from "urql";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import type { JournalMonthQuery } from "../api/gql/graphql";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { NodeLink } from "../design/components/NodeLink";
import { useLanguage } from "../i18n";
import { excerpt } from "../parts/excerpt";
import { usePlace } from "../shell/graph";
import { useToast } from "../shell/toasts";
import { useJournalWords } from "./words";

const WRITE = graphql(`
  mutation WriteJournal($input: CreateJournalInput!) {
    createJournal(input: $input) {
      journal {
        id
        graph
        rev
      }
    }
  }
`);

type Entry = JournalMonthQuery["journals"]["nodes"][number];

/** What was written on a day, and a place to write more. */
export function Day({ day, entries }: { day: string; entries: readonly Entry[] }) {
  const t = useJournalWords();
  const { language } = useLanguage();
  const { asOf } = usePlace();
  const [writing, setWriting] = useState(false);
  const long = new Intl.DateTimeFormat(language, { dateStyle: "full", timeZone: "UTC" });
  return (
    <section className="card journal-entries" aria-labelledby="journal-day">
      <h2 id="journal-day">{long.format(new Date(`${day}T00:00:00Z`))}</h2>
      {entries.map((entry) => (
        <article key={`${entry.graph}/${entry.id}`}>
          <h3>
            <NodeLink node={entry} />
          </h3>
          <p dir="auto">{excerpt(entry.content, entry.title, 600)}</p>
          <p className="row wrap">
            {entry.tags.map((tag) => (
              <span key={tag} className="badge">
                #{tag}
              </span>
            ))}
          </p>
        </article>
      ))}
      {entries.length === 0 && <p className="muted">{t.none}</p>}
      {!asOf && !writing && <Button onPress={() => setWriting(true)}>{t.write}</Button>}
      {writing && <Write day={day} done={() => setWriting(false)} />}
    </section>
  );
}

function Write({ day, done }: { day: string; done: () => void }) {
  const t = useJournalWords();
  const toast = useToast();
  const { graph } = usePlace();
  const [{ fetching }, write] = useMutation(WRITE);
  const [content, setContent] = useState("");
  const save = async () => {
    const { error } = await write({ input: { title: day, date: day, content, ...(graph ? { graph } : {}) } });
    if (error) return toast({ text: failureOf(error).message, tone: "error" });
    toast({ text: t.saved, tone: "ok" });
    refresh();
    done();
  };
  return (
    <form
      className="journal-write"
      onSubmit={(event) => {
        event.preventDefault();
        if (content.trim()) void save();
      }}
    >
      <textarea
        className="input"
        aria-label={t.text}
        placeholder={t.text}
        // biome-ignore lint/a11y/noAutofocus: somebody pressed a button to write here
        autoFocus
        value={content}
        onChange={(event) => setContent(event.target.value)}
      />
      <Button kind="primary" type="submit" disabled={fetching || !content.trim()}>
        {t.save}
      </Button>
    </form>
  );
}
