import { useMemo } from "react";
import { useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import type { BlockListQuery } from "../api/gql/graphql";
import { Button } from "../design/components/Button";
import { NodeLink } from "../design/components/NodeLink";
import { Empty } from "../design/components/States";
import { Answered } from "../parts/Answered";
import { useAddress } from "../parts/address";
import { Pick } from "../parts/Choices";
import { type Column, DataTable } from "../parts/DataTable";
import { excerpt } from "../parts/excerpt";
import { ImportLink } from "../parts/ImportLink";
import { More } from "../parts/More";
import { usePaging } from "../parts/paging";
import { Typed } from "../parts/Typed";
import { usePlace } from "../shell/graph";
import { propertiesOf, STATES, whereOf } from "./model";
import { useBlockWords } from "./words";
import "./blocks.css";

const BLOCKS = graphql(`
  query BlockList($graph: String, $where: BlockWhere, $first: Int!, $after: String) {
    blocks(graph: $graph, where: $where, first: $first, after: $after) {
      totalCount
      pageInfo {
        endCursor
      }
      nodes {
        id
        graph
        text
        state
        depth
        tags
        properties
        startLine
        node {
          id
          graph
          title
          type
        }
      }
    }
  }
`);

type Block = BlockListQuery["blocks"]["nodes"][number];

const FIELDS = ["text", "tag", "property", "value"] as const;

/** Bullets, tasks and other blocks within nodes: by text, tag, property and state. */
export function Page() {
  const t = useBlockWords();
  const { graph } = usePlace();
  const [address, set] = useAddress();
  const where = useMemo(() => whereOf(address), [address]);
  const paging = usePaging(500, `${graph} ${JSON.stringify(where)}`);
  const { first, after } = paging;
  const answer = useAnswer({ query: BLOCKS, variables: { graph: graph ?? null, where, first, after } });
  const columns = useColumns();
  const found = answer.data?.blocks;
  const nothing = (
    <Empty title={t.empty}>
      <span>{t.emptyText}</span>
      {where ? (
        <Button onPress={() => set({ text: "", tag: "", property: "", value: "", state: "" })}>{t.clear}</Button>
      ) : (
        <ImportLink graph={graph}>{t.import}</ImportLink>
      )}
    </Empty>
  );
  return (
    <div className="page blocks">
      <div className="page-head">
        <h1>{t.title}</h1>
        {found && (
          <span className="muted" role="status">
            {t.counted(found.nodes.length, found.totalCount)}
          </span>
        )}
      </div>
      <div className="filters blocks-filters">
        {FIELDS.filter((field) => field !== "value" || address["property"]).map((field) => (
          <Typed
            key={field}
            label={t[field]}
            value={address[field] ?? ""}
            change={(next) => set({ [field]: next, ...(field === "property" && !next ? { value: "" } : {}) })}
          />
        ))}
        <Pick
          label={t.state}
          options={[{ key: "", name: t.any }, ...STATES.map((key) => ({ key, name: key.toLowerCase() }))]}
          value={address["state"]?.toUpperCase() ?? ""}
          choose={(state) => set({ state: state.toLowerCase() })}
        />
      </div>
      <Answered answer={answer} empty={({ blocks }) => blocks.totalCount === 0 && nothing}>
        {({ blocks: { nodes, totalCount, pageInfo } }) => (
          <>
            <DataTable
              label={t.title}
              columns={columns}
              rows={nodes}
              rowKey={(block) => `${block.graph}/${block.node.id}/${block.id}`}
            />
            <More paging={paging} shown={nodes.length} all={totalCount} end={pageInfo.endCursor} />
          </>
        )}
      </Answered>
    </div>
  );
}

function useColumns(): readonly Column<Block>[] {
  const t = useBlockWords();
  return useMemo(
    () => [
      {
        id: "text",
        name: t.text,
        width: "minmax(140px, 4fr)",
        value: ({ text }) => text,
        cell: ({ text, depth }) => (
          <span dir="auto" style={{ paddingInlineStart: 12 * Math.min(depth, 6) }} title={text}>
            {excerpt(text, "", 200)}
          </span>
        ),
      },
      {
        id: "state",
        name: t.state,
        width: "84px",
        minor: true,
        value: ({ state }) => state,
        cell: ({ state }) => state && <span className="badge">{state.toLowerCase()}</span>,
      },
      {
        id: "tags",
        name: t.tag,
        width: "minmax(80px, 1fr)",
        minor: true,
        value: ({ tags }) => tags.join(" "),
        cell: ({ tags }) => tags.map((tag) => `#${tag}`).join(" "),
      },
      {
        id: "properties",
        name: t.properties,
        width: "minmax(80px, 1fr)",
        minor: true,
        cell: ({ properties }) => <span className="muted">{propertiesOf(properties)}</span>,
      },
      {
        id: "node",
        name: t.node,
        width: "minmax(110px, 2fr)",
        value: ({ node }) => node.title,
        cell: ({ node }) => <NodeLink node={node} />,
      },
      {
        id: "line",
        name: t.line,
        width: "48px",
        minor: true,
        numeric: true,
        value: ({ startLine }) => startLine,
        cell: ({ startLine }) => startLine,
      },
    ],
    [t],
  );
}
