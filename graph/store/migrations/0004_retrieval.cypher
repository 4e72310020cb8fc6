// Statements end with a semicolon at the end of a line; each must be safe to run twice.
CREATE CONSTRAINT chunk_id IF NOT EXISTS FOR (c:Chunk) REQUIRE (c.graph, c.id) IS UNIQUE;
CREATE CONSTRAINT embedding_index_name IF NOT EXISTS FOR (e:EmbeddingIndex) REQUIRE e.name IS UNIQUE;
CREATE CONSTRAINT embedding_lease_name IF NOT EXISTS FOR (l:EmbeddingLease) REQUIRE l.name IS UNIQUE;
CREATE INDEX chunk_index IF NOT EXISTS FOR (c:Chunk) ON (c.index, c.graph);
// Vector indexes are made for each model as it comes into use; see ingest/embedding/queries.py.
CALL db.awaitIndexes(120);
