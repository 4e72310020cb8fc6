import { Link } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import type { SecretPlace } from "../../api/values";
import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { useDates } from "../../i18n";
import { Answered } from "../../parts/Answered";
import { changed } from "../../parts/address";
import { useSpans } from "../../parts/span";
import { useVaultAnswer } from "../answer";
import { SECRET, type Secret } from "./documents";
import { EditorDialog } from "./EditorDialog";
import { type Revealing, useReveal } from "./reveal";
import { Uses } from "./Uses";
import { Values } from "./Values";
import { Versions } from "./Versions";
import { useSecretsWords } from "./words";

interface Props {
  readonly place: SecretPlace;
  readonly wrote: (path: string) => void;
}

/** A secret: what is known of it without its values, its versions, and who uses it. */
export function Details({ place, wrote }: Props) {
  const t = useSecretsWords();
  const { mount, path } = place;
  const answer = useVaultAnswer({ query: SECRET, variables: { mount, path } });
  const [writing, setWriting] = useState(false);
  const revealing = useReveal(place);
  return (
    <article className="card secrets-details" aria-labelledby="secrets-name">
      <Link
        to="."
        className="button vault-back"
        search={((before: object) => changed({ ...before }, { path: undefined })) as never}
      >
        {t.back}
      </Link>
      <header className="row wrap">
        <h2 id="secrets-name" dir="auto">
          {path}
        </h2>
        <Button kind="primary" onPress={() => setWriting(true)}>
          {t.write}
        </Button>
      </header>
      <p role="status" className="visually-hidden">
        {revealing.revealed ? t.areShown(revealing.revealed.version) : revealing.hidden ? t.areHidden : ""}
      </p>
      {revealing.failure && (
        <p className="field-error" role="alert">
          {revealing.failure.message}
        </p>
      )}
      <Answered answer={answer} empty={({ secret }) => !secret && <Empty title={t.missing} />}>
        {({ secret }) => secret && <Shown place={place} secret={secret} revealing={revealing} />}
      </Answered>
      {writing && (
        <EditorDialog
          place={place}
          fixed
          current={answer.data?.secret?.currentVersion}
          close={() => setWriting(false)}
          wrote={wrote}
        />
      )}
    </article>
  );
}

interface ShownProps {
  readonly place: SecretPlace;
  readonly secret: Secret;
  readonly revealing: Revealing;
}

function Shown({ place, secret, revealing }: ShownProps) {
  return (
    <>
      {secret.versions.length > 0 ? (
        <Versions mount={place.mount} secret={secret} revealing={revealing} />
      ) : (
        <Newest revealing={revealing} />
      )}
      <Facts place={place} secret={secret} />
      <Uses place={place} secret={secret} />
    </>
  );
}

/** Where no versions are told: kv 1, or metadata that the token may not read. */
function Newest({ revealing: { revealed, reveal, hide, longer } }: { revealing: Revealing }) {
  const t = useSecretsWords();
  return (
    <section className="secrets-newest">
      {revealed ? (
        <Values revealed={revealed} hide={hide} longer={longer} />
      ) : (
        <Button onPress={() => void reveal(undefined)}>{t.reveal}</Button>
      )}
    </section>
  );
}

function Facts({ place, secret }: { place: SecretPlace; secret: Secret }) {
  const t = useSecretsWords();
  const dates = useDates();
  const span = useSpans();
  const { createdAt, updatedAt, maxVersions, casRequired, deleteVersionAfter } = secret;
  const facts: readonly (readonly [string, ReactNode])[] = [
    [t.reference, <code key="reference">{secret.id}</code>],
    [t.created, createdAt && dates.moment(createdAt)],
    [t.changed, updatedAt && dates.moment(updatedAt)],
    [t.kept, maxVersions ? t.most(maxVersions) : null],
    [t.cas, casRequired && t.casNeeded],
    [t.goes, deleteVersionAfter ? t.after(span(deleteVersionAfter)) : null],
    [t.versions, place.kv === 1 && t.noVersions],
  ];
  return (
    <>
      <section aria-labelledby="secrets-facts">
        <h3 id="secrets-facts">{t.facts}</h3>
        <dl className="vault-facts">
          {facts
            .filter(([, value]) => value)
            .map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{value}</dd>
              </div>
            ))}
        </dl>
      </section>
      {secret.customMetadata.length > 0 && (
        <section aria-labelledby="secrets-notes">
          <h3 id="secrets-notes">{t.notes}</h3>
          <dl className="vault-facts">
            {secret.customMetadata.map(({ key, value }) => (
              <div key={key}>
                <dt dir="auto">{key}</dt>
                <dd dir="auto">{value}</dd>
              </div>
            ))}
          </dl>
        </section>
      )}
    </>
  );
}
