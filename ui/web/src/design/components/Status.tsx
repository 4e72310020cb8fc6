const TONES: Record<string, string> = {
  accepted: "ok",
  active: "ok",
  done: "ok",
  proposed: "info",
  draft: "info",
  superseded: "warn",
  deprecated: "warn",
  rejected: "danger",
};

/** A status as a badge; the word says it, the colour repeats it. */
export function Status({ status }: { status: string | null | undefined }) {
  return status ? <span className={`badge ${TONES[status] ?? ""}`}>{status}</span> : null;
}
