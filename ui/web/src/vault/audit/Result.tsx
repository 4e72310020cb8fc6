import { useAuditWords } from "./words";

/** Whether a request was let through, and whether it failed for another reason. */
export function Result({ allowed, error }: { allowed: boolean; error: string | null }) {
  const t = useAuditWords();
  if (!allowed) return <span className="badge danger">{t.refused}</span>;
  return <span className={`badge ${error ? "warn" : "ok"}`}>{error ? t.failed : t.allowed}</span>;
}
