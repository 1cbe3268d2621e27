// Completion of our terms: by short name or by a label in any language; the prefix is declared where it is missing.
import { html } from "./dom.js";
import { namespaceOf } from "./dataset.js";
import { best } from "./words.js";

const WORD = /[^\s<>{}()[\]|^/;,!=*+"'&?$@]*$/u;
const MOST = 50;
const NO_PLACE = new Set(["comment", "string", "variable-3", "atom"]);

function wordBefore(yasqe) {
  const { line, ch } = yasqe.getDoc().getCursor();
  return WORD.exec(yasqe.getDoc().getLine(line).slice(0, ch))[0];
}

function isPlace(yasqe) {
  const cursor = yasqe.getDoc().getCursor();
  const before = yasqe.getDoc().getLine(cursor.line).slice(0, cursor.ch);
  const word = wordBefore(yasqe);
  const inIri = /<[^>\s]*$/.test(before);
  const isVariable = /[?$@]$/.test(before.slice(0, before.length - word.length));
  const isDeclaration = /^\s*(PREFIX|BASE)\b/i.test(before);
  return word.length > 0 && !inIri && !isVariable && !isDeclaration && !NO_PLACE.has(yasqe.getTokenAt(cursor).type);
}

// How well a term fits: its local name from the start, a label from the start, then anywhere.
function fit({ name, labels }, word) {
  const texts = [name, name.slice(name.indexOf(":") + 1), ...labels.map(({ value }) => value)].map((text) => text.toLowerCase());
  if (texts.some((text) => text.startsWith(word))) return 2;
  return texts.some((text) => text.includes(word)) ? 1 : 0;
}

function fitting(terms, word) {
  const wanted = word.toLowerCase();
  const rated = terms.map((term) => [fit(term, wanted), term]).filter(([rate]) => rate > 0);
  rated.sort(([one, { name }], [other, { name: next }]) => other - one || (name < next ? -1 : 1));
  return rated.slice(0, MOST).map(([, term]) => term);
}

// The labels beside a name: the reader's own, and the one that was typed where it is another.
function labelsFor({ labels }, word) {
  const first = best(labels);
  const typed = labels.find(({ value }) => value.toLowerCase().includes(word.toLowerCase()));
  return [...new Set([first, typed])].filter(Boolean);
}

function rendered(term, word) {
  return (place) => {
    const labels = labelsFor(term, word).map(({ value, tag }) => html("span", { class: "label", lang: tag }, value));
    place.append(html("span", { class: "name", lang: "en" }, term.name), ...labels);
  };
}

function pick(term) {
  return (yasqe, data, { from, to }) => {
    yasqe.replaceRange(term.name, from, to, "complete");
    const prefix = term.name.slice(0, term.name.indexOf(":"));
    if (!(prefix in yasqe.getPrefixesFromQuery())) yasqe.addPrefixes({ [prefix]: namespaceOf(prefix) });
  };
}

export function completer(terms) {
  let word = "";
  let found = [];
  return {
    name: "terms",
    bulk: false,
    autoShow: true,
    isValidCompletionPosition: isPlace,
    preProcessToken: (yasqe, token) => {
      word = wordBefore(yasqe);
      const { ch } = yasqe.getDoc().getCursor();
      return { ...token, from: { ch: ch - word.length }, to: { ch } };
    },
    get: async () => {
      found = fitting(await terms, word);
      return found.map(({ name }) => name);
    },
    postprocessHints: (_, hints) => hints.map((hint, place) => ({ ...hint, render: rendered(found[place], word), hint: pick(found[place]) })),
  };
}
