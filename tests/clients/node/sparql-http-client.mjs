// sparql-http-client: StreamClient and ParsingClient; options are those of their constructors.
import rdf from "@rdfjs/data-model";
import ParsingClient from "sparql-http-client/ParsingClient.js";
import StreamClient from "sparql-http-client/StreamClient.js";
import { Readable } from "node:stream";
import { labels, run } from "./operations.mjs";

const client = ({ parses, options }) => new (parses ? ParsingClient : StreamClient)(options);
const all = async (asked, found) => (asked.parses ? [...(await found)] : found.toArray());

await run({
  select: async (asked) => {
    const rows = await all(asked, client(asked).query.select(asked.query, asked.how));
    return rows.map(({ city, name }) => [city.value, name.value, name.language]);
  },
  ask: (asked) => client(asked).query.ask(asked.query, asked.how),
  construct: async (asked) => labels(await all(asked, client(asked).query.construct(asked.query, asked.how))),
  update: (asked) => client(asked).query.update(asked.query, asked.how),
  put: async ({ options, graph, triple: [subject, predicate, note] }) => {
    const quad = rdf.quad(rdf.namedNode(subject), rdf.namedNode(predicate), rdf.literal(note, "ko"), rdf.namedNode(graph));
    await new StreamClient(options).store.put(Readable.from([quad]), { graph: rdf.namedNode(graph) });
  },
  read: async ({ options, graph }) => labels(await new StreamClient(options).store.get(rdf.namedNode(graph)).toArray()),
});
