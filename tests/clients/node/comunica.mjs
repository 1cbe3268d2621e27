// Comunica; the test gives the whole query context.
import { QueryEngine } from "@comunica/query-sparql";
import { labels, run } from "./operations.mjs";

const engine = new QueryEngine();
const authorized = (authorization) => (address, options) => {
  const headers = new Headers(options?.headers);
  headers.set("Authorization", authorization);
  return fetch(address, { ...options, headers });
};

await run({
  select: async ({ query, context }) => {
    const rows = await (await engine.queryBindings(query, context)).toArray();
    return rows.map((row) => [row.get("city").value, row.get("name").value, row.get("name").language]);
  },
  ask: ({ query, context }) => engine.queryBoolean(query, context),
  construct: async ({ query, context }) => labels(await (await engine.queryQuads(query, context)).toArray()),
  count: async ({ query, context }) => (await (await engine.queryBindings(query, context)).toArray()).length,
  update: ({ query, context, authorization }) =>
    engine.queryVoid(query, authorization ? { ...context, fetch: authorized(authorization) } : context),
});
