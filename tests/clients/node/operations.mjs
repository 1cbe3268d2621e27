// Runs the operation that the command line names with what stands on the standard input, and writes what it returns.
import { text } from "node:stream/consumers";

export async function run(operations) {
  const operation = operations[process.argv[2]];
  const found = await operation(JSON.parse(await text(process.stdin)));
  process.stdout.write(JSON.stringify(found ?? null));
}

// Quads of RDF/JS as rows of values: subject and object.
export const labels = (quads) => [...quads].map(({ subject, object }) => [subject.value, object.value]);
