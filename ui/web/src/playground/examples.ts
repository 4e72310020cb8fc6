/** An example operation: where it stands in the menu, what it is called, its document, and the variables it starts with. */
export interface Example {
  readonly group: string;
  readonly title: string;
  readonly query: string;
  readonly variables?: string;
  /** It is open when somebody comes for the first time. */
  readonly open?: boolean;
}

const json = (value: unknown): string => JSON.stringify(value, null, 2);

const NAME = /^[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?$/;

/** `/graphql?graph=NAME` opens the page with examples for that graph. */
export function graphOf(search: string): string | undefined {
  const name = new URLSearchParams(search).get("graph");
  return name && NAME.test(name) ? name : undefined;
}

/** The project's own decisions, which `make run` loads. */
const OWN = "stratumiops";

/** Ids of two nodes that lead to each other: of the project's decisions, or of what the first mutation makes. */
const idsOf = (graph: string) =>
  graph === OWN
    ? { one: "adr-0016-self-hosted-playground", other: "adr-0003-one-graph" }
    : { one: "hello-decision", other: "hello-note" };

/**
 * Examples of every domain. They read one graph, and write to it or to `default`; each runs after those above it in a
 * graph that had nothing.
 */
export function examplesFor(asked: string | undefined): readonly Example[] {
  const read = asked ?? OWN;
  const written = asked ?? "default";
  const ids = idsOf(read);
  return [
    ...decisions(read),
    ...writing(written),
    ...nodes(read, ids.other),
    ...search(read),
    ...graph(read, ids),
    ...blocks(read),
    ...files(written),
    ...care(read, written),
    ...subscriptions(written),
    ...vault(read, written),
    ...server(read),
  ];
}

const decisions = (read: string): readonly Example[] => [
  {
    group: "Decisions",
    title: "Accepted decisions, newest first",
    open: true,
    query: `# Accepted decisions, newest first.
# Ctrl+Enter runs it. Hover to read more.
query AcceptedDecisions {
  decisions(
    graph: "${read}"
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
    group: "Decisions",
    title: "What superseded what",
    query: `# Decisions that no longer hold,
# and what has taken their place.
query WhatSupersededWhat {
  decisions(
    graph: "${read}"
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
    group: "Decisions",
    title: "Guidelines that apply",
    query: `# Guidelines of a graph and of those it
# inherits from; of two on one topic
# the one of higher priority applies.
query GuidelinesThatApply($topic: String) {
  guidelinesFor(
    graph: "${read}"
    topic: $topic
    includeOverridden: true
    first: 20
  ) {
    priority
    topic
    applies
    inheritedFrom
    guideline {
      id
      title
    }
    overriddenBy {
      id
      title
    }
  }
}
`,
    variables: json({ topic: null }),
  },
];

const writing = (written: string): readonly Example[] => [
  {
    group: "Write",
    title: "Create nodes and relations",
    query: `# Writes to the graph "${written}", all or nothing.
# The key lets it run twice without making
# the nodes twice.
mutation CreateNodes($input: CreateNodesInput!) {
  createNodes(input: $input) {
    count
    nodes {
      id
      type
      title
      rev
    }
  }
}
`,
    variables: json({
      input: {
        graph: written,
        idempotencyKey: `hello-from-the-playground-${written}`,
        nodes: [
          { type: "NOTE", id: "hello-note", title: "Hello", content: "- [ ] say hello ^hello", tags: ["hello"] },
          { type: "DECISION", id: "hello-decision", title: "Say hello first", status: "accepted" },
          { type: "GUIDELINE", id: "hello-guideline", title: "Greet people", priority: 150 },
          { type: "JOURNAL", id: "hello-journal", title: "2026-11-20", content: "Said hello." },
        ],
        relations: [
          { source: "hello-decision", target: "hello-note", relation: "EXPLAINS" },
          { source: "hello-guideline", target: "hello-decision", relation: "IMPLEMENTS" },
        ],
      },
    }),
  },
  {
    group: "Write",
    title: "Create a note",
    open: true,
    query: `# Writes to the graph "${written}".
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
        graph: written,
        title: "Hello from the playground",
        content: "A first note, in *markdown*.",
        tags: ["hello"],
      },
    }),
  },
  {
    group: "Write",
    title: "Update a node",
    query: `# \`rev\` is the revision that was read:
# when another one was saved meanwhile,
# this is refused with CONFLICT.
mutation UpdateNode($input: UpdateNodeInput!) {
  updateNode(input: $input) {
    node {
      id
      rev
      title
      status
      updatedAt
    }
  }
}
`,
    variables: json({ input: { graph: written, id: "hello-note", rev: 1, status: "done", tags: ["hello", "done"] } }),
  },
  {
    group: "Write",
    title: "Link two nodes",
    query: `mutation LinkNodes($input: LinkNodesInput!) {
  linkNodes(input: $input) {
    relation {
      type
      weight
      createdBy
      validFrom
    }
  }
}
`,
    variables: json({
      input: { graph: written, source: "hello-guideline", target: "hello-note", relation: "RELATES_TO" },
    }),
  },
  {
    group: "Write",
    title: "Delete a node, and bring it back",
    query: `# Deleted nodes keep their history.
mutation DeleteAndUndelete($node: DeleteNodeInput!, $again: UndeleteNodeInput!) {
  deleteNode(input: $node) {
    id
    rev
  }
  undeleteNode(input: $again) {
    node {
      id
      rev
    }
  }
}
`,
    variables: json({
      node: { graph: written, id: "hello-guideline" },
      again: { graph: written, id: "hello-guideline" },
    }),
  },
];

const nodes = (read: string, id: string): readonly Example[] => [
  {
    group: "Nodes",
    title: "Filter nodes",
    query: `# Conditions are joined with and, or and not.
query FilterNodes {
  nodes(
    graph: "${read}"
    where: {
      type: { in: [DECISION, NOTE] }
      not: { status: { eq: "rejected" } }
    }
    orderBy: { field: UPDATED_AT, direction: DESC }
    first: 20
  ) {
    totalCount
    pageInfo {
      hasNextPage
      endCursor
    }
    nodes {
      id
      type
      title
      status
      tags
      updatedAt
    }
  }
}
`,
  },
  {
    group: "Nodes",
    title: "One node with its relations",
    query: `# What only some types have is asked for
# with a fragment.
query OneNode($id: ID!) {
  node(graph: "${read}", id: $id) {
    id
    type
    title
    content
    ... on Decision {
      deciders
    }
    relations(first: 20) {
      type
      direction
      path
      line
      node {
        id
        title
      }
    }
  }
}
`,
    variables: json({ id }),
  },
  {
    group: "Nodes",
    title: "History of a node",
    query: `query HistoryOfANode($id: ID!) {
  history(graph: "${read}", id: $id, first: 20) {
    rev
    title
    status
    updatedBy
    validFrom
    validTo
    endedBy
  }
}
`,
    variables: json({ id }),
  },
  {
    group: "Nodes",
    title: "Nodes as they were at another time",
    query: `query NodesThen($at: DateTime!) {
  nodes(graph: "${read}", asOf: $at, first: 20) {
    totalCount
    nodes {
      id
      title
      rev
    }
  }
}
`,
    variables: json({ at: "2026-01-01T00:00:00Z" }),
  },
  {
    group: "Nodes",
    title: "Tags",
    query: `query Tags {
  tags(graph: "${read}", first: 50) {
    tag
    count
  }
}
`,
  },
];

const search = (read: string): readonly Example[] => [
  {
    group: "Search",
    title: "Search",
    open: true,
    query: `# Full-text search with ranking;
# ranges mark the words that matched.
query Search($text: String!) {
  search(query: $text, graph: "${read}", first: 5) {
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
    group: "Search",
    title: "Search among decisions, explained",
    query: `# A phrase, the beginning of a word,
# and a word that must not be there.
query SearchExplained($text: String!) {
  search(
    query: $text
    graph: "${read}"
    where: { type: { eq: DECISION } }
    explain: true
    first: 5
  ) {
    score
    node {
      title
      status
    }
    explanation {
      textRank
      textScore
      reasons
    }
    supersededBy {
      title
    }
  }
}
`,
    variables: json({ text: "hello OR graph* -vault" }),
  },
];

const graph = (read: string, ids: { one: string; other: string }): readonly Example[] => [
  {
    group: "Graph",
    title: "Path between two nodes",
    query: `# The shortest way between two nodes.
# Take the ids from another answer.
query PathBetween($from: ID!, $to: ID!) {
  path(graph: "${read}", from: $from, to: $to, maxDepth: 6) {
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
    variables: json({ from: ids.one, to: ids.other }),
  },
  {
    group: "Graph",
    title: "Neighbourhood",
    open: true,
    query: `# Up to two steps away, nearest first.
query Neighbourhood($id: ID!) {
  neighbours(graph: "${read}", id: $id, depth: 2, first: 25) {
    distance
    node {
      id
      type
      title
    }
  }
}
`,
    variables: json({ id: ids.other }),
  },
  {
    group: "Graph",
    title: "Pattern: what supersedes what",
    query: `# Pairs of nodes that a relation joins.
query Pattern {
  matchPattern(
    graph: "${read}"
    from: { type: DECISION }
    relation: SUPERSEDES
    to: { type: DECISION }
    first: 50
  ) {
    source {
      title
    }
    target {
      title
    }
  }
}
`,
  },
  {
    group: "Graph",
    title: "A slice, as the explorer draws it",
    query: `# By columns: an edge names places in the lists.
query Slice {
  graphSlice(graph: "${read}", first: 200) {
    dict {
      type
      edgeType
    }
    nodes {
      id
      title
      type
      degree
    }
    edges {
      source
      target
      type
    }
    truncated
  }
}
`,
  },
  {
    group: "Graph",
    title: "Growth by month",
    query: `query Growth {
  graphGrowth(graph: "${read}", by: MONTH) {
    period
    type
    nodes
  }
}
`,
  },
];

const blocks = (read: string): readonly Example[] => [
  {
    group: "Blocks and todos",
    title: "Open tasks",
    query: `# Tasks in the text of nodes, wherever they stand.
query OpenTasks {
  todos(graph: "${read}", state: [TODO, DOING, WAITING], first: 50) {
    totalCount
    nodes {
      state
      text
      priority
      deadline
      node {
        title
      }
    }
  }
}
`,
  },
  {
    group: "Blocks and todos",
    title: "Blocks by their text",
    query: `query Blocks($text: String!) {
  blocks(graph: "${read}", where: { text: $text }, first: 20) {
    totalCount
    nodes {
      path
      depth
      text
      tags
      properties
      parent {
        text
      }
    }
  }
}
`,
    variables: json({ text: "hello" }),
  },
];

const files = (written: string): readonly Example[] => [
  {
    group: "Import and sync",
    title: "Import documents",
    query: `# The same documents again change nothing.
mutation ImportDocuments($input: ImportDocumentsInput!) {
  importDocuments(input: $input) {
    created
    updated
    unchanged
    failed
    documents {
      path
      outcome
      nodeId
    }
    problems {
      path
      line
      message
    }
  }
}
`,
    variables: json({
      input: {
        graph: written,
        source: "playground",
        documents: [
          { path: "hello.md", content: "# Hello again\n\nSee [the other one](other.md).\n\n- [ ] answer ^answer\n" },
          { path: "other.md", content: "---\ntags: [hello]\n---\n\n# The other one\n" },
        ],
      },
    }),
  },
  {
    group: "Import and sync",
    title: "Join what imported links name",
    query: `mutation FinishImport($input: FinishImportInput!) {
  finishImport(input: $input) {
    nodes
    relations
    relationsCreated
    unresolvedCount
    unresolved {
      path
      target
    }
  }
}
`,
    variables: json({ input: { graph: written, source: "playground" } }),
  },
  {
    group: "Import and sync",
    title: "What has changed since the last sync",
    query: `query SyncPlan {
  documentSources(graph: "${written}")
  syncPlan(graph: "${written}", source: "playground", first: 100) {
    path
    format
    current
    changed
    conflictKind
  }
}
`,
  },
  {
    group: "Import and sync",
    title: "Sync a document that changed",
    query: `# Merges the file with its node; what excludes
# each other becomes a conflict.
mutation SyncDocuments($input: SyncDocumentsInput!) {
  syncDocuments(input: $input) {
    documents {
      path
      outcome
      conflict
    }
  }
}
`,
    variables: json({
      input: {
        graph: written,
        source: "playground",
        documents: [{ path: "other.md", content: "---\ntags: [hello, changed]\n---\n\n# The other one\n\nMore.\n" }],
      },
    }),
  },
  {
    group: "Import and sync",
    title: "Export documents",
    query: `query Export {
  exportDocuments(graph: "${written}", source: "playground", first: 20) {
    documents {
      path
      content
    }
    after
  }
}
`,
  },
  {
    group: "Import and sync",
    title: "Imports of the server",
    query: `# subscription importProgress(id) follows one.
query ImportJobs {
  importJobs(graph: "${written}", first: 10) {
    id
    path
    state
    phase
    files
    done
    created
    failed
  }
}
`,
  },
];

const care = (read: string, written: string): readonly Example[] => [
  {
    group: "Conflicts and lint",
    title: "What is not as it should be",
    query: `query Lint {
  lint(graph: "${read}", first: 50) {
    edges {
      node {
        code
        severity
        message
        hint
        fixable
        node {
          id
          title
        }
      }
    }
  }
}
`,
  },
  {
    group: "Conflicts and lint",
    title: "Fix a finding",
    query: `# Takes a fixable finding of Lint. This journal
# gets the date that its title says.
mutation FixFinding($input: FixFindingInput!) {
  fixFinding(input: $input) {
    node {
      id
      rev
      title
      date
    }
  }
}
`,
    variables: json({ input: { graph: written, node: "hello-journal", code: "JOURNAL_WITHOUT_DATE" } }),
  },
  {
    group: "Conflicts and lint",
    title: "Open conflicts",
    query: `# Files and nodes that changed at the same time;
# mutation resolveConflict decides one.
query Conflicts {
  conflicts(graph: "${written}", first: 20) {
    id
    path
    kind
    since
    file
    node
  }
}
`,
  },
  {
    group: "Conflicts and lint",
    title: "Suggested relations and tags",
    query: `mutation RefreshSuggestions($input: RefreshSuggestionsInput!) {
  refreshSuggestions(input: $input) {
    scanned
    created
    remaining
  }
}

query Suggestions {
  suggestions(graph: "${written}", first: 20) {
    nodes {
      id
      kind
      score
      why
      source {
        title
      }
      target {
        title
      }
    }
  }
}
`,
    variables: json({ input: { graph: written, limit: 100 } }),
  },
];

const subscriptions = (written: string): readonly Example[] => [
  {
    group: "Subscriptions",
    title: "Watch changes",
    open: true,
    query: `# Shows every committed change.
# The same button stops it.
subscription WatchChanges {
  nodeChanged(graph: "${written}") {
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
  {
    group: "Subscriptions",
    title: "Watch notes alone",
    query: `# With \`after\` it goes on where a cursor was.
subscription WatchNotes($after: String) {
  nodeChanged(graph: "${written}", types: [NOTE], after: $after) {
    cursor
    op
    id
    node {
      title
      tags
    }
  }
}
`,
    variables: json({ after: null }),
  },
];

const vault = (read: string, written: string): readonly Example[] => [
  {
    group: "Vault",
    title: "Is the vault open?",
    query: `# Nobody needs a token to see that.
query IsTheVaultOpen {
  vaultStatus {
    state
    hint
    address
    version
    shares
    threshold
    progress
  }
}
`,
  },
  {
    group: "Vault",
    title: "Names of secrets, and how old they are",
    query: `# Send your token of the vault in the header
# X-Vault-Token, and set withToken to true.
query NamesOfSecrets($withToken: Boolean!, $mount: String!) {
  vaultStatus {
    state
    token {
      displayName
      policies
    }
  }
  mounts(kind: SECRETS) @include(if: $withToken) {
    path
    type
    version
  }
  secrets(mount: $mount, first: 20) @include(if: $withToken) {
    nodes {
      path
      currentVersion
      updatedAt
      uses {
        node {
          title
        }
      }
    }
  }
}
`,
    variables: json({ withToken: false, mount: "secret" }),
  },
  {
    group: "Vault",
    title: "Why may I, or may I not?",
    query: `# The rules that fit a path, and the one that
# decides. It needs a token, as above.
query WhyMayI($withToken: Boolean!, $input: VaultAccessInput!) {
  vaultStatus {
    state
  }
  vaultAccess(input: $input) @include(if: $withToken) {
    allowed
    why
    decidedBy {
      policy
      rule
      line
    }
    considered {
      policy
      rule
      counts
      why
    }
  }
}
`,
    variables: json({ withToken: false, input: { operation: "READ", path: "secret/data/shop/database" } }),
  },
  {
    group: "Vault",
    title: "A note uses a secret",
    query: `# The graph learns where the secret is; never what it is.
mutation ANoteUsesASecret($input: SecretUseInput!) {
  useSecret(input: $input) {
    use {
      reference
      key
      createdBy
      node {
        title
      }
    }
  }
}

mutation AndNotAnyMore($input: SecretUseInput!) {
  stopUsingSecret(input: $input) {
    reference
  }
}
`,
    variables: json({
      input: { graph: written, node: "hello-decision", reference: "vault:secret/shop/database#password" },
    }),
  },
  {
    group: "Vault",
    title: "Which nodes use secrets",
    query: `query WhichNodesUseSecrets {
  nodes(graph: "${read}", first: 20) {
    nodes {
      title
      usesSecrets {
        reference
        createdAt
      }
    }
  }
}
`,
  },
];

const server = (read: string): readonly Example[] => [
  {
    group: "Server",
    title: "The server, its limits and its graphs",
    query: `query Server {
  serverInfo {
    version
    database
    nodes
    maxPageSize
    maxDepth
    maxCost
    principal
    role
  }
  graphs {
    name
    title
    nodeCount
    priority
    inherits {
      graph
      priority
    }
  }
}
`,
  },
  {
    group: "Server",
    title: "Embeddings and saved views",
    query: `query Stored {
  embeddingStatus(graph: "${read}") {
    state
    provider
    model
    chunks
    pending
    problem
  }
  savedViews(graph: "${read}") {
    name
    address
    updatedBy
  }
}
`,
  },
];
