import { useMutation, useSubscription } from "urql";
import { useAnswer } from "../api/answer";
import { failureOf } from "../api/errors";
import { graphql } from "../api/gql";
import { refresh } from "../api/refresh";
import { Button } from "../design/components/Button";
import { useDates } from "../i18n";
import { Answered } from "../parts/Answered";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { usePlace } from "../shell/graph";
import { useToast } from "../shell/toasts";
import { isRunning, type Job, progressOf } from "./model";
import { Problems } from "./Problems";
import { useImportWords } from "./words";

const JOBS = graphql(`
  query ImportJobs($graph: String, $first: Int!) {
    importJobs(graph: $graph, first: $first) {
      ...JobFacts
    }
  }
  fragment JobFacts on ImportJob {
    id
    graph
    source
    path
    state
    phase
    files
    done
    created
    updated
    unchanged
    failed
    deleted
    relations
    unresolved
    cancelling
    error
    createdBy
    createdAt
    problems {
      path
      line
      code
      message
      severity
    }
  }
`);

const PROGRESS = graphql(`
  subscription ImportProgress($id: ID!) {
    importProgress(id: $id) {
      ...JobFacts
    }
  }
`);

const CANCEL = graphql(`
  mutation CancelImport($input: CancelImportInput!) {
    cancelImport(input: $input) {
      job {
        id
      }
    }
  }
`);

const TONES = { QUEUED: "", RUNNING: "info", DONE: "ok", FAILED: "danger", CANCELLED: "warn" } as const;

/** What the server imports and imported, newest first. */
export function Jobs() {
  const t = useImportWords();
  const { graph } = usePlace();
  const paging = usePaging(20, String(graph));
  const answer = useAnswer({ query: JOBS, variables: { graph: graph ?? null, first: paging.first } });
  return (
    <section className="imports-jobs" aria-labelledby="imports-jobs">
      <h2 id="imports-jobs">{t.jobs}</h2>
      <Answered
        answer={answer}
        empty={({ importJobs }) => importJobs.length === 0 && <p className="muted">{t.none}</p>}
      >
        {({ importJobs }) => (
          <>
            <ul>
              {importJobs.map((job) => (
                <li key={job.id} className="card imports-job">
                  {isRunning(job) ? <Running job={job} /> : <Facts job={job} />}
                </li>
              ))}
            </ul>
            <More paging={paging} shown={importJobs.length} />
          </>
        )}
      </Answered>
    </section>
  );
}

/** An import that goes on, as it is now. */
function Running({ job }: { job: Job }) {
  const [{ data }] = useSubscription(
    { query: PROGRESS, variables: { id: job.id } },
    (_: { importProgress: Job } | undefined, next) => {
      if (!isRunning(next.importProgress)) refresh();
      return next;
    },
  );
  return <Facts job={data?.importProgress ?? job} />;
}

function Facts({ job }: { job: Job }) {
  const t = useImportWords();
  const dates = useDates();
  const toast = useToast();
  const [{ fetching }, cancel] = useMutation(CANCEL);
  const running = isRunning(job);
  const progress = progressOf(job);
  const stop = async () => {
    const { error } = await cancel({ input: { id: job.id } });
    if (error) toast({ text: failureOf(error).message, tone: "error" });
  };
  return (
    <>
      <div className="row wrap">
        <span className={`badge ${TONES[job.state]}`}>{job.cancelling && running ? t.cancelling : t[job.state]}</span>
        <strong className="imports-path">{job.path}</strong>
        <span className="muted">
          → {job.graph} · <time dateTime={job.createdAt}>{dates.ago(job.createdAt)}</time> · {job.createdBy}
        </span>
        {running && (
          <span className="imports-cancel">
            <Button label={t.cancelOf(job.path)} disabled={fetching || job.cancelling} onPress={() => void stop()}>
              {t.cancel}
            </Button>
          </span>
        )}
      </div>
      {running && (
        <div className="row">
          <progress aria-label={job.path} max={1} {...(progress === undefined ? {} : { value: progress })} />
          <span className="imports-number">{t.reading(job.done, job.files)}</span>
        </div>
      )}
      <p className="muted imports-number">
        {t.counts(job.created, job.updated, job.unchanged, job.deleted)} · {t.links(job.relations, job.unresolved)}
        {job.failed > 0 && ` · ${t.failedFiles(job.failed)}`}
      </p>
      {job.error && <p className="field-error">{job.error}</p>}
      <Problems problems={job.problems} />
    </>
  );
}
