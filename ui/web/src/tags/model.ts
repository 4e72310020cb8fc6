export interface Tag {
  readonly tag: string;
  readonly count: number;
}

/** How much of a bar a count fills, 0 to 1; the most used tag fills it. */
export function share(count: number, tags: readonly Tag[]): number {
  const most = Math.max(1, ...tags.map((one) => one.count));
  return count / most;
}

/** Tags that have a text in their name. */
export function named(tags: readonly Tag[], text: string): readonly Tag[] {
  const wanted = text.trim().replace(/^#/, "").toLowerCase();
  return wanted ? tags.filter(({ tag }) => tag.toLowerCase().includes(wanted)) : tags;
}

/** Tags of two lists, each once. */
export function joined(tags: readonly Tag[], others: readonly Tag[]): readonly Tag[] {
  const known = new Set(tags.map(({ tag }) => tag));
  return [...tags, ...others.filter(({ tag }) => !known.has(tag))];
}
