// Runs the server audits of graphql-http against the URL given and prints the results as JSON.
import { auditServer } from 'graphql-http';

const results = await auditServer({ url: process.argv[2] });
const failed = await Promise.all(
  results
    .filter((result) => result.status !== 'ok')
    .map(async ({ id, name, status, reason, response }) => ({
      id,
      name,
      status,
      reason,
      body: response && !response.bodyUsed ? await response.text() : null,
    })),
);
console.log(JSON.stringify({ total: results.length, failed }));
