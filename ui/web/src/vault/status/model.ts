/** More parts of a ring could not be told apart. */
const MOST_PARTS = 40;
const GAP = 0.05;

export interface Arc {
  readonly path: string;
  readonly filled: boolean;
}

/** A ring of as many parts as shares are needed, from the top on; the given ones are filled. */
export function arcsOf(needed: number, given: number, radius: number, centre: number): readonly Arc[] {
  if (needed > MOST_PARTS) {
    const share = given / needed;
    return [arc(0, share, radius, centre, true), arc(share, 1, radius, centre, false)].filter(({ path }) => path);
  }
  const count = Math.max(1, needed);
  return Array.from({ length: count }, (_, part) => {
    const gap = count === 1 ? 0 : Math.min(GAP / 2, 0.2 / count);
    return arc(part / count + gap, (part + 1) / count - gap, radius, centre, part < given);
  });
}

/** A part of a circle, from and to as parts of 1, clockwise from the top. */
function arc(from: number, to: number, radius: number, centre: number, filled: boolean): Arc {
  if (to - from <= 0) return { path: "", filled };
  const end = Math.min(to, from + 0.9999);
  const at = (turn: number) => {
    const angle = 2 * Math.PI * turn - Math.PI / 2;
    return `${(centre + radius * Math.cos(angle)).toFixed(3)} ${(centre + radius * Math.sin(angle)).toFixed(3)}`;
  };
  return { path: `M${at(from)}A${radius} ${radius} 0 ${end - from > 0.5 ? 1 : 0} 1 ${at(end)}`, filled };
}

export interface Seal {
  readonly sealed: boolean;
  readonly progress: number;
}

/** What became of a share that the vault took without complaint. */
export function outcomeOf(before: number, after: Seal): "opened" | "counted" | "twice" {
  if (!after.sealed) return "opened";
  return after.progress > before ? "counted" : "twice";
}
