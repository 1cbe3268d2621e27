const answer = await fetch("{{ thing }}", { headers: { Accept: "application/ld+json" } });
console.log(JSON.stringify(await answer.json(), null, 2));
