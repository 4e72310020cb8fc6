/** Instants from one to another, both included, equally far from each other. */
export function instants(from: string, to: number, count: number): readonly string[] {
  const start = Math.min(Date.parse(from), to);
  return Array.from({ length: count }, (_, index) =>
    new Date(start + ((to - start) * index) / (count - 1)).toISOString(),
  );
}
