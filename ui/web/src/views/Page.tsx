import { Link } from "@tanstack/react-router";
import { type FormEvent, useMemo, useState } from "react";
import { useQuery } from "urql";
import { Button } from "../design/components/Button";
import { Dialog } from "../design/components/Dialog";
import { Empty, Failed, Loading } from "../design/components/States";
import { useDates } from "../i18n";
import { type Column, DataTable } from "../parts/DataTable";
import { usePlace } from "../shell/graph";
import { Icon } from "../shell/Icon";
import { useViewActions } from "./actions";
import { VIEWS, type View } from "./documents";
import { ViewLink } from "./ViewLink";
import { useViewWords } from "./words";
import "./views.css";

/** Saved views: to open, rename, delete, and to share by their addresses. */
export function Page() {
  const t = useViewWords();
  const { graph } = usePlace();
  const dates = useDates();
  const { copy, remove } = useViewActions();
  const [renaming, setRenaming] = useState<View>();
  const [{ data, error }, ask] = useQuery({
    query: VIEWS,
    variables: { graph: graph ?? null },
    requestPolicy: "cache-and-network",
  });
  const views = data?.savedViews;
  const columns = useMemo(
    (): readonly Column<View>[] => [
      {
        id: "name",
        name: t.name,
        width: "minmax(140px, 3fr)",
        value: ({ name }) => name,
        cell: (view) => <ViewLink view={view} />,
      },
      {
        id: "graph",
        name: t.graph,
        width: "minmax(100px, 1fr)",
        minor: true,
        value: (view) => view.graph ?? "",
        cell: (view) => view.graph ?? t.allGraphs,
      },
      {
        id: "updated",
        name: t.changed,
        width: "minmax(150px, 1.4fr)",
        minor: true,
        value: ({ updatedAt }) => updatedAt,
        cell: ({ updatedAt, updatedBy }) => (
          <span className="muted truncate">
            <time dateTime={updatedAt} title={dates.moment(updatedAt)}>
              {dates.ago(updatedAt)}
            </time>{" "}
            {t.by(updatedBy)}
          </span>
        ),
      },
      {
        id: "acts",
        name: t.acts,
        width: "140px",
        cell: (view) => (
          <span className="views-acts">
            <Act name={t.copy} of={view.name} icon="M9 9h11v11H9zM5 15H4V4h11v1" act={() => void copy(view)} />
            <Act name={t.rename} of={view.name} icon="M4 20h4L19 9l-4-4L4 16z" act={() => setRenaming(view)} />
            <Act name={t.delete} of={view.name} icon="M5 7h14M10 4h4M7 7l1 13h8l1-13" act={() => void remove(view)} />
          </span>
        ),
      },
    ],
    [t, dates, copy, remove],
  );
  return (
    <div className="page views">
      <div className="page-head">
        <h1>{t.title}</h1>
        {views && <span className="muted">{t.found(views.length)}</span>}
      </div>
      {error && !data && <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />}
      {!data && !error && <Loading lines={6} />}
      {views?.length === 0 && (
        <Empty title={t.empty}>
          <span>{t.emptyText}</span>
          <Link to="/graph" search={(graph ? { graph } : {}) as never} className="button">
            {t.explore}
          </Link>
        </Empty>
      )}
      {views && views.length > 0 && (
        <DataTable
          label={t.title}
          columns={columns}
          rows={views}
          rowKey={({ id }) => id}
          sortedBy={{ column: "name", direction: "ascending" }}
        />
      )}
      {renaming && <Rename view={renaming} close={() => setRenaming(undefined)} />}
    </div>
  );
}

function Act({ name, of, icon, act }: { name: string; of: string; icon: string; act: () => void }) {
  return (
    <Button kind="quiet" icon label={`${name}: ${of}`} onPress={act}>
      <Icon path={icon} />
    </Button>
  );
}

function Rename({ view, close }: { view: View; close: () => void }) {
  const t = useViewWords();
  const { rename } = useViewActions();
  const [name, setName] = useState(view.name);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() === view.name || (await rename(view, name.trim()))) close();
  };
  return (
    <Dialog open onClose={close} label={t.rename}>
      <form className="dialog-body" onSubmit={submit}>
        <h2>{t.rename}</h2>
        <label className="field">
          <span className="label">{t.name}</span>
          <input
            className="input"
            // biome-ignore lint/a11y/noAutofocus: the dialog was opened to write here
            autoFocus
            maxLength={100}
            dir="auto"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <div className="dialog-actions">
          <Button onPress={close}>{t.cancel}</Button>
          <Button kind="primary" type="submit" disabled={!name.trim()}>
            {t.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
