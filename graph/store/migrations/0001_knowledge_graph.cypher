// Statements end with a semicolon at the end of a line; each must be safe to run twice.
CREATE CONSTRAINT schema_version_unique IF NOT EXISTS FOR (v:SchemaVersion) REQUIRE v.version IS UNIQUE;
CREATE CONSTRAINT write_gate_unique IF NOT EXISTS FOR (g:WriteGate) REQUIRE g.name IS UNIQUE;
CREATE CONSTRAINT outbox_counter_unique IF NOT EXISTS FOR (c:OutboxCounter) REQUIRE c.name IS UNIQUE;
CREATE CONSTRAINT knowledge_node_id IF NOT EXISTS FOR (n:KnowledgeNode) REQUIRE (n.graph, n.id) IS UNIQUE;
CREATE CONSTRAINT tombstone_id IF NOT EXISTS FOR (n:Tombstone) REQUIRE (n.graph, n.id) IS UNIQUE;
CREATE CONSTRAINT graph_name IF NOT EXISTS FOR (g:Graph) REQUIRE g.name IS UNIQUE;
CREATE CONSTRAINT document_path IF NOT EXISTS FOR (d:Document) REQUIRE (d.graph, d.source, d.path) IS UNIQUE;
CREATE CONSTRAINT outbox_event_id IF NOT EXISTS FOR (e:OutboxEvent) REQUIRE e.id IS UNIQUE;
CREATE CONSTRAINT idempotency_key IF NOT EXISTS FOR (i:Idempotency) REQUIRE (i.principal, i.key) IS UNIQUE;
CREATE INDEX knowledge_updated IF NOT EXISTS FOR (n:KnowledgeNode) ON (n.graph, n.updated_at);
CREATE INDEX knowledge_type_updated IF NOT EXISTS FOR (n:KnowledgeNode) ON (n.graph, n.type, n.updated_at);
CREATE INDEX knowledge_status_updated IF NOT EXISTS FOR (n:KnowledgeNode) ON (n.graph, n.status, n.updated_at);
CREATE INDEX knowledge_title IF NOT EXISTS FOR (n:KnowledgeNode) ON (n.graph, n.title);
CREATE INDEX knowledge_created IF NOT EXISTS FOR (n:KnowledgeNode) ON (n.graph, n.created_at);
CREATE INDEX knowledge_path IF NOT EXISTS FOR (n:KnowledgeNode) ON (n.graph, n.path);
CREATE INDEX revision_valid_from IF NOT EXISTS FOR (r:Revision) ON (r.graph, r.id, r.valid_from);
CREATE INDEX outbox_seq IF NOT EXISTS FOR (e:OutboxEvent) ON (e.seq);
// A full-text index that every commit refreshes makes writes four times dearer; a search awaits the refresh instead.
CREATE FULLTEXT INDEX knowledge_text IF NOT EXISTS FOR (n:KnowledgeNode) ON EACH [n.title, n.content, n.tags]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english', `fulltext.eventually_consistent`: true}};
CREATE FULLTEXT INDEX revision_text IF NOT EXISTS FOR (r:Revision) ON EACH [r.title, r.content, r.tags]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english', `fulltext.eventually_consistent`: true}};
CYPHER 25 CREATE VECTOR INDEX knowledge_vector IF NOT EXISTS FOR (n:KnowledgeNode) ON n.embedding WITH [n.graph, n.type]
OPTIONS {indexConfig: {`vector.dimensions`: 384, `vector.similarity_function`: 'cosine', `vector.quantization.type`: 'NONE'}};
CALL db.awaitIndexes(120);
MERGE (g:WriteGate {name: 'writers'}) ON CREATE SET g.held_until = 0;
MERGE (c:OutboxCounter {name: 'outbox'}) ON CREATE SET c.seq = 0;
MERGE (g:Graph {name: 'default'})
ON CREATE SET g.title = 'Default', g.description = 'Where nodes go that name no graph.', g.priority = 0,
  g.created_at = $at, g.updated_at = $at, g.rev = 1;
