import { useState } from "react";
import { Button } from "../../design/components/Button";
import { Diff } from "../../design/components/Diff";
import { useDates } from "../../i18n";
import { diff } from "../../node/model";
import { Answered } from "../../parts/Answered";
import { useToast } from "../../shell/toasts";
import { useVaultAnswer } from "../answer";
import { usePolicyActions } from "./actions";
import { POLICY, type Policy, VERSIONS } from "./documents";
import { usePolicyWords } from "./words";

/** What a policy said before; each version can be compared with the text as it is now, and restored. */
export function Versions({ policy }: { policy: Policy }) {
  const t = usePolicyWords();
  const dates = useDates();
  const { name, kind } = policy;
  const [compared, setCompared] = useState<number>();
  const answer = useVaultAnswer({ query: VERSIONS, variables: { name, kind } });
  const versions = [...(answer.data?.vaultPolicyVersions ?? [])].sort((a, b) => b.version - a.version);
  const [newest] = versions;
  if (answer.data && versions.length < 2) return null;
  return (
    <section className="policies-versions" aria-labelledby="policies-versions">
      <h3 id="policies-versions">{t.versions}</h3>
      <Answered answer={answer}>
        {() => (
          <ul>
            {versions.map(({ version, modifiedAt, removed }) => (
              <li key={version} className="policies-version">
                <div className="row wrap">
                  <span>{t.version(version)}</span>
                  {modifiedAt && <span className="muted">{dates.moment(modifiedAt)}</span>}
                  {version === newest?.version && <span className="badge ok">{t.current}</span>}
                  {removed && <span className="badge">{t.removed}</span>}
                  {version !== newest?.version && !removed && (
                    <span className="policies-delete">
                      <button
                        type="button"
                        className="button"
                        aria-expanded={compared === version}
                        aria-label={t.compareOf(version)}
                        onClick={() => setCompared(compared === version ? undefined : version)}
                      >
                        {t.compare}
                      </button>
                    </span>
                  )}
                </div>
                {compared === version && (
                  <Compared policy={policy} version={version} done={() => setCompared(undefined)} />
                )}
              </li>
            ))}
          </ul>
        )}
      </Answered>
    </section>
  );
}

function Compared({ policy, version, done }: { policy: Policy; version: number; done: () => void }) {
  const t = usePolicyWords();
  const toast = useToast();
  const { save } = usePolicyActions();
  const { name, kind } = policy;
  const answer = useVaultAnswer({ query: POLICY, variables: { name, kind, version } });
  const restore = async (text: string) => {
    const failure = await save({ name, kind, text });
    if (failure) toast({ text: failure.message, tone: "error" });
    else done();
  };
  return (
    <Answered answer={answer}>
      {({ vaultPolicy }) =>
        vaultPolicy && (
          <div className="policies-compared">
            {vaultPolicy.text === policy.text ? (
              <p className="muted">{t.same}</p>
            ) : (
              <>
                <Diff lines={diff(vaultPolicy.text, policy.text)} label={t.difference(version)} />
                <Button label={t.restoreOf(version)} onPress={() => void restore(vaultPolicy.text)}>
                  {t.restore}
                </Button>
              </>
            )}
          </div>
        )
      }
    </Answered>
  );
}
