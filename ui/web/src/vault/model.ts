/** A token that has less time left is about to run out. */
export const SOON_S = 300;

export interface Left {
  readonly seconds: number;
  readonly count: number;
  readonly unit: "secondsLeft" | "minutesLeft" | "hoursLeft" | "daysLeft";
}

/** How long it is until then, in the largest unit of which there are two. */
export function leftOf(iso: string, now: number): Left {
  const seconds = Math.max(0, Math.floor((Date.parse(iso) - now) / 1000));
  if (seconds < 120) return { seconds, count: seconds, unit: "secondsLeft" };
  if (seconds < 7_200) return { seconds, count: Math.floor(seconds / 60), unit: "minutesLeft" };
  if (seconds < 172_800) return { seconds, count: Math.floor(seconds / 3_600), unit: "hoursLeft" };
  return { seconds, count: Math.floor(seconds / 86_400), unit: "daysLeft" };
}

/** A mount's path without slashes around it, as it stands in an address. */
export const mountOf = (text: string): string => text.trim().replace(/^\/+|\/+$/g, "");

export type Method = "token" | "userpass" | "approle";
export const METHODS: readonly Method[] = ["token", "userpass", "approle"];
