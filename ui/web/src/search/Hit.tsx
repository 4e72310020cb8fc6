import { Link } from "@tanstack/react-router";
import type { SearchQuery } from "../api/gql/graphql";
import { NodeLink } from "../design/components/NodeLink";
import { Status } from "../design/components/Status";
import { TypeMark } from "../design/components/TypeMark";
import { useDates } from "../i18n";
import { Highlighted } from "../parts/Highlighted";
import { useSearchWords } from "./words";

type Found = SearchQuery["search"][number];
type Props = Pick<Found, "node" | "path"> & Partial<Found>;

/** One node that was found: where its words are, and why it stands where it does. */
export function Hit({ node, path, highlights = [], chunk, explanation, score, supersededBy = [] }: Props) {
  const t = useSearchWords();
  const dates = useDates();
  const title = highlights.find((one) => one.field === "title");
  const parts = highlights.filter((one) => one.field === "content");
  const about = [node.graph, path, node.date && dates.day(node.date)].filter(Boolean).join(" · ");
  return (
    <li className="search-hit">
      <div className="row wrap">
        <Link
          to={"/node/$graph/$id" as never}
          params={{ graph: node.graph, id: node.id } as never}
          className="row search-title"
          dir="auto"
        >
          <TypeMark type={node.type} />
          <span className="visually-hidden">{node.type.toLowerCase()}: </span>
          <span>
            {title?.text === node.title ? <Highlighted text={title.text} ranges={title.ranges} /> : node.title}
          </span>
        </Link>
        <Status status={node.status} />
        {node.tags.slice(0, 6).map((tag) => (
          <span key={tag} className="badge">
            #{tag}
          </span>
        ))}
      </div>
      {parts.map((part) => (
        <p key={part.text} className="search-part" dir="auto">
          <Highlighted text={part.text} ranges={part.ranges} markdown />
        </p>
      ))}
      {parts.length === 0 && chunk && (
        <p className="search-part search-chunk" dir="auto">
          {chunk.text}
        </p>
      )}
      <p className="muted search-about">{about}</p>
      {supersededBy.map((other) => (
        <p key={other.id} className="row search-about">
          {t.superseded} <NodeLink node={other} />
        </p>
      ))}
      {explanation && <Why explanation={explanation} score={score ?? 0} />}
    </li>
  );
}

function Why({ explanation, score }: { explanation: NonNullable<Found["explanation"]>; score: number }) {
  const t = useSearchWords();
  const place = (rank: number | null) => (rank === null ? null : t.place(rank));
  const facts = [
    [t.score, score.toFixed(3)],
    [t.textRank, place(explanation.textRank)],
    [t.semanticRank, place(explanation.semanticRank)],
    [t.similarity, explanation.similarity?.toFixed(3)],
    [t.graphRank, place(explanation.graphRank)],
    [t.rerank, explanation.rerankScore?.toFixed(3)],
  ].filter(([, value]) => value);
  return (
    <div className="search-why">
      <dl className="row wrap">
        {facts.map(([name, value]) => (
          <div key={name} className="row">
            <dt className="muted">{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <ul>
        {explanation.reasons.map((reason) => (
          <li key={reason}>{reason}</li>
        ))}
      </ul>
    </div>
  );
}
