// What the dataset says of itself: its prefixes, its questions, its terms with their labels.
import { ask } from "./asking.js";
import PREFIXES from "./prefixes.rq";
import PROPERTIES from "./properties.rq";
import QUESTIONS from "./questions.rq";
import TERMS from "./terms.rq";
import { best } from "./words.js";

const namespaces = new Map();

async function rows(query) {
  return (await ask(query)).rows;
}

// Texts by what they are of, as { value, tag }.
function labelled(found, key) {
  const by = new Map();
  for (const row of found) by.set(row[key].value, [...(by.get(row[key].value) ?? []), row]);
  const texts = (group) => group.filter(({ label }) => label).map(({ label }) => ({ value: label.value, tag: label["xml:lang"] ?? "" }));
  return [...by].map(([value, group]) => ({ value, group, labels: texts(group) }));
}

export async function readPrefixes() {
  for (const { prefix, namespace } of await rows(PREFIXES)) namespaces.set(prefix.value, namespace.value);
  return namespaces;
}

export async function readQuestions() {
  const found = labelled(await rows(QUESTIONS), "question");
  return found.map(({ group, labels }) => ({ label: best(labels), query: group[0].query.value }));
}

// Terms that have a short name, the dataset's own with labels first.
export async function readTerms() {
  const [ours, used] = await Promise.all([rows(TERMS), rows(PROPERTIES)]);
  const known = new Set(ours.map(({ term }) => term.value));
  const found = labelled([...ours, ...used.filter(({ term }) => !known.has(term.value))], "term");
  const terms = found.map(({ value, labels }) => ({ iri: value, name: shortName(value), labels }));
  return terms.filter(({ iri, name }) => name !== iri);
}

export function namespaceOf(prefix) {
  return namespaces.get(prefix);
}

// The IRI with its prefix, as a query would write it; whole where no prefix fits.
export function shortName(iri) {
  for (const [prefix, namespace] of longestFirst()) {
    const local = iri.slice(namespace.length);
    if (iri.startsWith(namespace) && /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(local)) return `${prefix}:${local}`;
  }
  return iri;
}

function longestFirst() {
  return [...namespaces].sort(([, one], [, other]) => other.length - one.length);
}
