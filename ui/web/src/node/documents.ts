import { useMemo } from "react";
import { type Client, type CombinedError, useQuery } from "urql";
import { graphql } from "../api/gql";
import type { NodeDetailsQuery } from "../api/gql/graphql";

/**
 * Ids go by other names here: a node as it was at another time must not take the place of the one of now in the cache,
 * which knows nodes by `id` and `graph`.
 */
const DETAILS = graphql(`
  query NodeDetails($id: ID!, $graph: String, $asOf: DateTime, $relations: Int!) {
    node(id: $id, graph: $graph, asOf: $asOf) {
      ...Written
      place: graph
      path
      createdAt
      updatedAt
      createdBy
      updatedBy
      rev
      relationCount
      relations(first: $relations) {
        type
        origin
        validFrom
        createdBy
        path
        line
        direction
        node {
          key: id
          place: graph
          title
          type
          status
          aliases
        }
      }
    }
  }
  fragment Written on KnowledgeNode {
    key: id
    type
    title
    content
    tags
    aliases
    status
    date
    metadata
    ... on Guideline {
      priority
      topic
      overrides
    }
    ... on Decision {
      deciders
      statusRaw
    }
    ... on Execution {
      project
      taskType
      agentId
      durationMs
      tokensUsed
      costCents
    }
  }
`);

/** Apart from the rest, which the server reads by one statement. */
export const USES = graphql(`
  query NodeUses($id: ID!, $graph: String) {
    node(id: $id, graph: $graph) {
      key: id
      usesSecrets(first: 200) {
        id
        reference
        createdAt
        createdBy
      }
    }
  }
`);

/** Without the texts, which can be long. */
export const HISTORY = graphql(`
  query NodeHistory($id: ID!, $graph: String, $first: Int!) {
    history(id: $id, graph: $graph, first: $first) {
      rev
      type
      title
      tags
      aliases
      status
      date
      updatedBy
      validFrom
      validTo
      endedBy
    }
  }
`);

/** What people wrote, at one time and at an earlier one. */
export const STATES = graphql(`
  query NodeStates($id: ID!, $graph: String, $at: DateTime!, $before: DateTime!, $compared: Boolean!) {
    now: node(id: $id, graph: $graph, asOf: $at) {
      ...Written
    }
    earlier: node(id: $id, graph: $graph, asOf: $before) @include(if: $compared) {
      ...Written
    }
  }
`);

export const LAST = graphql(`
  query NodeLast($id: ID!, $graph: String) {
    history(id: $id, graph: $graph, first: 1) {
      rev
      title
      content
    }
  }
`);

export const UPDATE = graphql(`
  mutation UpdateNode($input: UpdateNodeInput!) {
    updateNode(input: $input) {
      node {
        id
        graph
        type
        title
        content
        tags
        status
        date
        rev
        updatedAt
        updatedBy
      }
    }
  }
`);

export const CREATE = graphql(`
  mutation CreateNode($input: CreateNodesInput!) {
    createNodes(input: $input) {
      nodes {
        id
        graph
        type
        title
      }
    }
  }
`);

export const DELETE = graphql(`
  mutation DeleteNode($input: DeleteNodeInput!) {
    deleteNode(input: $input) {
      id
      graph
      rev
    }
  }
`);

export const UNDELETE = graphql(`
  mutation UndeleteNode($input: UndeleteNodeInput!) {
    undeleteNode(input: $input) {
      node {
        id
        graph
        type
        title
        rev
      }
    }
  }
`);

export const LINK = graphql(`
  mutation LinkNodes($input: LinkNodesInput!) {
    linkNodes(input: $input) {
      relation {
        type
      }
    }
  }
`);

export const UNLINK = graphql(`
  mutation UnlinkNodes($input: UnlinkNodesInput!) {
    unlinkNodes(input: $input) {
      relation {
        type
      }
    }
  }
`);

type Answer = NonNullable<NodeDetailsQuery["node"]>;
type AnswerRelation = Answer["relations"][number];

/** The other end of a relation, and what is known of the relation. */
export type Relation = Omit<AnswerRelation, "node"> & {
  readonly node: Omit<AnswerRelation["node"], "key" | "place"> & { readonly id: string; readonly graph: string };
};

/** A node with all that its page shows. */
export type Details = Answer & { readonly id: string; readonly graph: string; readonly links: readonly Relation[] };

export interface Place {
  readonly id: string;
  readonly graph: string;
  readonly asOf?: string | undefined;
}

function detailsOf(answer: Answer): Details {
  const links = answer.relations.map((one) => ({
    ...one,
    node: { ...one.node, id: one.node.key, graph: one.node.place },
  }));
  return { ...answer, id: answer.key, graph: answer.place, links };
}

/** How many relations are asked for at first. */
export const RELATIONS = 200;

interface State {
  readonly node: Details | null | undefined;
  readonly error: CombinedError | undefined;
  readonly ask: () => void;
}

/** A node by graph and id; undefined while it loads, null when there is none. */
export function useDetails({ id, graph, asOf }: Place, relations: number): State {
  const [{ data, error, operation }, ask] = useQuery({
    query: DETAILS,
    variables: { id, graph, asOf: asOf ?? null, relations },
    requestPolicy: "cache-and-network",
  });
  const asked = operation?.variables as { id?: string; graph?: string } | undefined;
  const answer = data && asked?.id === id && asked.graph === graph ? data.node : undefined;
  const node = useMemo(() => (answer ? detailsOf(answer) : answer), [answer]);
  return { node, error, ask: () => ask({ requestPolicy: "network-only" }) };
}

/** The node as it is now, past every cache; null when there is none. */
export async function readDetails(client: Client, { id, graph }: Place): Promise<Details | null> {
  const { data, error } = await client
    .query(DETAILS, { id, graph, asOf: null, relations: RELATIONS }, { requestPolicy: "network-only" })
    .toPromise();
  if (error) throw error;
  return data?.node ? detailsOf(data.node) : null;
}
