// The bar chart: a number for each row, in the order of the answer.
import { linkColumn, nameColumn, numberColumns } from "./columns.js";
import { figure, html, linked, picture, shortened, svg, widthOf } from "./dom.js";
import { addressOf, numberOf, textOf } from "./terms.js";
import { number, t } from "./words.js";

const [WIDTH, HEIGHT, TOP, BOTTOM, TEXT, GAP] = [960, 260, 22, 28, 14, 0.25];
const MOST = 120;
const LONGEST_NAME = 150;

export function canDraw(answer) {
  return answer.rows.length > 1 && numberColumns(answer).length > 0;
}

export function draw(answer) {
  const columns = numberColumns(answer);
  const drawn = html("div", {}, drawnFor(answer, columns, columns[0]));
  if (columns.length === 1) return drawn;
  const change = ({ target }) => drawn.replaceChildren(drawnFor(answer, columns, target.value));
  const select = html("select", { id: "bar-column", onchange: change }, columns.map((column) => html("option", { lang: "en" }, column)));
  return html("div", {}, html("p", { class: "field compact" }, html("label", { for: "bar-column" }, t("column")), select), drawn);
}

function drawnFor(answer, columns, column) {
  const naming = nameColumn(answer, columns);
  const leading = linkColumn(answer);
  const rows = answer.rows.filter((row) => row[column]).slice(0, MOST);
  const bars = rows.map((row, place) => ({
    name: naming ? textOf(row[naming]) : String(place + 1),
    value: numberOf(row[column]),
    address: leading && row[leading] ? addressOf(row[leading].value) : null,
  }));
  const title = t("bars_of", { name: naming ?? "#", value: column });
  const cut = answer.rows.length > MOST ? t("drawn_first", { count: MOST }) : null;
  return figure(picture("bars", [WIDTH, HEIGHT], title, t("drawn"), parts(bars)), title, cut, t("drawn"));
}

function parts(bars) {
  const step = WIDTH / bars.length;
  const [most, least] = [Math.max(0, ...bars.map(({ value }) => value)), Math.min(0, ...bars.map(({ value }) => value))];
  const scale = (HEIGHT - TOP - BOTTOM) / (most - least || 1);
  const zero = TOP + most * scale;
  const names = bars.map(({ name }) => shortened(name, TEXT, LONGEST_NAME));
  const every = Math.max(1, Math.ceil((Math.max(...names.map((name) => widthOf(name, TEXT))) + 4) / step));
  const valued = Math.max(...bars.map(({ value }) => widthOf(number(value), TEXT))) < step;
  const base = svg("line", { class: "base", x1: 0, x2: WIDTH, y1: zero, y2: zero });
  return [base, ...bars.map((bar, place) => one(bar, place, { step, scale, zero, valued, name: place % every === 0 && names[place] }))];
}

function one({ name: whole, value, address }, place, { step, scale, zero, valued, name }) {
  const [height, middle] = [Math.abs(value) * scale, (place + 0.5) * step];
  const top = value < 0 ? zero : zero - height;
  const half = Math.min((WIDTH - widthOf(name || "", TEXT)) / 2, WIDTH / 2);
  const at = Math.min(Math.max(middle, WIDTH / 2 - half), WIDTH / 2 + half);
  return linked(
    address,
    svg("title", {}, `${whole}: ${number(value)}`),
    svg("rect", { class: "bar", x: middle - (step * (1 - GAP)) / 2, y: top, width: step * (1 - GAP), height }),
    valued ? svg("text", { class: "value", x: middle, y: top - 5, "text-anchor": "middle" }, number(value)) : null,
    name ? svg("text", { class: "axis", x: at, y: HEIGHT - 8, "text-anchor": "middle" }, name) : null,
  );
}
