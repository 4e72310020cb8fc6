import { NodeLink } from "../design/components/NodeLink";
import { useDates } from "../i18n";
import { readable } from "../parts/excerpt";
import { firstLine, isPast, type Task } from "./model";
import { useTodoWords } from "./words";

/** What a card says: the task, its dates and tags, and the node that it stands in. */
export function TaskText({ task }: { task: Task }) {
  const t = useTodoWords();
  const dates = useDates();
  const open = task.state !== "DONE" && task.state !== "CANCELLED";
  const late = open && isPast(task.deadline, new Date().toISOString().slice(0, 10));
  return (
    <>
      <p className="todos-text" dir="auto">
        {readable(firstLine(task.text))}
      </p>
      <p className="row wrap todos-facts">
        {task.priority && <span className="badge warn">{task.priority}</span>}
        {task.scheduled && <span className="badge">{t.scheduled(dates.day(task.scheduled))}</span>}
        {task.deadline && (
          <span className={late ? "badge danger" : "badge"}>
            {t.deadline(dates.day(task.deadline))}
            {late && ` · ${t.late}`}
          </span>
        )}
      </p>
      <div className="todos-node">
        <NodeLink node={task.node} />
      </div>
    </>
  );
}
