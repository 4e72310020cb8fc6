import { useRouter } from "@tanstack/react-router";
import { type FormEvent, useId, useState } from "react";
import { Button as AriaButton, Dialog, DialogTrigger, Popover } from "react-aria-components";
import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { useViewActions } from "./actions";
import { VIEWS } from "./documents";
import { ViewLink } from "./ViewLink";
import { useViewWords } from "./words";
import "./views.css";

/** Saves the view that shows under a name, and opens the ones that were saved. */
export function SavedViews({ graph }: { graph: string | undefined }) {
  const t = useViewWords();
  return (
    <DialogTrigger>
      <AriaButton className="button">
        {t.title}
        <span aria-hidden="true">▾</span>
      </AriaButton>
      <Popover className="popover views-popover">
        <Dialog aria-label={t.title}>{({ close }) => <Inside graph={graph} close={close} />}</Dialog>
      </Popover>
    </DialogTrigger>
  );
}

function Inside({ graph, close }: { graph: string | undefined; close: () => void }) {
  const t = useViewWords();
  const id = useId();
  const router = useRouter();
  const { save } = useViewActions();
  const [name, setName] = useState("");
  const [{ data }] = useQuery({
    query: VIEWS,
    variables: { graph: graph ?? null },
    requestPolicy: "cache-and-network",
  });
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const done = name.trim() && (await save(name.trim(), router.history.location.href, graph ?? null));
    if (done) close();
  };
  return (
    <div className="views-inside">
      <form className="views-save" onSubmit={submit}>
        <div className="field">
          <label htmlFor={id}>{t.saveThis}</label>
          <input
            id={id}
            className="input"
            maxLength={100}
            placeholder={t.name}
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </div>
        <Button type="submit" kind="primary" disabled={!name.trim()}>
          {t.save}
        </Button>
      </form>
      {data && data.savedViews.length > 0 && (
        <ul className="views-list" aria-label={t.title}>
          {data.savedViews.map((view) => (
            <li key={view.id}>
              <ViewLink view={view} opened={close} />
            </li>
          ))}
        </ul>
      )}
      {data?.savedViews.length === 0 && <p className="muted">{t.empty}</p>}
      <a
        href={`/views${graph ? `?graph=${graph}` : ""}`}
        onClick={(event) => {
          event.preventDefault();
          close();
          void router.navigate({ to: "/views", search: graph ? { graph } : {} } as never);
        }}
      >
        {t.all}
      </a>
    </div>
  );
}
