import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useQuery } from "urql";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Empty, Failed, Loading } from "../design/components/States";
import { useAddress } from "../parts/address";
import { type Column, DataTable } from "../parts/DataTable";
import { ImportLink } from "../parts/ImportLink";
import { Typed } from "../parts/Typed";
import { usePlace } from "../shell/graph";
import { named, share, type Tag } from "./model";
import { useTagWords } from "./words";
import "./tags.css";

const TAGS = graphql(`
  query Tags($graph: String, $asOf: DateTime) {
    tags(graph: $graph, asOf: $asOf, first: 1000) {
      tag
      count
    }
  }
`);

/** Tags and how often they are used; each leads to its nodes. */
export function Page() {
  const t = useTagWords();
  const { graph, asOf } = usePlace();
  const [{ find = "" }, set] = useAddress();
  const [{ data, error }, ask] = useQuery({ query: TAGS, variables: { graph: graph ?? null, asOf: asOf ?? null } });
  const tags = data?.tags;
  const shown = useMemo(() => named(tags ?? [], find), [tags, find]);
  const columns = useMemo((): readonly Column<Tag>[] => {
    const place = graph ? { graph } : {};
    return [
      {
        id: "tag",
        name: t.tag,
        width: "minmax(120px, 2fr)",
        value: ({ tag }) => tag,
        cell: ({ tag }) => (
          <Link to="/search" search={{ ...place, tag } as never} className="tags-link" dir="auto">
            #{tag}
          </Link>
        ),
      },
      {
        id: "count",
        name: t.count,
        width: "minmax(100px, 3fr)",
        value: ({ count }) => count,
        cell: ({ count }) => (
          <span className="row">
            <span className="tags-count">{count}</span>
            <span className="tags-track" aria-hidden="true">
              <span className="tags-bar" style={{ width: `${100 * share(count, tags ?? [])}%` }} />
            </span>
          </span>
        ),
      },
      {
        id: "explore",
        name: t.explore,
        width: "90px",
        minor: true,
        cell: ({ tag }) => (
          <Link to="/graph" search={{ ...place, tag } as never} aria-label={t.exploreTag(tag)} className="tags-link">
            {t.explore}
          </Link>
        ),
      },
    ];
  }, [t, graph, tags]);
  return (
    <div className="page tags">
      <div className="page-head">
        <h1>{t.title}</h1>
        {tags && <span className="muted">{t.found(tags.length)}</span>}
      </div>
      {error && !data && <Failed error={error} retry={() => ask({ requestPolicy: "network-only" })} />}
      {!data && !error && <Loading lines={8} />}
      {tags?.length === 0 && (
        <Empty title={t.empty}>
          <span>{t.emptyText}</span>
          <ImportLink graph={graph}>{t.import}</ImportLink>
        </Empty>
      )}
      {tags && tags.length > 0 && (
        <>
          <div className="filters">
            <Typed label={t.find} value={find} change={(next) => set({ find: next })} />
          </div>
          {shown.length > 0 ? (
            <DataTable
              label={t.title}
              columns={columns}
              rows={shown}
              rowKey={({ tag }) => tag}
              sortedBy={{ column: "count", direction: "descending" }}
            />
          ) : (
            <Empty title={t.none}>
              <Button onPress={() => set({ find: "" })}>{t.all}</Button>
            </Empty>
          )}
        </>
      )}
    </div>
  );
}
