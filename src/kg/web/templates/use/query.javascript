const query = `
{{ query }}
`;
const answer = await fetch("{{ root }}sparql", {
  method: "POST",
  headers: { Accept: "application/sparql-results+json" },
  body: new URLSearchParams({ query }),
});
const { results } = await answer.json();
for (const { name, since } of results.bindings) console.log(`${name.value},${since.value}`);
