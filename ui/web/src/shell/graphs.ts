import { type Answer, useAnswer } from "../api/answer";
import { graphql } from "../api/gql";
import type { GraphsQuery } from "../api/gql/graphql";

const GRAPHS = graphql(`
  query Graphs {
    graphs {
      name
      title
      nodeCount
    }
  }
`);

/** The named graphs that there are. */
export const useGraphs = (): Answer<GraphsQuery> => useAnswer({ query: GRAPHS });
