import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import { Button } from "../design/components/Button";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { type Column, DataTable } from "../parts/DataTable";
import { ImportLink } from "../parts/ImportLink";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { Typed } from "../parts/Typed";
import { usePlace } from "../shell/graph";
import { joined, named, share, type Tag } from "./model";
import { useTagWords } from "./words";
import "./tags.css";

const TAGS = graphql(`
  query Tags($graph: String, $asOf: DateTime, $first: Int!, $prefix: String) {
    tags(graph: $graph, asOf: $asOf, first: $first, prefix: $prefix) {
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
  const paging = usePaging(500, `${graph} ${asOf}`);
  const { first } = paging;
  const asked = { graph: graph ?? null, asOf: asOf ?? null, first };
  const answer = useAnswer({ query: TAGS, variables: { ...asked, prefix: null } });
  const tags = answer.data?.tags;
  const prefix = find.trim().replace(/^#/, "");
  // Those that are not among the loaded ones are asked for by how they begin.
  const others = useAnswer({
    query: TAGS,
    variables: { ...asked, prefix },
    pause: prefix === "" || (tags?.length ?? 0) < first,
  });
  const shown = useMemo(() => named(joined(tags ?? [], others.data?.tags ?? []), find), [tags, others.data, find]);
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
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      <ImportLink graph={graph}>{t.import}</ImportLink>
    </Empty>
  );
  return (
    <div className="page tags">
      <div className="page-head">
        <h1>{t.title}</h1>
        {tags && <span className="muted">{t.found(tags.length, tags.length >= first)}</span>}
      </div>
      <Answered answer={answer} empty={(data) => data.tags.length === 0 && nothing}>
        {(data) => (
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
            <More paging={paging} shown={data.tags.length} />
          </>
        )}
      </Answered>
    </div>
  );
}
