// jsonld.js; its own document loader fetches each address.
import jsonld from "jsonld";
import { run } from "./operations.mjs";

await run({
  flatten: ({ address, context }) => jsonld.flatten(address, context),
  frame: ({ address, frame }) => jsonld.frame(address, frame),
  triples: async ({ address }) => (await jsonld.toRDF(address)).length,
});
