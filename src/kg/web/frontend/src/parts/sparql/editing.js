// The editor over the form's own text field: Yasqe, taught our terms, our words and how to let go of the keyboard.
import Yasqe from "@zazuko/yasqe";
import { completer } from "./completing.js";
import { html } from "./dom.js";
import { t } from "./words.js";

const GUTTER = "gutterErrorBar";

// Where the grammar of SPARQL first cannot go on: the number of the line, from 0; null where it can.
function unreadLine(yasqe) {
  const document = yasqe.getDoc();
  for (let line = 0; line < document.lineCount(); line += 1) {
    const { state } = yasqe.getTokenAt({ line, ch: document.getLine(line).length }, true);
    if (state.OK === false) return line;
  }
  return null;
}

// Marks of the lines that are wrong: one while writing, one from the server's problem document.
function marking(yasqe) {
  const clear = () => {
    yasqe.clearGutter(GUTTER);
    for (const mark of yasqe.getAllMarks()) if (mark.className === "wrong-word") mark.clear();
    yasqe.eachLine((line) => void yasqe.removeLineClass(line, "wrap", "wrong-line"));
  };
  const mark = (line, text) => {
    yasqe.setGutterMarker(line, GUTTER, html("span", { class: "wrong-mark", role: "img", "aria-label": text, title: text }, "!"));
    yasqe.addLineClass(line, "wrap", "wrong-line");
  };
  return { clear, mark };
}

export function createEditor(field, terms, run) {
  Yasqe.registerAutocompleter(completer(terms), false);
  const place = html("div", { class: "query-editor", lang: "en" });
  field.after(place);
  const yasqe = new Yasqe(place, {
    value: field.value,
    persistenceId: null,
    consumeShareLink: null,
    createShareableLink: null,
    showQueryButton: false,
    resizeable: false,
    syntaxErrorCheck: false,
    autocompleters: ["variables", "terms"],
    editorHeight: "auto",
    screenReaderLabel: t("query"),
    requestConfig: { endpoint: "/sparql" },
    extraKeys: {
      Tab: false, // the keyboard leaves by Tab, as from any field
      "Shift-Tab": false,
      "Ctrl-Space": (editor) => editor.autocomplete(),
      "Ctrl-Enter": run,
      "Cmd-Enter": run,
      "Ctrl-/": (editor) => editor.commentLines(),
      Esc: (editor) => editor.getInputField().blur(),
    },
  });
  field.hidden = true;
  yasqe.showNotification = () => {}; // its words are English only; the keys stand below the editor
  const marks = marking(yasqe);
  yasqe.checkSyntax = () => {
    const line = unreadLine(yasqe);
    marks.clear();
    if (line !== null) marks.mark(line, t("unread", { line: String(line + 1) }));
    yasqe.queryValid = line === null;
  };
  yasqe.on("change", () => {
    field.value = yasqe.getValue();
  });
  yasqe.on("autocompletionShown", () => place.querySelector(".CodeMirror-hints")?.setAttribute("aria-label", t("hints")));
  yasqe.getInputField().setAttribute("aria-describedby", "editor-keys");
  return { yasqe, mark: marks.mark };
}

// Marks the place that a problem names, and returns what leads there.
export function markProblem({ yasqe, mark }, { detail, where }) {
  if (!where?.line || where.line > yasqe.getDoc().lineCount()) return () => {};
  const [line, ch] = [where.line - 1, Math.max((where.column ?? 1) - 1, 0)];
  yasqe.checkSyntax(); // the grammar may say earlier than the server where it goes wrong
  mark(line, detail);
  yasqe.markText({ line, ch }, { line, ch: ch + 1 }, { className: "wrong-word" });
  return () => {
    yasqe.focus();
    yasqe.setCursor({ line, ch });
    yasqe.scrollIntoView({ line, ch }, 60);
  };
}
