const DAY_MS = 86_400_000;

const at = (day: string): number => Date.parse(`${day}T00:00:00Z`);

/** The day of an instant, in UTC. */
export const dayOf = (time: number): string => new Date(time).toISOString().slice(0, 10);

/** The day that is some days later. */
export const shifted = (day: string, days: number): string => dayOf(at(day) + days * DAY_MS);

/** Monday is 0. */
const weekday = (day: string): number => (new Date(at(day)).getUTCDay() + 6) % 7;

/** The same day of another month, or its last one. */
export function monthShifted(day: string, months: number): string {
  const [year = 1970, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return dayOf(Date.UTC(year, month - 1 + months, Math.min(date, last)));
}

export const monthOf = (day: string): string => day.slice(0, 7);

/** The weeks of a month, Monday first, with days of the months beside it. */
export function weeksOf(month: string): readonly (readonly string[])[] {
  const first = `${month}-01`;
  const start = shifted(first, -weekday(first));
  const weeks: string[][] = [];
  for (let day = start; day < first || monthOf(day) === month; day = shifted(day, 7)) {
    weeks.push(Array.from({ length: 7 }, (_, index) => shifted(day, index)));
  }
  return weeks;
}

/** The day that a key leads to, or none. */
export function dayByKey(day: string, key: string): string | undefined {
  switch (key) {
    case "ArrowLeft":
      return shifted(day, -1);
    case "ArrowRight":
      return shifted(day, 1);
    case "ArrowUp":
      return shifted(day, -7);
    case "ArrowDown":
      return shifted(day, 7);
    case "Home":
      return shifted(day, -weekday(day));
    case "End":
      return shifted(day, 6 - weekday(day));
    case "PageUp":
      return monthShifted(day, -1);
    case "PageDown":
      return monthShifted(day, 1);
    default:
      return undefined;
  }
}

/** Whether a text names a day. */
export const isDay = (text: string | undefined): text is string =>
  text !== undefined && /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(at(text));
