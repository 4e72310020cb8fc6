import { graphql } from "../api/gql";

/** Asked for in the worker of `slices.ts`, as its answer may have megabytes. */
export const SLICE = graphql(`
  query ExplorerSlice(
    $graph: String
    $where: NodeWhere
    $relations: [RelationType!]
    $first: Int!
    $asOf: DateTime
    $focus: ID
    $depth: Int!
    $places: Boolean!
  ) {
    graphSlice(
      graph: $graph
      where: $where
      relations: $relations
      first: $first
      asOf: $asOf
      focus: $focus
      depth: $depth
    ) {
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
        x @include(if: $places)
        y @include(if: $places)
        community @include(if: $places)
      }
      edges {
        source
        target
        type
      }
      communities @include(if: $places) {
        id
        title
      }
      layoutVersion @include(if: $places)
      layoutPending @include(if: $places)
      truncated
    }
  }
`);

/** Whether places have come, without what they belong to. */
export const LAYOUT = graphql(`
  query ExplorerLayout(
    $graph: String
    $where: NodeWhere
    $relations: [RelationType!]
    $first: Int!
    $asOf: DateTime
    $focus: ID
    $depth: Int!
  ) {
    graphSlice(
      graph: $graph
      where: $where
      relations: $relations
      first: $first
      asOf: $asOf
      focus: $focus
      depth: $depth
    ) {
      layoutVersion
      layoutPending
    }
  }
`);

/** How many nodes there are in all. It is asked for again whenever what is on the screen is. */
export const TOTAL = graphql(`
  query ExplorerTotal($graph: String, $asOf: DateTime) {
    nodes(graph: $graph, asOf: $asOf, first: 1) {
      totalCount
    }
  }
`);

/** Ids go by another name: nodes of another time must not take the place of those of now in the cache. */
export const AROUND = graphql(`
  query ExplorerAround($id: ID!, $graph: String, $relations: [RelationType!], $asOf: DateTime) {
    neighbours(id: $id, graph: $graph, depth: 1, types: $relations, first: 1000, asOf: $asOf) {
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

export const PATTERN = graphql(`
  query ExplorerPattern($from: PatternEnd!, $to: PatternEnd!, $relation: RelationType, $graph: String) {
    matchPattern(from: $from, to: $to, relation: $relation, graph: $graph, first: 1000) {
      type
      source {
        id
        graph
        title
        type
      }
      target {
        id
        graph
        title
        type
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
