import { useState } from "react";
import { Button } from "../../design/components/Button";
import { useDates } from "../../i18n";
import { Confirm } from "../Confirm";
import { useChanges } from "./changes";
import type { Secret } from "./documents";
import { standing } from "./model";
import type { Revealing } from "./reveal";
import { Values } from "./Values";
import { useSecretsWords } from "./words";

interface Props {
  readonly mount: string;
  readonly secret: Secret;
  readonly revealing: Revealing;
}

type Version = Secret["versions"][number];

const TONES = { there: "", deleted: "warn", destroyed: "danger" } as const;

/** The versions of a secret, newest first: what became of each, and what can be done with it. */
export function Versions({ mount, secret, revealing }: Props) {
  const t = useSecretsWords();
  const [doomed, setDoomed] = useState<number>();
  const { remove, undelete, destroy } = useChanges({ mount, path: secret.path });
  return (
    <section aria-labelledby="secrets-versions">
      <h3 id="secrets-versions">
        {t.versions} <span className="muted">{secret.versions.length}</span>
      </h3>
      <ol className="secrets-versions">
        {secret.versions.map((version) => (
          <Line
            key={version.version}
            version={version}
            current={version.version === secret.currentVersion}
            revealing={revealing}
            remove={() => void remove(version.version)}
            undelete={() => void undelete(version.version)}
            destroy={() => setDoomed(version.version)}
          />
        ))}
      </ol>
      {doomed !== undefined && (
        <Confirm
          title={t.destroyTitle(doomed)}
          action={t.destroy}
          act={() => destroy(doomed)}
          close={() => setDoomed(undefined)}
        >
          <p>{t.destroyText(secret.path)}</p>
        </Confirm>
      )}
    </section>
  );
}

interface LineProps {
  readonly version: Version;
  readonly current: boolean;
  readonly revealing: Revealing;
  readonly remove: () => void;
  readonly undelete: () => void;
  readonly destroy: () => void;
}

function Line({ version, current, revealing, remove, undelete, destroy }: LineProps) {
  const t = useSecretsWords();
  const dates = useDates();
  const { version: number, createdAt, deletedAt } = version;
  const stands = standing(version, Date.now());
  const { revealed } = revealing;
  const shown = revealed?.version === number;
  return (
    <li className={`secrets-version ${stands}`}>
      <div className="row wrap">
        <strong>{t.version(number)}</strong>
        {current && <span className="badge ok">{t.current}</span>}
        {stands !== "there" && <span className={`badge ${TONES[stands]}`}>{t[stands]}</span>}
        <span className="muted">
          <time dateTime={createdAt} title={createdAt}>
            {dates.moment(createdAt)}
          </time>
          {deletedAt && stands === "there" && ` · ${t.deletedFrom(dates.moment(deletedAt))}`}
          {deletedAt && stands === "deleted" && ` · ${t.deletedAt(dates.moment(deletedAt))}`}
        </span>
        <span className="row wrap secrets-actions">
          {stands === "there" && !shown && (
            <Button label={t.revealOf(number)} onPress={() => void revealing.reveal(number)}>
              {t.reveal}
            </Button>
          )}
          {stands === "there" && (
            <Button kind="quiet" label={t.deleteOf(number)} onPress={remove}>
              {t.delete}
            </Button>
          )}
          {stands === "deleted" && (
            <Button label={t.undeleteOf(number)} onPress={undelete}>
              {t.undelete}
            </Button>
          )}
          {stands !== "destroyed" && (
            <Button kind="quiet" label={t.destroyOf(number)} onPress={destroy}>
              {t.destroy}…
            </Button>
          )}
        </span>
      </div>
      {shown && revealed && <Values key={number} revealed={revealed} hide={revealing.hide} longer={revealing.longer} />}
    </li>
  );
}
