import { type FormEvent, type ReactNode, useId, useState } from "react";
import { Button } from "../../design/components/Button";
import type { Address, Change } from "../../parts/address";
import { Choices, Pick } from "../../parts/Choices";
import { ASKERS, askerOf, OPERATIONS, operationOf } from "./model";
import { usePolicyWords } from "./words";

interface Props {
  readonly address: Address;
  readonly set: (change: Change) => void;
  /** The policy that is open. */
  readonly open: string | undefined;
  /** What the vault said. */
  readonly children: ReactNode;
}

/** Asks what somebody may do, and why: the question is in the address, so that it can be shared. */
export function Explain({ address, set, open, children }: Props) {
  const t = usePolicyWords();
  const id = useId();
  const [path, setPath] = useState(address["path"] ?? "");
  const [operation, setOperation] = useState(operationOf(address["op"]));
  const [asker, setAsker] = useState(askerOf(address["as"]));
  const [who, setWho] = useState(address["who"] ?? "");
  const ask = (event: FormEvent) => {
    event.preventDefault();
    const named = who.trim() || (asker === "policies" ? (open ?? "") : "");
    setWho(named);
    set({ path: path.trim(), op: operation, as: asker, who: asker === "me" ? undefined : named });
  };
  return (
    <section className="card policies-explain" aria-labelledby={`${id}-title`}>
      <h3 id={`${id}-title`}>{t.explain}</h3>
      <p className="muted">{t.explainText}</p>
      <form className="policies-question" onSubmit={ask}>
        <div className="row">
          <Pick
            label={t.operation}
            options={OPERATIONS.map((key) => ({ key, name: key.toLowerCase() }))}
            value={operation}
            choose={(key) => setOperation(operationOf(key))}
          />
          <input
            className="input mono"
            aria-label={t.path}
            placeholder={t.pathHint}
            required
            spellCheck={false}
            autoCapitalize="off"
            autoComplete="off"
            value={path}
            onChange={(event) => setPath(event.target.value)}
          />
        </div>
        <Choices
          label={t.asker}
          options={ASKERS.map((key) => ({ key, name: t[key] }))}
          value={asker}
          choose={(key) => {
            setAsker(askerOf(key));
            setWho("");
          }}
        />
        {asker !== "me" && (
          <input
            className="input mono"
            aria-label={t[asker]}
            placeholder={asker === "policies" ? (open ?? t.policiesHint) : ""}
            required={asker === "accessor" || !open}
            spellCheck={false}
            autoComplete="off"
            value={who}
            onChange={(event) => setWho(event.target.value)}
          />
        )}
        <div>
          <Button kind="primary" type="submit">
            {t.ask}
          </Button>
        </div>
      </form>
      {children}
    </section>
  );
}
