import { useMemo } from "react";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Calendar, Months } from "../parts/Calendar";
import { isDay, monthOf, weeksOf } from "../parts/calendar";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { usePlace } from "../shell/graph";
import { Day } from "./Day";
import { byDay } from "./model";
import { useJournalWords } from "./words";
import "./journal.css";

const LATEST = graphql(`
  query JournalLatest($graph: String, $asOf: DateTime) {
    journals(
      graph: $graph
      asOf: $asOf
      where: { date: { isNull: false } }
      orderBy: { field: DATE, direction: DESC }
      first: 1
    ) {
      nodes {
        id
        graph
        date
      }
    }
  }
`);

const MONTH = graphql(`
  query JournalMonth($graph: String, $asOf: DateTime, $from: Date!, $to: Date!, $first: Int!, $after: String) {
    journals(
      graph: $graph
      asOf: $asOf
      where: { date: { gte: $from, lte: $to } }
      orderBy: { field: DATE, direction: ASC }
      first: $first
      after: $after
    ) {
      totalCount
      pageInfo {
        endCursor
      }
      nodes {
        id
        graph
        title
        type
        date
        content
        tags
      }
    }
  }
`);

/** The journal as a calendar: a month, and what was written on one of its days. */
export function Page() {
  const t = useJournalWords();
  const { graph, asOf } = usePlace();
  const [address, set] = useAddress();
  const place = { graph: graph ?? null, asOf: asOf ?? null };
  const latest = useAnswer({ query: LATEST, variables: place });
  const last = latest.data?.journals.nodes[0]?.date ?? undefined;
  const named = address["day"];
  const day = isDay(named) ? named : (last ?? new Date().toISOString().slice(0, 10));
  return (
    <div className="page journal">
      <div className="page-head">
        <h1>{t.title}</h1>
        <div className="row">
          <Months day={day} choose={(next) => set({ day: next })} />
          <Button disabled={!last} onPress={() => set({ day: last })}>
            {t.latest}
          </Button>
        </div>
      </div>
      <Answered answer={latest}>{() => <Month day={day} choose={(next) => set({ day: next })} />}</Answered>
    </div>
  );
}

/** The month of a day, and what was written on the day. */
function Month({ day, choose }: { day: string; choose: (day: string) => void }) {
  const t = useJournalWords();
  const { graph, asOf } = usePlace();
  const month = monthOf(day);
  const weeks = useMemo(() => weeksOf(month), [month]);
  const paging = usePaging(500, `${graph} ${asOf} ${month}`);
  const { first, after } = paging;
  const [from, to] = [weeks[0]?.[0] ?? day, weeks.at(-1)?.[6] ?? day];
  const answer = useAnswer({
    query: MONTH,
    variables: { graph: graph ?? null, asOf: asOf ?? null, from, to, first, after },
  });
  return (
    <Answered answer={answer}>
      {({ journals: { nodes, totalCount, pageInfo } }) => {
        const days = byDay(nodes);
        return (
          <>
            <div className="journal-split">
              <Calendar label={t.calendar} day={day} weeks={weeks} days={days} count={t.entries} choose={choose} />
              <Day key={day} day={day} entries={days.get(day) ?? []} />
            </div>
            <More paging={paging} shown={nodes.length} all={totalCount} end={pageInfo.endCursor} />
          </>
        );
      }}
    </Answered>
  );
}
