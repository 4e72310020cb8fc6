import { graphql } from "../api/gql";
import type { SavedViewsQuery } from "../api/gql/graphql";

export const VIEWS = graphql(`
  query SavedViews($graph: String) {
    savedViews(graph: $graph) {
      id
      graph
      name
      address
      updatedAt
      updatedBy
      rev
    }
  }
`);

export const SAVE = graphql(`
  mutation SaveView($input: SaveViewInput!) {
    saveView(input: $input) {
      view {
        id
        name
        rev
      }
    }
  }
`);

export const DELETE = graphql(`
  mutation DeleteView($id: ID!, $rev: Int) {
    deleteView(id: $id, rev: $rev) {
      id
    }
  }
`);

export type View = SavedViewsQuery["savedViews"][number];
