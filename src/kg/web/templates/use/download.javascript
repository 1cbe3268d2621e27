import { writeFile } from "node:fs/promises";

const answer = await fetch("{{ root }}downloads/kg.ttl");
await writeFile("kg.ttl", await answer.text());
