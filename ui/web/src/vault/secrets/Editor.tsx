import { type FormEvent, useId, useRef, useState } from "react";
import type { Failure } from "../../api/errors";
import type { Content, Version } from "../../api/values";
import { Button } from "../../design/components/Button";
import { Choices } from "../../parts/Choices";
import { Lines } from "./Lines";
import { contentOf, contentOfText, isContent, isPath, type Line, linesOf, type Problem } from "./model";
import { useHiddenTab } from "./reveal";
import { useSecretsWords } from "./words";

type Save = (path: string, content: Content) => Promise<void>;

interface Props {
  readonly path: string;
  readonly fixed: boolean;
  readonly kv: 1 | 2;
  readonly base: Version;
  readonly failure: Failure | undefined;
  readonly close: () => void;
  readonly save: Save;
  /** Somebody wrote another version meanwhile: a way to write in the place of that one. */
  readonly over?: { readonly version: number; readonly save: Save };
}

const BLANK: Line = { id: 0, key: "", text: "", json: false };

/** Keys and values of a secret, line by line and masked, or as JSON. */
export function Editor({ path: given, fixed, kv, base, failure, close, save, over }: Props) {
  const t = useSecretsWords();
  const id = useId();
  const busy = useRef(false);
  const [path, setPath] = useState(given);
  const [lines, setLines] = useState<readonly Line[]>(() => (base.content ? linesOf(base.content) : [BLANK]));
  const [text, setText] = useState<string>();
  const [problems, setProblems] = useState<readonly Problem[]>([]);
  const [badPath, setBadPath] = useState(false);
  const found = text === undefined ? contentOf(lines) : contentOfText(text);
  const json = text !== undefined;
  const asLines = () => {
    if (!isContent(found)) return setProblems(found);
    setLines(linesOf(found));
    setText(undefined);
    setProblems([]);
  };
  const asText = () => {
    const blank = !isContent(found) && found.every(({ why }) => why === "nothing");
    if (!isContent(found) && !blank) return setProblems(found);
    setText(JSON.stringify(isContent(found) ? found : {}, null, 2));
    setProblems([]);
  };
  useHiddenTab(() => json && isContent(found) && asLines());
  const send = async (with_: Save) => {
    if (busy.current) return;
    setBadPath(!isPath(path));
    setProblems(isContent(found) ? [] : found);
    if (!isPath(path) || !isContent(found)) return;
    busy.current = true;
    await with_(path, found);
    busy.current = false;
  };
  const general = problems.find(({ id: line }) => line === undefined);
  return (
    <form
      className="dialog-body secrets-editor"
      autoComplete="off"
      noValidate
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void send(save);
      }}
      onKeyDown={(event) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && void send(save)}
    >
      <h2>{fixed ? t.writeTitle(given) : t.create}</h2>
      {kv === 1 && fixed && <p className="vault-notice">{t.replaces}</p>}
      {kv === 2 && fixed && <p className="muted">{base.content ? t.basedOn(base.version) : t.basedOnNothing}</p>}
      {!fixed && (
        <div className="field">
          <label htmlFor={`${id}-path`}>{t.path}</label>
          <input
            id={`${id}-path`}
            className="input"
            value={path}
            spellCheck={false}
            autoCapitalize="none"
            aria-invalid={badPath}
            aria-describedby={`${id}-path-problem`}
            onChange={(event) => setPath(event.target.value)}
          />
          <span
            id={`${id}-path-problem`}
            className={badPath ? "field-error" : "muted"}
            role={badPath ? "alert" : undefined}
          >
            {badPath ? t.badPath : t.pathHint}
          </span>
        </div>
      )}
      <div>
        <Choices
          label={t.writeAs}
          options={[
            { key: "keys", name: t.keys },
            { key: "json", name: "JSON" },
          ]}
          value={json ? "json" : "keys"}
          choose={(key) => (key === "json" ? !json && asText() : json && asLines())}
        />
      </div>
      {json ? (
        <textarea
          className="input"
          aria-label="JSON"
          rows={12}
          spellCheck={false}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      ) : (
        <Lines lines={lines} change={setLines} problems={problems} />
      )}
      {(general || failure) && (
        <div role="alert">
          {general && <p className="field-error">{t[general.why]}</p>}
          {failure && <p className="field-error">{failure.message}</p>}
        </div>
      )}
      <div className="dialog-actions form-actions">
        <Button onPress={close}>{t.cancel}</Button>
        {over && (
          <Button kind="danger" onPress={() => void send(over.save)}>
            {t.over(over.version)}
          </Button>
        )}
        <Button kind="primary" type="submit" disabled={over !== undefined}>
          {t.save}
        </Button>
      </div>
    </form>
  );
}
