// Statements end with a semicolon at the end of a line; each must be safe to run twice.
CREATE CONSTRAINT saved_view_id IF NOT EXISTS FOR (v:SavedView) REQUIRE v.id IS UNIQUE;
CREATE CONSTRAINT saved_view_name IF NOT EXISTS FOR (v:SavedView) REQUIRE (v.graph, v.name) IS UNIQUE;
