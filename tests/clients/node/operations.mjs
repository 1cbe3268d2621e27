// Runs the operation that the command line names: its parameters on standard input and its result on standard output
// are JSON.
import { text } from "node:stream/consumers";

export async function run(operations) {
  const operation = operations[process.argv[2]];
  const found = await operation(JSON.parse(await text(process.stdin)));
  process.stdout.write(JSON.stringify(found ?? null));
}

// The values of subject and object of RDF/JS quads.
export const labels = (quads) => [...quads].map(({ subject, object }) => [subject.value, object.value]);
