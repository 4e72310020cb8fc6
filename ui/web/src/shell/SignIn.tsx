import { useId } from "react";
import { signIn, useTokenWanted } from "../api/token";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { useShellWords } from "./words";

/** Asks for a token when the server wants one. */
export function SignIn() {
  const t = useShellWords();
  const wanted = useTokenWanted();
  const id = useId();
  return (
    <Dialog open={wanted} onClose={() => undefined} label={t.signIn}>
      <form
        className="dialog-body"
        onSubmit={(event) => {
          event.preventDefault();
          const token = String(new FormData(event.currentTarget).get("token") ?? "");
          if (token.trim()) signIn(token);
        }}
      >
        <h2>{t.signIn}</h2>
        <p className="muted">{t.signInText}</p>
        <div className="field">
          <label htmlFor={id}>{t.token}</label>
          {/* biome-ignore lint/a11y/noAutofocus: nothing else can be done here */}
          <input id={id} className="input" name="token" type="password" autoComplete="off" autoFocus required />
        </div>
        <div className="dialog-actions">
          <Button kind="primary" type="submit">
            {t.signIn}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
