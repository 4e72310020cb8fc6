import { Empty } from "../../design/components/States";
import { Answered } from "../../parts/Answered";
import { Highlighted } from "../../parts/Highlighted";
import { More } from "../../parts/More";
import { usePaging } from "../../parts/paging";
import { useVaultAnswer } from "../answer";
import { FIND } from "./documents";
import { rangesOf } from "./model";
import { useSecretsWords } from "./words";

interface Props {
  readonly mount: string;
  readonly search: string;
  readonly path: string;
  readonly choose: (path: string) => void;
}

/** Secrets anywhere in a mount whose path has these letters, as far as the token may see them. */
export function Found({ mount, search, path, choose }: Props) {
  const t = useSecretsWords();
  const paging = usePaging(100, `${mount} ${search}`);
  const { first, after } = paging;
  const answer = useVaultAnswer({ query: FIND, variables: { mount, search, first, after } });
  return (
    <Answered
      answer={answer}
      empty={({ secrets }) => secrets.nodes.length === 0 && <Empty title={t.notFound(search)} />}
    >
      {({ secrets: { nodes, pageInfo } }) => (
        <>
          <ul className="card secrets-found" aria-label={t.found(search)}>
            {nodes.map((secret) => (
              <li key={secret.id}>
                <button
                  type="button"
                  className={secret.path === path ? "secrets-line selected" : "secrets-line"}
                  aria-current={secret.path === path}
                  onClick={() => choose(secret.path)}
                >
                  <span className="truncate" dir="auto">
                    <Highlighted text={secret.path} ranges={rangesOf(secret.path, search)} />
                  </span>
                </button>
              </li>
            ))}
          </ul>
          {(pageInfo.hasNextPage || after !== null) && (
            <More paging={paging} shown={nodes.length} end={pageInfo.hasNextPage ? pageInfo.endCursor : null} />
          )}
        </>
      )}
    </Answered>
  );
}
