// The peer: what the documentation of @neo4j/graphql shows, on GraphQL Yoga. Prints "ready" when it listens.
// GET /statements answers the Cypher of the last operation, so that its db hits can be profiled.
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { Neo4jGraphQL } from "@neo4j/graphql";
import { createYoga } from "graphql-yoga";
import neo4j from "neo4j-driver";

const { NEO4J_URI, NEO4J_USER, NEO4J_PASSWORD, PORT } = process.env;
const driver = neo4j.driver(NEO4J_URI, neo4j.auth.basic(NEO4J_USER, NEO4J_PASSWORD), { telemetryDisabled: true });
const typeDefs = readFileSync(new URL("./schema.graphql", import.meta.url), "utf8");
const features = { filters: { String: { LT: true } } };
const schema = await new Neo4jGraphQL({ typeDefs, driver, features }).getSchema();

const recording = process.env.RECORD === "1";
let statements = [];

function recorded(session) {
  const wrap = (begin) => (work, config) =>
    begin((tx) => {
      const run = tx.run.bind(tx);
      tx.run = (text, parameters) => {
        statements.push({ text, parameters });
        return run(text, parameters);
      };
      return work(tx);
    }, config);
  session.executeRead = wrap(session.executeRead.bind(session));
  session.executeWrite = wrap(session.executeWrite.bind(session));
  return session;
}

if (recording) {
  const open = driver.session.bind(driver);
  driver.session = (config) => recorded(open(config));
}

const yoga = createYoga({ schema, logging: false, graphiql: false, maskedErrors: false });
const server = createServer((request, response) => {
  if (recording && request.url === "/statements") {
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(statements, (_, value) => (neo4j.isInt(value) ? value.toNumber() : value)));
    statements = [];
    return;
  }
  yoga(request, response);
});
server.listen(Number(PORT), "127.0.0.1", () => console.log("ready"));
process.on("SIGTERM", () => process.exit(0));
