/** An example operation: what the menu calls it, its document, and the variables it starts with. */
export interface Example {
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

/** Written for the graph `stratumiops`: the project's own decisions, which `make run` loads. */
export const EXAMPLES: readonly Example[] = [
  {
    title: "Accepted decisions, newest first",
    query: `# Accepted decisions, newest first.
# Ctrl+Enter runs it. Hover to read more.
query AcceptedDecisions {
  decisions(
    graph: "stratumiops"
    where: { status: { eq: "accepted" } }
    orderBy: { field: DATE, direction: DESC }
    first: 10
  ) {
    totalCount
    nodes {
      id
      title
      date
      tags
      relationCount
    }
  }
}
`,
  },
  {
    title: "What superseded what",
    query: `# Decisions that replaced earlier ones,
# and the ones they replaced.
query WhatSupersededWhat {
  decisions(graph: "stratumiops", first: 50) {
    nodes {
      title
      status
      supersedes {
        id
        title
      }
      supersededBy: supersedes(direction: IN) {
        id
        title
      }
    }
  }
}
`,
  },
  {
    title: "Search",
    query: `# Full-text search with ranking;
# ranges mark the words that matched.
query Search($text: String!) {
  search(query: $text, graph: "stratumiops", first: 5) {
    score
    node {
      id
      type
      title
    }
    highlights {
      field
      text
      ranges
    }
  }
}
`,
    variables: json({ text: "graph database" }),
  },
  {
    title: "Path between two nodes",
    query: `# The shortest way between two nodes.
# Take the ids from another answer.
query PathBetween($from: ID!, $to: ID!) {
  path(graph: "stratumiops", from: $from, to: $to, maxDepth: 6) {
    length
    nodes {
      id
      title
    }
    relations {
      type
      source {
        id
      }
      target {
        id
      }
    }
  }
}
`,
    variables: json({ from: "0002-neo4j-as-the-single-store", to: "0001-record-architecture-decisions" }),
  },
  {
    title: "Neighbourhood",
    query: `# Up to two steps away, nearest first.
query Neighbourhood($id: ID!) {
  neighbours(graph: "stratumiops", id: $id, depth: 2, first: 25) {
    distance
    node {
      id
      type
      title
    }
  }
}
`,
    variables: json({ id: "0001-record-architecture-decisions" }),
  },
  {
    title: "Create a note",
    query: `# Writes to the graph "default".
# WatchChanges in another window sees it.
mutation CreateNote($input: CreateNoteInput!) {
  createNote(input: $input) {
    note {
      id
      rev
      title
      tags
      createdAt
    }
  }
}
`,
    variables: json({
      input: {
        graph: "default",
        title: "Hello from the playground",
        content: "A first note, in *markdown*.",
        tags: ["hello"],
      },
    }),
  },
  {
    title: "Watch changes",
    query: `# Shows every committed change.
# The same button stops it.
subscription WatchChanges {
  nodeChanged(graph: "default") {
    seq
    op
    at
    actor
    id
    rev
    node {
      title
    }
  }
}
`,
  },
];
