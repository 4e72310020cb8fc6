// Nodes whose text was changed in the graph since their blocks were read, and those that no file was read for.
MATCH (n:KnowledgeNode) WHERE NOT EXISTS { (n)-[:FROM_DOCUMENT]->() }
  OR EXISTS { MATCH (n)-[:FROM_DOCUMENT]->(d) WHERE coalesce(n.rev > d.node_rev, n.updated_at > d.imported_at) }
SET n:BlocksDue;
