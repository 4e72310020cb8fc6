import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Check, Choices, Pick } from "../parts/Choices";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { Typed } from "../parts/Typed";
import { usePlace } from "../shell/graph";
import { Hit } from "./Hit";
import { hasWords, MODES, TYPES, wantedOf, whereOf } from "./model";
import { useSearchWords } from "./words";
import "./search.css";

const SEARCH = graphql(`
  query Search(
    $query: String!
    $mode: SearchMode!
    $graph: String
    $where: NodeWhere
    $asOf: DateTime
    $explain: Boolean!
    $first: Int!
  ) {
    search(query: $query, mode: $mode, graph: $graph, where: $where, asOf: $asOf, explain: $explain, first: $first) {
      node {
        id
        graph
        title
        type
        status
        date
        tags
        updatedAt
      }
      score
      path
      highlights {
        field
        text
        ranges
      }
      chunk {
        text
        heading
      }
      explanation {
        textRank
        textScore
        semanticRank
        similarity
        graphRank
        rerankScore
        reasons
      }
      supersededBy {
        id
        graph
        title
        type
      }
    }
  }
`);

const LIST = graphql(`
  query SearchList($graph: String, $where: NodeWhere, $asOf: DateTime, $first: Int!, $after: String) {
    nodes(graph: $graph, where: $where, asOf: $asOf, first: $first, after: $after) {
      totalCount
      pageInfo {
        endCursor
      }
      nodes {
        id
        graph
        title
        type
        status
        date
        tags
        path
        updatedAt
      }
    }
  }
`);

const STATUSES = ["draft", "proposed", "accepted", "active", "done", "superseded", "deprecated", "rejected"];

/** Finds nodes by words, by meaning or both. Filters alone list nodes. All of it is in the address. */
export function Page() {
  const t = useSearchWords();
  const [address, set] = useAddress();
  const wanted = wantedOf(address);
  const filtered = whereOf(wanted) !== null;
  return (
    <div className="page search">
      <h1 className="visually-hidden">{t.title}</h1>
      <div className="filters search-filters">
        <Typed label={t.hint} value={wanted.q} change={(q) => set({ q })} focus={!wanted.q && !filtered} />
        <Choices
          label={t.mode}
          options={MODES.map((key) => ({ key, name: t[key] }))}
          value={wanted.mode}
          choose={(mode) => set({ mode: mode === "TEXT" ? undefined : mode.toLowerCase() })}
        />
        <Pick
          label={t.type}
          options={[{ key: "", name: t.anyType }, ...TYPES.map((key) => ({ key, name: key.toLowerCase() }))]}
          value={wanted.type}
          choose={(type) => set({ type: type.toLowerCase() })}
        />
        <Pick
          label={t.status}
          options={[{ key: "", name: t.anyStatus }, ...STATUSES.map((key) => ({ key, name: key }))]}
          value={wanted.status}
          choose={(status) => set({ status })}
        />
        <span className="search-tag">
          <Typed label={t.tag} value={wanted.tag} change={(tag) => set({ tag })} />
        </span>
        <Check name={t.explain} value={wanted.explain} change={(on) => set({ explain: on ? "yes" : "" })} />
      </div>
      {hasWords(wanted) && <Hits />}
      {!hasWords(wanted) && filtered && <Listed />}
      {!hasWords(wanted) && !filtered && (
        <Empty title={t.start}>
          <span>{t.startText}</span>
        </Empty>
      )}
    </div>
  );
}

function Hits() {
  const t = useSearchWords();
  const { graph, asOf } = usePlace();
  const [address] = useAddress();
  const { q, mode, explain, ...filters } = wantedOf(address);
  const paging = usePaging(50, JSON.stringify([graph, asOf, q, mode, filters]));
  const { first } = paging;
  const where = whereOf(wantedOf(address));
  const answer = useAnswer({
    query: SEARCH,
    variables: { query: q, mode, graph: graph ?? null, where, asOf: asOf ?? null, explain, first },
  });
  return (
    <Answered answer={answer} empty={({ search }) => search.length === 0 && !answer.waiting && <Nothing />}>
      {({ search }) => (
        <>
          <p className="muted search-count" role="status">
            {t.found(search.length, search.length >= first)}
          </p>
          <ol className="search-hits">
            {search.map((hit) => (
              <Hit key={`${hit.node.graph}/${hit.node.id}`} {...hit} />
            ))}
          </ol>
          <More paging={paging} shown={search.length} />
        </>
      )}
    </Answered>
  );
}

function Listed() {
  const t = useSearchWords();
  const { graph, asOf } = usePlace();
  const [address] = useAddress();
  const where = whereOf(wantedOf(address));
  const paging = usePaging(200, JSON.stringify([graph, asOf, where]));
  const { first, after } = paging;
  const answer = useAnswer({
    query: LIST,
    variables: { graph: graph ?? null, where, asOf: asOf ?? null, first, after },
  });
  return (
    <Answered answer={answer} empty={({ nodes }) => nodes.totalCount === 0 && <Nothing />}>
      {({ nodes: { nodes, totalCount, pageInfo } }) => (
        <>
          <p className="muted search-count" role="status">
            {t.listed(nodes.length, totalCount)}
          </p>
          <ol className="search-hits">
            {nodes.map((node) => (
              <Hit key={`${node.graph}/${node.id}`} node={node} path={node.path} />
            ))}
          </ol>
          <More paging={paging} shown={nodes.length} all={totalCount} end={pageInfo.endCursor} />
        </>
      )}
    </Answered>
  );
}

function Nothing() {
  const t = useSearchWords();
  const [, set] = useAddress();
  return (
    <Empty title={t.none}>
      <span>{t.noneText}</span>
      <Button onPress={() => set({ type: "", status: "", tag: "" })}>{t.clear}</Button>
    </Empty>
  );
}
