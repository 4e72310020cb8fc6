import { type FormEvent, useId, useState } from "react";
import type { Failure } from "../api/errors";
import { logIn, type SignIn as Options, signInWithToken } from "../api/vault";
import { Button } from "../design/components/Button";
import { Check, Choices } from "../parts/Choices";
import { METHODS, type Method, mountOf } from "./model";
import { useVaultWords } from "./words";

/** Signs in to the vault: with a token, a name and a password, or the ids of a role. `ended`: somebody was signed in. */
export function SignIn({ ended }: { ended: boolean }) {
  const t = useVaultWords();
  const [method, setMethod] = useState<Method>("token");
  return (
    <section className="card vault-signin" aria-labelledby="vault-signin">
      <h2 id="vault-signin">{t.signIn}</h2>
      <p className={ended ? "vault-notice" : "muted"} role={ended ? "alert" : undefined}>
        {ended ? t.ended : t.signInText}
      </p>
      <Choices
        label={t.method}
        options={METHODS.map((key) => ({ key, name: t[key] }))}
        value={method}
        choose={(key) => setMethod(key as Method)}
      />
      <Fields key={method} method={method} />
    </section>
  );
}

function Fields({ method }: { method: Method }) {
  const t = useVaultWords();
  const [kept, setKept] = useState(false);
  const [busy, setBusy] = useState(false);
  const [failure, setFailure] = useState<Failure>();
  const send = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const data = new FormData(form);
    const text = (name: string) => String(data.get(name) ?? "").trim();
    setBusy(true);
    const reply = await enter(method, text, { kept, namespace: mountOf(text("namespace")) });
    setBusy(false);
    if (reply.ok) return;
    setFailure(reply.failure);
    for (const secret of form.querySelectorAll<HTMLInputElement>("[type=password]")) secret.value = "";
    form.querySelector<HTMLInputElement>("[type=password]")?.focus();
  };
  return (
    <form className="vault-fields" onSubmit={(event) => void send(event)}>
      {method === "token" && <Input name="token" label={t.token} secret />}
      {method === "userpass" && (
        <>
          <Input name="user" label={t.user} autoComplete="username" />
          <Input name="password" label={t.password} secret />
        </>
      )}
      {method === "approle" && (
        <>
          <Input name="role" label={t.roleId} />
          <Input name="secret" label={t.secretId} secret />
        </>
      )}
      <details>
        <summary>{t.more}</summary>
        <div className="vault-fields">
          {method !== "token" && <Input name="mount" label={t.mountPath} initial={method} />}
          <Input name="namespace" label={t.namespace} optional />
        </div>
      </details>
      <Check name={t.keep} value={kept} change={setKept} />
      {failure && (
        <p className="field-error" role="alert">
          {failure.code === "FORBIDDEN" && method === "token" ? t.badToken : failure.message}
        </p>
      )}
      <Button kind="primary" type="submit" disabled={busy}>
        {t.signIn}
      </Button>
    </form>
  );
}

/** The request that a method makes. */
function enter(method: Method, text: (name: string) => string, options: Options) {
  const mount = mountOf(text("mount")) || method;
  if (method === "token") return signInWithToken(text("token"), options);
  if (method === "userpass")
    return logIn(`auth/${mount}/login/${text("user")}`, { password: text("password") }, options);
  return logIn(`auth/${mount}/login`, { role_id: text("role"), secret_id: text("secret") }, options);
}

interface InputProps {
  readonly name: string;
  readonly label: string;
  readonly secret?: boolean;
  readonly optional?: boolean;
  readonly initial?: string;
  readonly autoComplete?: string;
}

function Input({ name, label, secret, optional, initial, autoComplete = "off" }: InputProps) {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id}>{label}</label>
      <input
        id={id}
        className="input"
        name={name}
        type={secret ? "password" : "text"}
        autoComplete={autoComplete}
        autoCapitalize="none"
        spellCheck={false}
        defaultValue={initial}
        required={!optional}
      />
    </div>
  );
}
