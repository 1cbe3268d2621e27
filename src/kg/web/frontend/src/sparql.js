// The page of the SPARQL editor: the form works without this; here it gets an editor, and answers in place.
import { showAnswer, showProblem } from "./parts/sparql/answer.js";
import { addressOf, ask, Problem } from "./parts/sparql/asking.js";
import { readPrefixes, readQuestions, readTerms } from "./parts/sparql/dataset.js";
import { html } from "./parts/sparql/dom.js";
import { createEditor, markProblem } from "./parts/sparql/editing.js";
import { chosen, t } from "./parts/sparql/words.js";

const part = (id) => document.getElementById(id);
const [form, field, answer, status, stop] = ["editor", "query", "answer", "status", "stop"].map(part);

const prefixes = readPrefixes();
const terms = prefixes.then(readTerms);
terms.catch(() => {}); // without them nothing is suggested; the query can still be asked
const editor = createEditor(field, terms, run);
let running = null;

function linkOf(query) {
  const address = new URL(addressOf(query), document.baseURI);
  if (chosen) address.searchParams.set("lang", chosen);
  return address.href;
}

async function run() {
  running?.abort();
  running = new AbortController();
  const { signal } = running;
  const query = editor.yasqe.getValue();
  const begun = performance.now();
  status.textContent = t("running");
  stop.hidden = false;
  try {
    const found = await ask(query, signal);
    await prefixes.catch(() => {}); // IRIs are then written whole
    editor.yasqe.checkSyntax();
    showAnswer(answer, found, query);
    const seconds = (performance.now() - begun) / 1000;
    status.textContent = found.rows ? t("done", { rows: t("rows", { count: found.rows.length }), seconds }) : "";
    history.replaceState(null, "", linkOf(query));
  } catch (error) {
    if (signal.aborted) return;
    if (!(error instanceof Problem)) throw error;
    status.textContent = "";
    const go = markProblem(editor, error.document);
    showProblem(answer, error.document, go);
  } finally {
    if (running?.signal === signal) {
      stop.hidden = true;
      running = null;
    }
  }
}

function stopRunning() {
  running?.abort();
  running = null;
  stop.hidden = true;
  status.textContent = t("stopped");
}

async function share() {
  const link = part("link");
  link.value = linkOf(editor.yasqe.getValue());
  part("shared").hidden = false;
  link.select();
  try {
    await navigator.clipboard.writeText(link.value);
    status.textContent = t("copied");
  } catch {
    link.focus(); // the browser lets nobody write there: the link stands selected
  }
}

async function offerQuestions() {
  const select = part("example");
  const questions = await readQuestions();
  const options = questions.map(({ label }, place) => html("option", { value: place, lang: label.tag }, label.value));
  select.replaceChildren(html("option", { value: "" }, t("choose")), ...options);
  select.addEventListener("change", () => {
    if (select.value === "") return;
    editor.yasqe.setValue(questions[Number(select.value)].query);
    run();
  });
  select.closest("[hidden]").hidden = false;
}

for (const id of ["share", "editor-keys"]) part(id).hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  run();
});
stop.addEventListener("click", stopRunning);
part("share").addEventListener("click", share);
document.querySelector("label[for=query]").addEventListener("click", () => editor.yasqe.focus());
offerQuestions().catch(() => {}); // the list stays away where the dataset cannot be asked
if (new URLSearchParams(location.search).has("query")) run();
