import { Link } from "@tanstack/react-router";
import { useId } from "react";
import type { VaultPolicyKind } from "../../api/gql/graphql";
import type { Listed } from "./documents";
import { KINDS } from "./model";
import { usePolicyWords } from "./words";

interface Props {
  readonly policies: readonly Listed[];
  readonly kind: VaultPolicyKind;
  readonly name: string | undefined;
}

/** The policies by kind; one is open. */
export function List({ policies, kind, name }: Props) {
  const t = usePolicyWords();
  return (
    <nav className="policies-list" aria-label={t.list}>
      {KINDS.map((each) => (
        <Group
          key={each}
          title={t[`${each}_text`]}
          policies={policies.filter((one) => one.kind === each)}
          open={each === kind ? name : undefined}
        />
      ))}
    </nav>
  );
}

function Group({ title, policies, open }: { title: string; policies: readonly Listed[]; open: string | undefined }) {
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
              search={((before: object) => ({ ...before, name, kind })) as never}
              className="policies-link"
              aria-current={name === open}
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
