// An answer on the page: the ways to see it that its columns allow, and its downloads.
import { addressOf } from "./asking.js";
import * as bars from "./bars.js";
import { html } from "./dom.js";
import * as map from "./map.js";
import * as table from "./table.js";
import * as timeline from "./timeline.js";
import { t } from "./words.js";

const LONGEST_RAW = 500_000;
const raw = {
  canDraw: () => true,
  draw: ({ text }) => {
    const cut = text.length > LONGEST_RAW ? html("p", {}, t("cut")) : null;
    return html("div", {}, cut, html("pre", { tabindex: 0, lang: "en" }, html("code", {}, text.slice(0, LONGEST_RAW))));
  },
};
const VIEWS = { table, bars, map, timeline, raw };

export function showAnswer(place, answer, query) {
  place.replaceChildren(...parts(answer), downloads(answer, query), ...permanent(answer));
}

function permanent({ permanent: address }) {
  return address ? [html("p", { class: "small" }, html("a", { href: address, rel: "bookmark" }, t("permanent")))] : [];
}

function parts(answer) {
  if (answer.truth !== undefined) return [html("p", { class: "lead" }, t(answer.truth ? "yes" : "no"))];
  if (!answer.rows) return [raw.draw(answer)];
  return answer.rows.length ? tabs(answer) : [html("p", {}, t("none"))];
}

// Tabs as the ARIA practices have them: arrows move, the tab that is reached is shown.
function tabs(answer) {
  const names = Object.keys(VIEWS).filter((name) => VIEWS[name].canDraw(answer));
  const panel = html("div", { role: "tabpanel", id: "answer-panel", tabindex: -1 });
  const buttons = names.map((name) =>
    html("button", { type: "button", role: "tab", id: `tab-${name}`, "aria-controls": panel.id, onclick: () => choose(name) }, t(name)),
  );
  const choose = async (name) => {
    for (const button of buttons) {
      const isChosen = button.id === `tab-${name}`;
      button.setAttribute("aria-selected", isChosen);
      button.tabIndex = isChosen ? 0 : -1;
    }
    panel.setAttribute("aria-labelledby", `tab-${name}`);
    const drawn = await VIEWS[name].draw(answer);
    if (panel.getAttribute("aria-labelledby") === `tab-${name}`) panel.replaceChildren(drawn);
  };
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, Home: -Infinity, End: Infinity }[event.key];
    if (!step) return;
    event.preventDefault();
    const from = buttons.indexOf(document.activeElement);
    const to = Number.isFinite(step) ? (from + step + buttons.length) % buttons.length : step < 0 ? 0 : buttons.length - 1;
    buttons[to].focus();
    choose(names[to]);
  };
  choose(names[0]);
  return [html("div", { role: "tablist", class: "tabs", "aria-label": t("views"), onkeydown: move }, buttons), panel];
}

function downloads(answer, query) {
  const isGraph = !answer.rows && answer.truth === undefined;
  const forms = isGraph ? ["ttl", "jsonld", "nt"] : answer.rows ? ["csv", "json"] : ["json"];
  const links = forms.map((form) => html("li", {}, html("a", { href: addressOf(query, form), lang: "en" }, form.toUpperCase())));
  return html("ul", { class: "links", "aria-label": t("download") }, links);
}

export function showProblem(place, { title, detail, cure, where, language }, go) {
  const quoted = where?.quoted ? html("pre", { tabindex: 0, lang: "en" }, html("code", {}, where.quoted)) : null;
  const located = where?.line
    ? html("p", {}, t("where", where), " ", html("button", { type: "button", class: "button secondary compact", onclick: go }, t("go")))
    : null;
  const told = [title && html("h2", { lang: language }, title), html("p", { lang: language }, detail), located, quoted, cure && html("p", { lang: language }, cure)];
  place.replaceChildren(html("div", { class: "alert danger", role: "alert" }, told.filter(Boolean)));
}
