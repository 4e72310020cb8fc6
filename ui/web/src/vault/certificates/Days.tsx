import { type ReactNode, useMemo } from "react";
import { Button } from "../../design/components/Button";
import { useDates, useLanguage } from "../../i18n";
import { Calendar, Months } from "../../parts/Calendar";
import { dayOf, monthOf, weeksOf } from "../../parts/calendar";
import { CertificateLink } from "./CertificateLink";
import type { Certificate } from "./documents";
import { byDay, nameOf, nextDay, stateOf } from "./model";
import { StateMark, TONES } from "./StateMark";
import { useCertificateWords } from "./words";

interface Props {
  readonly certificates: readonly Certificate[];
  /** The chosen day. */
  readonly day: string;
  readonly now: number;
  readonly choose: (day: string) => void;
  /** What is said of the chosen certificate; without it, the certificates of the day show. */
  readonly details: ReactNode;
}

/** A month, and what expires on its days. */
export function Days({ certificates, day, now, choose, details }: Props) {
  const t = useCertificateWords();
  const month = monthOf(day);
  const weeks = useMemo(() => weeksOf(month), [month]);
  const days = useMemo(() => byDay(certificates), [certificates]);
  const entries = useMemo(() => {
    const all = [...days].map(([each, found]) => [each, found.map((one) => entryOf(one, now))] as const);
    return new Map(all);
  }, [days, now]);
  const next = nextDay(certificates, now);
  return (
    <>
      <div className="row wrap">
        <Months day={day} choose={choose} />
        <Button onPress={() => choose(dayOf(now))}>{t.today}</Button>
        <Button disabled={!next} onPress={() => next && choose(next)}>
          {t.next}
        </Button>
      </div>
      <div className="certificates-split">
        <Calendar label={t.days} day={day} weeks={weeks} days={entries} count={t.count} choose={choose} />
        {details || <Day day={day} certificates={days.get(day) ?? []} now={now} />}
      </div>
    </>
  );
}

function entryOf(certificate: Certificate, now: number) {
  const tone = TONES[stateOf(certificate, now)];
  return { title: nameOf(certificate), ...(tone ? { tone } : {}) };
}

/** What expires on one day, in the order in which it does. */
function Day({ day, certificates, now }: Pick<Props, "day" | "certificates" | "now">) {
  const t = useCertificateWords();
  const dates = useDates();
  const { language } = useLanguage();
  const long = new Intl.DateTimeFormat(language, { dateStyle: "long", timeZone: "UTC" });
  return (
    <section className="card certificates-day" aria-labelledby="certificates-day">
      <h3 id="certificates-day">{t.onDay(long.format(new Date(`${day}T00:00:00Z`)))}</h3>
      {certificates.length === 0 && <p className="muted">{t.noneOnDay}</p>}
      <ul>
        {certificates.map((one) => (
          <li key={one.id} className="certificates-line">
            <CertificateLink certificate={one} />
            <StateMark state={stateOf(one, now)} />
            <span className="muted">{dates.moment(one.notAfter)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
