import { useState } from "react";
import { Button } from "../../design/components/Button";
import { Choices } from "../../parts/Choices";
import { useToast } from "../../shell/toasts";
import { textOf } from "./model";
import { type Revealed, SHOWN_S, useSeconds } from "./reveal";
import { useSecretsWords } from "./words";

interface Props {
  readonly revealed: Revealed;
  readonly hide: () => void;
  readonly longer: () => void;
}

const MASK = "••••••••••";

/** The values of a version, each masked until it is asked for; copying one does not show it. */
export function Values({ revealed: { content, version, until }, hide, longer }: Props) {
  const t = useSecretsWords();
  const copy = useCopy();
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [json, setJson] = useState(false);
  const keys = Object.keys(content);
  const all = keys.every((key) => open.has(key));
  const text = JSON.stringify(content, null, 2);
  const toggle = (key: string) =>
    setOpen((before) => new Set(before.has(key) ? [...before].filter((one) => one !== key) : [...before, key]));
  return (
    <section className="secrets-values" aria-label={t.valuesOf(version)}>
      <div className="row wrap">
        <Choices
          label={t.showAs}
          options={[
            { key: "keys", name: t.keys },
            { key: "json", name: "JSON" },
          ]}
          value={json ? "json" : "keys"}
          choose={(key) => setJson(key === "json")}
        />
        {!json && <Button onPress={() => setOpen(new Set(all ? [] : keys))}>{all ? t.maskAll : t.showAll}</Button>}
        {json && <Button onPress={() => void copy(text, "JSON")}>{t.copyJson}</Button>}
      </div>
      {json ? (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard
        <pre className="secrets-json" tabIndex={0}>
          {text}
        </pre>
      ) : (
        <dl className="secrets-keys">
          {keys.map((key) => (
            <div key={key}>
              <dt dir="auto">{key}</dt>
              <dd>
                {open.has(key) ? (
                  <code dir="auto">{textOf(content[key])}</code>
                ) : (
                  <>
                    <span aria-hidden="true">{MASK}</span>
                    <span className="visually-hidden">{t.masked}</span>
                  </>
                )}
              </dd>
              <dd className="row">
                <Button kind="quiet" label={open.has(key) ? t.maskOf(key) : t.showOf(key)} onPress={() => toggle(key)}>
                  {open.has(key) ? t.mask : t.show}
                </Button>
                <Button kind="quiet" label={t.copyOf(key)} onPress={() => void copy(textOf(content[key]), key)}>
                  {t.copy}
                </Button>
              </dd>
            </div>
          ))}
        </dl>
      )}
      <Countdown until={until} hide={hide} longer={longer} />
    </section>
  );
}

function Countdown({ until, hide, longer }: { until: number; hide: () => void; longer: () => void }) {
  const t = useSecretsWords();
  const seconds = useSeconds(until);
  return (
    <div className="row wrap secrets-countdown">
      <span role="timer">{t.hiddenIn(seconds)}</span>
      <progress value={seconds} max={SHOWN_S} aria-hidden="true" />
      <Button onPress={longer}>{t.longer(SHOWN_S)}</Button>
      <Button onPress={hide}>{t.hideNow}</Button>
    </div>
  );
}

/** Puts a text into the clipboard, and says so without saying the text. */
function useCopy() {
  const t = useSecretsWords();
  const toast = useToast();
  return async (text: string, name: string) => {
    try {
      await navigator.clipboard.writeText(text);
      toast({ text: t.copied(name), tone: "ok" });
    } catch (error) {
      if (!(error instanceof DOMException || error instanceof TypeError)) throw error;
      toast({ text: t.notCopied, tone: "error" });
    }
  };
}
