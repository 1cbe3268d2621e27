// The answer as a table, in pages where it is long.
import { numberColumns } from "./columns.js";
import { html } from "./dom.js";
import { shown } from "./terms.js";
import { t } from "./words.js";

const PAGE = 100;

export function canDraw() {
  return true;
}

export function draw({ columns, rows }) {
  const numeric = new Set(numberColumns({ columns, rows }));
  const body = html("tbody");
  const caption = html("caption");
  const table = html("table", {}, caption, html("thead", {}, html("tr", {}, columns.map((column) => head(column, numeric)))), body);
  const region = html("div", { class: "table", role: "region", "aria-label": t("table"), tabindex: 0 }, table);
  const show = (first) => {
    const last = Math.min(first + PAGE, rows.length);
    caption.textContent = rows.length > PAGE ? t("page", { from: first + 1, to: last, total: rows.length }) : t("rows", { count: rows.length });
    body.replaceChildren(...rows.slice(first, last).map((row) => line(row, columns, numeric)));
  };
  show(0);
  return rows.length > PAGE ? html("div", {}, region, pages(rows.length, show)) : region;
}

function head(column, numeric) {
  return html("th", { scope: "col", lang: "en", class: numeric.has(column) && "number" }, column);
}

function line(row, columns, numeric) {
  const cells = columns.map((column) => html("td", { class: numeric.has(column) && "number" }, row[column] ? shown(row[column]) : null));
  return html("tr", {}, cells);
}

function pages(count, show) {
  let first = 0;
  const turn = (by) => {
    first += by;
    show(first);
    previous.disabled = first === 0;
    next.disabled = first + PAGE >= count;
  };
  const button = (text, by) => html("button", { type: "button", class: "button secondary compact", onclick: () => turn(by) }, text);
  const [previous, next] = [button(t("previous"), -PAGE), button(t("next"), PAGE)];
  previous.disabled = true;
  return html("nav", { class: "row", "aria-label": t("pages") }, previous, next);
}
