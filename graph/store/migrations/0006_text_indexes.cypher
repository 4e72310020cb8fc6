// Statements end with a semicolon at the end of a line; each must be safe to run twice.
// Other names are searched like titles, and a search stays within its graphs from the start. An index cannot be changed:
// it is made again, from what is stored.
DROP INDEX knowledge_text IF EXISTS;
CREATE FULLTEXT INDEX knowledge_text IF NOT EXISTS FOR (n:KnowledgeNode) ON EACH [n.title, n.content, n.tags, n.aliases, n.graph]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english', `fulltext.eventually_consistent`: true}};
DROP INDEX revision_text IF EXISTS;
CREATE FULLTEXT INDEX revision_text IF NOT EXISTS FOR (r:Revision) ON EACH [r.title, r.content, r.tags, r.aliases, r.graph]
OPTIONS {indexConfig: {`fulltext.analyzer`: 'english', `fulltext.eventually_consistent`: true}};
CALL db.awaitIndexes(300);
