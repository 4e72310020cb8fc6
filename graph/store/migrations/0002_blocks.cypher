// Blocks of documents: bullets of Logseq, tasks, paragraphs with an id.
CREATE CONSTRAINT block_id IF NOT EXISTS FOR (b:Block) REQUIRE (b.graph, b.id, b.node_id) IS UNIQUE;
CREATE INDEX block_place IF NOT EXISTS FOR (b:Block) ON (b.graph, b.path, b.node_id, b.order);
CREATE INDEX block_state IF NOT EXISTS FOR (b:Block) ON (b.graph, b.state, b.path, b.node_id, b.order);
CALL db.awaitIndexes(120);
