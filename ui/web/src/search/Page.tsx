import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Empty, Failed, Loading } from "../design/components/States";
import { useAddress } from "../parts/address";
import { Check, Choices, Pick } from "../parts/Choices";
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
  ) {
    search(query: $query, mode: $mode, graph: $graph, where: $where, asOf: $asOf, explain: $explain, first: 50) {
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
  query SearchList($graph: String, $where: NodeWhere, $asOf: DateTime) {
    nodes(graph: $graph, where: $where, asOf: $asOf, first: 200) {
      totalCount
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
  const wanted = wantedOf(address);
  const [{ data, error, fetching }, ask] = useQuery({
    query: SEARCH,
    variables: {
      query: wanted.q,
      mode: wanted.mode,
      graph: graph ?? null,
      where: whereOf(wanted),
      asOf: asOf ?? null,
      explain: wanted.explain,
    },
  });
  if (error && !data) return <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Loading lines={8} />;
  if (data.search.length === 0 && !fetching) return <Nothing />;
  return (
    <>
      <p className="muted search-count" role="status">
        {t.found(data.search.length)}
      </p>
      <ol className="search-hits">
        {data.search.map((hit) => (
          <Hit key={`${hit.node.graph}/${hit.node.id}`} {...hit} />
        ))}
      </ol>
    </>
  );
}

function Listed() {
  const t = useSearchWords();
  const { graph, asOf } = usePlace();
  const [address] = useAddress();
  const [{ data, error }, ask] = useQuery({
    query: LIST,
    variables: { graph: graph ?? null, where: whereOf(wantedOf(address)), asOf: asOf ?? null },
  });
  if (error && !data) return <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />;
  if (!data) return <Loading lines={8} />;
  const { nodes, totalCount } = data.nodes;
  if (nodes.length === 0) return <Nothing />;
  return (
    <>
      <p className="muted search-count" role="status">
        {t.listed(nodes.length, totalCount)}
      </p>
      <ol className="search-hits">
        {nodes.map((node) => (
          <Hit key={`${node.graph}/${node.id}`} node={node} path={node.path} />
        ))}
      </ol>
    </>
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
