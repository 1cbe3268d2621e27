// Asking the endpoint: an answer, or the problem document that says what is wrong, where, and the cure.
import { endpoint, language, t, version } from "./words.js";

const RESULTS = "application/sparql-results+json";
const GRAPH = "text/turtle";
const LONGEST_LINK = 6000;
const VERSION = "graph-version";

export class Problem extends Error {
  constructor(document) {
    super(document.detail);
    this.document = document;
  }
}

// The query, of the version that the page is about where it is about one.
function parameters(query, more = {}) {
  return new URLSearchParams({ query, ...(version && { [VERSION]: version }), ...more });
}

function sent(query) {
  const form = parameters(query);
  const link = `${endpoint}?${form}`;
  return link.length <= LONGEST_LINK ? [link, {}] : [endpoint, { method: "POST", body: form }];
}

export async function ask(query, signal) {
  const [address, options] = sent(query);
  const headers = { Accept: `${RESULTS}, ${GRAPH}`, "Accept-Language": language.tag };
  let response;
  try {
    response = await fetch(address, { ...options, headers, signal });
  } catch (error) {
    if (signal?.aborted) throw error;
    throw new Problem({ title: "", detail: t("unreachable"), cure: "" });
  }
  const text = await response.text();
  if (!response.ok) throw new Problem(problemIn(text, response));
  const isGraph = response.headers.get("Content-Type").startsWith(GRAPH);
  return { ...(isGraph ? {} : understood(JSON.parse(text))), text, permanent: permanentLink(response) };
}

// Where the server says that this very answer stays; it says so of no answer that differs each time.
function permanentLink(response) {
  const [, target] = /<([^>]*)>; rel="bookmark memento"/.exec(response.headers.get("Link") ?? "") ?? [];
  return target && new URL(target, response.url).href;
}

function problemIn(text, response) {
  try {
    return { ...JSON.parse(text), language: response.headers.get("Content-Language") };
  } catch {
    return { title: `${response.status} ${response.statusText}`, detail: text.slice(0, 500), cure: "" };
  }
}

function understood({ head, results, boolean }) {
  return boolean === undefined ? { columns: head.vars, rows: results.bindings } : { truth: boolean };
}

// Where an answer is reached in a form: a link that a program can follow too.
export function addressOf(query, format) {
  return `${endpoint}?${parameters(query, format && { format })}`;
}
