// fetch-sparql-endpoint; options are those of its constructor.
import { SparqlEndpointFetcher } from "fetch-sparql-endpoint";
import { labels, run } from "./operations.mjs";

const fetcher = ({ options, headers }) => new SparqlEndpointFetcher({ ...options, defaultHeaders: new Headers(headers) });

await run({
  select: async (asked) => {
    const rows = await (await fetcher(asked).fetchBindings(asked.endpoint, asked.query)).toArray();
    return rows.map(({ city, name }) => [city.value, name.value, name.language]);
  },
  ask: (asked) => fetcher(asked).fetchAsk(asked.endpoint, asked.query),
  construct: async (asked) => labels(await (await fetcher(asked).fetchTriples(asked.endpoint, asked.query)).toArray()),
  update: (asked) => fetcher(asked).fetchUpdate(asked.endpoint, asked.query),
});
