// Statements end with a semicolon at the end of a line; each must be safe to run twice.
CREATE CONSTRAINT text_profile_id IF NOT EXISTS FOR (p:TextProfile) REQUIRE (p.graph, p.id) IS UNIQUE;
CREATE CONSTRAINT suggestion_id IF NOT EXISTS FOR (s:Suggestion) REQUIRE (s.graph, s.id) IS UNIQUE;
CREATE CONSTRAINT import_job_id IF NOT EXISTS FOR (j:ImportJob) REQUIRE j.id IS UNIQUE;
CREATE INDEX text_profile_title IF NOT EXISTS FOR (p:TextProfile) ON (p.graph, p.title);
CREATE INDEX suggestion_score IF NOT EXISTS FOR (s:Suggestion) ON (s.graph, s.state, s.score);
CREATE INDEX import_job_state IF NOT EXISTS FOR (j:ImportJob) ON (j.state);
CALL db.awaitIndexes(120);
