import { Link } from "@tanstack/react-router";
import { useId } from "react";
import type { Listed } from "./documents";
import { KINDS } from "./model";
import { usePolicyWords } from "./words";

/** The policies by kind; one is open. */
export function List({ policies }: { policies: readonly Listed[] }) {
  const t = usePolicyWords();
  return (
    <nav className="policies-list" aria-label={t.list}>
      {KINDS.map((each) => (
        <Group key={each} title={t[each]} policies={policies.filter((one) => one.kind === each)} />
      ))}
    </nav>
  );
}

function Group({ title, policies }: { title: string; policies: readonly Listed[] }) {
  const t = usePolicyWords();
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h3 id={id}>{title}</h3>
      {policies.length === 0 && <p className="muted">{t.none}</p>}
      <ul>
        {policies.map(({ name, kind, builtin }) => (
          <li key={name}>
            <Link
              to="."
              search={((before: object) => ({ ...before, name, kind, line: undefined })) as never}
              className="policies-link"
            >
              <span className="truncate" dir="auto">
                {name}
              </span>
              {builtin && <span className="badge">{t.builtin}</span>}
            </Link>
          </li>
        ))}
      </ul>
    </section>
  );
}
