import { useMemo } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Failed, Loading } from "../design/components/States";
import { useLanguage } from "../i18n";
import { useAddress } from "../parts/address";
import { usePlace } from "../shell/graph";
import { Calendar } from "./Calendar";
import { Day } from "./Day";
import { byDay, isDay, monthOf, monthShifted, weeksOf } from "./model";
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
  query JournalMonth($graph: String, $asOf: DateTime, $from: Date!, $to: Date!) {
    journals(
      graph: $graph
      asOf: $asOf
      where: { date: { gte: $from, lte: $to } }
      orderBy: { field: DATE, direction: ASC }
      first: 500
    ) {
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
  const { language } = useLanguage();
  const { graph, asOf } = usePlace();
  const [address, set] = useAddress();
  const place = { graph: graph ?? null, asOf: asOf ?? null };
  const [latest, again] = useQuery({ query: LATEST, variables: place });
  const last = latest.data?.journals.nodes[0]?.date ?? undefined;
  const named = address["day"];
  const day = isDay(named) ? named : (last ?? new Date().toISOString().slice(0, 10));
  const month = monthOf(day);
  const weeks = useMemo(() => weeksOf(month), [month]);
  const [{ data, error }] = useQuery({
    query: MONTH,
    variables: { ...place, from: weeks[0]?.[0] ?? day, to: weeks.at(-1)?.[6] ?? day },
    pause: !latest.data,
  });
  const days = useMemo(() => byDay(data?.journals.nodes ?? []), [data]);
  const name = new Intl.DateTimeFormat(language, { month: "long", year: "numeric", timeZone: "UTC" });
  const failed = latest.error ?? error;
  if (failed && !data)
    return (
      <div className="page">
        <Failed error={failed} retry={() => again({ requestPolicy: "network-only" })} />
      </div>
    );
  if (!latest.data)
    return (
      <div className="page">
        <Loading lines={8} />
      </div>
    );
  return (
    <div className="page journal">
      <div className="page-head">
        <h1>{t.title}</h1>
        <div className="row journal-months">
          <Button icon kind="quiet" label={t.before} onPress={() => set({ day: monthShifted(day, -1) })}>
            ‹
          </Button>
          <h2 aria-live="polite">{name.format(new Date(`${month}-01T00:00:00Z`))}</h2>
          <Button icon kind="quiet" label={t.after} onPress={() => set({ day: monthShifted(day, 1) })}>
            ›
          </Button>
          <Button disabled={!last} onPress={() => set({ day: last })}>
            {t.latest}
          </Button>
        </div>
      </div>
      <div className="journal-split">
        <Calendar day={day} weeks={weeks} days={days} choose={(next) => set({ day: next })} />
        <Day key={day} day={day} entries={days.get(day) ?? []} />
      </div>
    </div>
  );
}
