import { Link } from "@tanstack/react-router";
import type { NodeType } from "../../api/gql/graphql";
import { TypeMark } from "./TypeMark";

interface Props {
  readonly node: { readonly id: string; readonly graph: string; readonly title: string; readonly type: NodeType };
}

/** A node by its title, with the mark of its type; it leads to the node's page. */
export function NodeLink({ node }: Props) {
  return (
    <Link
      to={"/node/$graph/$id" as never}
      params={{ graph: node.graph, id: node.id } as never}
      className="row"
      dir="auto"
      style={{ minWidth: 0 }}
    >
      <TypeMark type={node.type} />
      <span className="visually-hidden">{node.type.toLowerCase()}: </span>
      <span className="truncate">{node.title}</span>
    </Link>
  );
}
