import { type FormEvent, useId, useState } from "react";
import { forgetShares, giveShare } from "../../api/vault";
import { Button } from "../../design/components/Button";
import { useVault } from "../state";
import { outcomeOf } from "./model";
import { useStatusWords } from "./words";

interface Said {
  readonly text: string;
  readonly wrong: boolean;
}

/** Takes shares of the key, one at a time. None is kept: the field is emptied before the vault answers. */
export function Unseal() {
  const t = useStatusWords();
  const { status, again } = useVault();
  const id = useId();
  const [said, say] = useState<Said>();
  const [busy, setBusy] = useState(false);
  const given = status.progress ?? 0;
  const give = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const field = event.currentTarget.elements.namedItem("share") as HTMLInputElement;
    const share = field.value.trim();
    field.value = "";
    setBusy(true);
    const reply = await giveShare(share);
    setBusy(false);
    if (reply.ok) {
      const outcome = outcomeOf(given, reply.data);
      say({ text: t[outcome], wrong: outcome === "twice" });
    } else
      say({ text: `${reply.failure.message}.${reply.failure.code === "BAD_INPUT" ? ` ${t.none}` : ""}`, wrong: true });
    again();
    field.focus();
  };
  const forget = async () => {
    const reply = await forgetShares();
    say(reply.ok ? { text: t.forgotten, wrong: false } : { text: reply.failure.message, wrong: true });
    again();
  };
  return (
    <form className="vault-fields" onSubmit={(event) => void give(event)}>
      <div className="field">
        <label htmlFor={id}>{t.share}</label>
        <input
          id={id}
          className="input"
          name="share"
          type="password"
          autoComplete="off"
          spellCheck={false}
          required
          aria-describedby={`${id}-said`}
        />
      </div>
      <p id={`${id}-said`} className={said?.wrong ? "field-error" : "muted"} role={said?.wrong ? "alert" : "status"}>
        {said?.text ?? t.shareHint}
      </p>
      <div className="row wrap">
        <Button kind="primary" type="submit" disabled={busy}>
          {t.give}
        </Button>
        {given > 0 && <Button onPress={() => void forget()}>{t.forget}</Button>}
      </div>
    </form>
  );
}
