import { graphql } from "../api/gql";

export const SLICE = graphql(`
  query ExplorerSlice(
    $graph: String
    $where: NodeWhere
    $relations: [RelationType!]
    $first: Int!
    $asOf: DateTime
  ) {
    graphSlice(graph: $graph, where: $where, relations: $relations, first: $first, asOf: $asOf) {
      dict {
        type
        status
        tag
        edgeType
      }
      nodes {
        id
        graph
        title
        type
        status
        tags
        updated
      }
      edges {
        source
        target
        type
      }
      truncated
    }
  }
`);

/** Ids go by another name: nodes of another time must not take the place of those of now in the cache. */
export const AROUND = graphql(`
  query ExplorerAround($id: ID!, $graph: String, $depth: Int!, $relations: [RelationType!], $asOf: DateTime) {
    neighbours(id: $id, graph: $graph, depth: $depth, types: $relations, first: 1000, asOf: $asOf) {
      node {
        key: id
      }
    }
  }
`);

export const PATH = graphql(`
  query ExplorerPath($from: ID!, $to: ID!, $graph: String, $asOf: DateTime) {
    path(from: $from, to: $to, graph: $graph, asOf: $asOf) {
      length
      nodes {
        key: id
        place: graph
        title
        type
      }
      relations {
        type
        direction
      }
    }
  }
`);

export const TAGS = graphql(`
  query ExplorerTags($graph: String, $asOf: DateTime) {
    tags(graph: $graph, first: 200, asOf: $asOf) {
      tag
      count
    }
  }
`);

export const INSTANTS = graphql(`
  query ExplorerInstants($graph: String) {
    created: nodes(graph: $graph, first: 1000, orderBy: { field: CREATED_AT, direction: ASC }) {
      nodes {
        id
        graph
        createdAt
        updatedAt
      }
    }
  }
`);
