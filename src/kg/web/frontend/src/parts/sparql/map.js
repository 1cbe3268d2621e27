// The map: where the rows lie; the land is fetched when the first map is drawn.
import { linkColumn, nameColumn, placing } from "./columns.js";
import { figure, linked, picture, svg, widthOf } from "./dom.js";
import { addressOf, textOf } from "./terms.js";
import { t } from "./words.js";

const [WIDTH, MARGIN, LEAST_DEGREES, TEXT, DOT, GAP] = [720, 56, 6, 17, 6, 5];
const MOST = 300;
const MOST_NAMED = 40;

export function canDraw(answer) {
  return answer.rows.length > 0 && placing(answer) !== null;
}

export async function draw(answer) {
  const { columns, place } = placing(answer);
  const { default: land } = await import("kg:land");
  const naming = nameColumn(answer, columns);
  const leading = linkColumn(answer);
  const places = answer.rows.filter(place).slice(0, MOST).map((row) => ({
    at: place(row),
    name: naming ? textOf(row[naming]) : "",
    address: leading && row[leading] ? addressOf(row[leading].value) : null,
  }));
  const frame = framed(places.map(({ at }) => at));
  const title = t("map_of", { count: places.length });
  const cut = answer.rows.length > MOST ? t("drawn_first", { count: MOST }) : null;
  const sea = svg("rect", { class: "sea", width: WIDTH, height: frame.height });
  const coast = svg("path", { class: "land", d: land.map((ring) => outline(ring, frame)).join("") });
  const drawn = picture("map", [WIDTH, frame.height], title, t("drawn"), [sea, coast, ...marks(places, frame)]);
  return figure(drawn, title, cut, t("drawn"));
}

// An equidistant cylindrical projection, true at the middle parallel.
function framed(points) {
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const [west, east, south, north] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
  const narrowing = Math.max(Math.cos((((south + north) / 2) * Math.PI) / 180), 0.05);
  const [across, along] = [Math.max(east - west, LEAST_DEGREES), Math.max(north - south, LEAST_DEGREES)];
  const scale = Math.min((WIDTH - 2 * MARGIN) / (across * narrowing), (WIDTH - 2 * MARGIN) / along);
  const top = (south + north + along) / 2 + MARGIN / scale;
  const left = (west + east) / 2 - WIDTH / (2 * scale * narrowing);
  const point = ([x, y]) => [(x - left) * scale * narrowing, (top - y) * scale];
  return { point, height: along * scale + 2 * MARGIN };
}

function outline(ring, { point, height }) {
  const points = ring.map(point);
  const [xs, ys] = [points.map(([x]) => x), points.map(([, y]) => y)];
  const isSeen = Math.max(...xs) > 0 && Math.min(...xs) < WIDTH && Math.max(...ys) > 0 && Math.min(...ys) < height;
  return isSeen ? `M${points.map(([x, y]) => `${x.toFixed(0)} ${y.toFixed(0)}`).join("L")}Z` : "";
}

// Dots with names beside them, each name where it covers nothing that was drawn before.
function marks(places, { point, height }) {
  const points = places.map(({ at }) => point(at));
  const taken = points.map(([x, y]) => [x - DOT, y - DOT, x + DOT, y + DOT]);
  return places.map(({ name, address }, place) => {
    const [x, y] = points[place];
    const dot = svg("circle", { cx: x, cy: y, r: DOT }, svg("title", {}, name));
    if (places.length > MOST_NAMED) return linked(address, dot);
    const [at, anchor, box] = free(name, points[place], height, taken);
    taken.push(box);
    return linked(address, dot, svg("text", { x: at[0], y: at[1], "text-anchor": anchor }, name));
  });
}

function free(name, [x, y], height, taken) {
  const [width, reach] = [widthOf(name, TEXT), DOT + GAP];
  const candidates = [
    [[x + reach, y + TEXT / 3], "start", [x + reach, y - TEXT * 0.6, x + reach + width, y + TEXT * 0.6]],
    [[x - reach, y + TEXT / 3], "end", [x - reach - width, y - TEXT * 0.6, x - reach, y + TEXT * 0.6]],
    [[x, y - reach], "middle", [x - width / 2, y - reach - TEXT, x + width / 2, y - reach]],
    [[x, y + reach + TEXT * 0.8], "middle", [x - width / 2, y + reach, x + width / 2, y + reach + TEXT]],
  ];
  const cost = ([, , box]) => {
    const whole = (box[2] - box[0]) * (box[3] - box[1]);
    return taken.reduce((sum, other) => sum + overlap(box, other), 10 * (whole - overlap(box, [0, 0, WIDTH, height])));
  };
  return candidates.reduce((one, other) => (cost(other) < cost(one) ? other : one));
}

function overlap(one, other) {
  const across = Math.min(one[2], other[2]) - Math.max(one[0], other[0]);
  const along = Math.min(one[3], other[3]) - Math.max(one[1], other[1]);
  return across > 0 && along > 0 ? across * along : 0;
}
