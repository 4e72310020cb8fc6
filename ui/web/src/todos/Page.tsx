import { useMemo } from "react";
import { useClient } from "urql";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Pick } from "../parts/Choices";
import { ImportLink } from "../parts/ImportLink";
import { Kanban } from "../parts/Kanban";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { Typed } from "../parts/Typed";
import { usePlace } from "../shell/graph";
import { cardsOf, STATES, type Task, type TaskCard } from "./model";
import { useMove } from "./move";
import { TaskText } from "./TaskText";
import { useTodoWords } from "./words";
import "./todos.css";

const TODOS = graphql(`
  query Todos($graph: String, $tag: String, $priority: String, $due: Date, $first: Int!, $after: String) {
    todos(graph: $graph, tag: $tag, priority: $priority, due: $due, first: $first, after: $after) {
      totalCount
      pageInfo {
        endCursor
      }
      nodes {
        id
        graph
        text
        state
        priority
        scheduled
        deadline
        tags
        node {
          id
          graph
          title
          type
        }
      }
    }
  }
`);

const NONE: readonly Task[] = [];
const PRIORITIES = ["A", "B", "C", "highest", "high", "medium", "low", "lowest"];

/** Tasks by their state; moving a card writes the state into the text that the task stands in. */
export function Page() {
  const t = useTodoWords();
  const { graph } = usePlace();
  const [address, set] = useAddress();
  const { tag = "", priority = "", due = "" } = address;
  const paging = usePaging(500, [graph, tag, priority, due].join(" "));
  const { first, after } = paging;
  const variables = {
    graph: graph ?? null,
    tag: tag || null,
    priority: priority || null,
    due: due || null,
    first,
    after,
  };
  const answer = useAnswer({ query: TODOS, variables });
  const client = useClient();
  const again = () => client.query(TODOS, variables, { requestPolicy: "network-only" }).toPromise();
  const [moved, move] = useMove(again);
  const tasks = answer.data?.todos.nodes ?? NONE;
  const columns = useMemo(() => STATES.map((key) => ({ key, name: t[key] })), [t]);
  const cards = useMemo(() => cardsOf(tasks, moved), [tasks, moved]);
  const filtered = Boolean(tag || priority || due);
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      {filtered ? (
        <Button onPress={() => set({ tag: "", priority: "", due: "" })}>{t.clear}</Button>
      ) : (
        <ImportLink graph={graph}>{t.import}</ImportLink>
      )}
    </Empty>
  );
  return (
    <div className="page todos">
      <div className="page-head">
        <h1>{t.title}</h1>
        <span className="muted">{t.keys}</span>
      </div>
      <div className="filters">
        <Typed label={t.tag} value={tag} change={(next) => set({ tag: next })} />
        <Pick
          label={t.priority}
          options={[{ key: "", name: t.anyPriority }, ...PRIORITIES.map((key) => ({ key, name: key }))]}
          value={priority}
          choose={(next) => set({ priority: next })}
        />
        <label className="row">
          <span className="muted">{t.due}</span>
          <input
            type="date"
            className="input todos-due"
            value={due}
            onChange={(event) => set({ due: event.target.value })}
          />
        </label>
      </div>
      <Answered answer={answer} empty={({ todos }) => todos.totalCount === 0 && nothing}>
        {({ todos: { totalCount, pageInfo } }) => (
          <>
            <Kanban
              columns={columns}
              cards={cards}
              render={(card: TaskCard) => <TaskText task={card.task} />}
              move={(card: TaskCard, to) => void move(card.task, to)}
            />
            <More paging={paging} shown={tasks.length} all={totalCount} end={pageInfo.endCursor} />
          </>
        )}
      </Answered>
    </div>
  );
}
