// Conflicts of the two-way sync: at most one for a file, found by its id or by its file.
CREATE CONSTRAINT conflict_id IF NOT EXISTS FOR (c:Conflict) REQUIRE (c.graph, c.id) IS UNIQUE;
CREATE CONSTRAINT conflict_path IF NOT EXISTS FOR (c:Conflict) REQUIRE (c.graph, c.source, c.path) IS UNIQUE;
