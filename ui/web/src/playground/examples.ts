/** An example operation: what the menu calls it, its document, and the variables it starts with. */
export interface Example {
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** `/graphql?graph=NAME` opens the page with examples for that graph. */
function askedFor(): string | undefined {
  const name = new URLSearchParams(window.location.search).get("graph");
  return name && NAME.test(name) ? name : undefined;
}

/** The graph that is read: the project's own decisions, which `make run` loads. */
const READ = askedFor() ?? "stratumiops";
/** The graph that is written to. */
const WRITTEN = askedFor() ?? "default";

export const EXAMPLES: readonly Example[] = [
  {
    title: "Accepted decisions, newest first",
    query: `# Accepted decisions, newest first.
# Ctrl+Enter runs it. Hover to read more.
query AcceptedDecisions {
  decisions(
    graph: "${READ}"
    where: { status: { eq: "accepted" } }
    orderBy: { field: DATE, direction: DESC }
    first: 10
  ) {
    totalCount
    nodes {
      id
      title
      date
      neighbours {
        title
      }
    }
  }
}
`,
  },
  {
    title: "What superseded what",
    query: `# Decisions that no longer hold,
# and what has taken their place.
query WhatSupersededWhat {
  decisions(
    graph: "${READ}"
    where: { status: { eq: "superseded" } }
    first: 50
  ) {
    nodes {
      id
      title
      date
      supersededBy: supersedes(direction: IN) {
        id
        title
        date
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
  search(query: $text, graph: "${READ}", first: 5) {
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
    variables: json({ text: "history of a node" }),
  },
  {
    title: "Path between two nodes",
    query: `# The shortest way between two nodes.
# Take the ids from another answer.
query PathBetween($from: ID!, $to: ID!) {
  path(graph: "${READ}", from: $from, to: $to, maxDepth: 6) {
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
    variables: json({ from: "adr-0016-self-hosted-playground", to: "adr-0002-a-database-for-each-system" }),
  },
  {
    title: "Neighbourhood",
    query: `# Up to two steps away, nearest first.
query Neighbourhood($id: ID!) {
  neighbours(graph: "${READ}", id: $id, depth: 2, first: 25) {
    distance
    node {
      id
      type
      title
    }
  }
}
`,
    variables: json({ id: "adr-0003-one-graph" }),
  },
  {
    title: "Create a note",
    query: `# Writes to the graph "${WRITTEN}".
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
        graph: WRITTEN,
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
  nodeChanged(graph: "${WRITTEN}") {
    cursor
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
