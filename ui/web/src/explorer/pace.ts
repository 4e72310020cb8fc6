/** When something was done last, and the timer of the next time. */
export interface Pace {
  last: number;
  later: ReturnType<typeof setTimeout> | undefined;
}

/** A pace at which nothing was done yet. */
export const newPace = (): Pace => ({ last: Number.NEGATIVE_INFINITY, later: undefined });

/** Does something at once, or, where that was less than `wait` ms ago, once that time is over; many calls are one. */
export function paced(pace: Pace, wait: number, act: () => void): void {
  clearTimeout(pace.later);
  const now = () => {
    pace.last = performance.now();
    act();
  };
  const left = pace.last + wait - performance.now();
  if (left > 0) pace.later = setTimeout(now, left);
  else now();
}
