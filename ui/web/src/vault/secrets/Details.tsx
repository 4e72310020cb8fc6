import { Link } from "@tanstack/react-router";
import { useState } from "react";
import type { SecretPlace } from "../../api/values";
import { Button } from "../../design/components/Button";
import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { changed } from "../../parts/address";
import { useVaultAnswer } from "../answer";
import { Confirm } from "../Confirm";
import { About } from "./About";
import { useChanges } from "./changes";
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
  readonly removed: () => void;
}

/** A secret: what is known of it without its values, its versions, and who uses it. */
export function Details({ place, wrote, removed }: Props) {
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
        {({ secret }) =>
          secret && (
            <>
              <Shown place={place} secret={secret} revealing={revealing} />
              <RemoveAll place={place} removed={removed} />
            </>
          )
        }
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
      <About place={place} secret={secret} />
      <Uses place={place} secret={secret} />
    </>
  );
}

/** A way to delete all of a secret, which nobody can take back. */
function RemoveAll({ place, removed }: { place: SecretPlace; removed: () => void }) {
  const t = useSecretsWords();
  const { removeAll } = useChanges(place);
  const [asking, setAsking] = useState(false);
  return (
    <div>
      <Button kind="danger" onPress={() => setAsking(true)}>
        {t.deleteAll}…
      </Button>
      {asking && (
        <Confirm
          title={t.deleteAllTitle(place.path)}
          action={t.deleteAll}
          act={async () => {
            if (await removeAll()) removed();
          }}
          close={() => setAsking(false)}
        >
          <p>{t.deleteAllText}</p>
        </Confirm>
      )}
    </div>
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
