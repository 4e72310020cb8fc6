import type { Job } from "./model";
import { useImportWords } from "./words";

/** What files could not be read, or not wholly. */
export function Problems({ problems }: { problems: readonly Omit<Job["problems"][number], "code">[] }) {
  const t = useImportWords();
  if (problems.length === 0) return null;
  return (
    <details className="imports-problems">
      <summary>{t.problems(problems.length)}</summary>
      <ul>
        {problems.map(({ path, line, message, severity }) => (
          <li key={`${path}:${line}:${message}`}>
            <span className={severity === "ERROR" ? "badge danger" : "badge warn"}>{severity.toLowerCase()}</span>{" "}
            <span className="mono">
              {path}
              {line ? `:${line}` : ""}
            </span>{" "}
            {message}
          </li>
        ))}
      </ul>
    </details>
  );
}
