import { type ReactNode, useState } from "react";
import type { SecretPlace } from "../../api/values";
import { Button } from "../../design/components/Button";
import { useDates } from "../../i18n";
import { useSpans } from "../../parts/span";
import { Facts } from "../Facts";
import type { Secret } from "./documents";
import { Settings } from "./Settings";
import { useSecretsWords } from "./words";

/** How a secret is kept, what people note about it, and a way to change both. */
export function About({ place, secret }: { place: SecretPlace; secret: Secret }) {
  const t = useSecretsWords();
  const [changing, setChanging] = useState(false);
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
        <div className="row wrap">
          <h3 id="secrets-facts">{t.facts}</h3>
          {place.kv === 2 && secret.createdAt && (
            <span className="secrets-actions">
              <Button onPress={() => setChanging(true)}>{t.settings}</Button>
            </span>
          )}
        </div>
        <Facts facts={facts} />
      </section>
      {secret.customMetadata.length > 0 && (
        <section aria-labelledby="secrets-notes">
          <h3 id="secrets-notes">{t.notes}</h3>
          <Facts facts={secret.customMetadata.map(({ key, value }) => [key, value || "–"])} />
        </section>
      )}
      {changing && <Settings place={place} secret={secret} close={() => setChanging(false)} />}
    </>
  );
}
