// The timeline: what happened when, each row as wide as its date is uncertain.
import { trackColumn, linkColumn, nameColumn, timing } from "./columns.js";
import { figure, linked, picture, shortened, svg } from "./dom.js";
import { addressOf, textOf } from "./terms.js";
import { t } from "./words.js";

const [WIDTH, LEFT, RIGHT, TRACK, TOP, AXIS, MARK, TEXT] = [960, 130, 16, 34, 8, 30, 12, 14];
const LEAST_BETWEEN_YEARS = 44;
const MOST = 1000;
const MOST_TRACKS = 14;

export function canDraw(answer) {
  return answer.rows.length > 0 && timing(answer) !== null;
}

export function draw(answer) {
  const { columns, start, bounds } = timing(answer);
  const track = trackColumn(answer, columns);
  const naming = nameColumn(answer, [...columns, track]) ?? start;
  const isShort = answer.rows.length <= MOST_TRACKS && naming !== start; // then each row has a track of its own
  const leading = linkColumn(answer);
  const marks = answer.rows.slice(0, MOST).filter(bounds).map((row) => ({
    bounds: bounds(row),
    track: track ? textOf(row[track]) : isShort ? textOf(row[naming]) : "",
    title: `${textOf(row[start])}: ${textOf(row[naming])}`,
    address: leading && row[leading] ? addressOf(row[leading].value) : null,
  }));
  const title = t("timeline_of", { count: marks.length });
  const cut = answer.rows.length > MOST ? t("drawn_first", { count: MOST }) : null;
  const tracks = [...new Set(marks.map((mark) => mark.track))];
  const height = TOP + TRACK * tracks.length + AXIS;
  return figure(picture("timeline", [WIDTH, height], title, t("drawn"), parts(marks, tracks, height)), title, cut, t("drawn"));
}

function parts(marks, tracks, height) {
  const first = Math.floor(Math.min(...marks.map(({ bounds }) => bounds[0])));
  const last = Math.ceil(Math.max(...marks.map(({ bounds }) => bounds[1])));
  const scale = (WIDTH - LEFT - RIGHT) / Math.max(last - first, 1);
  const drawn = marks.map((mark) => {
    const width = Math.max((mark.bounds[1] - mark.bounds[0]) * scale, MARK);
    const x = Math.min(LEFT + (mark.bounds[0] - first) * scale, WIDTH - RIGHT - width);
    const y = TOP + TRACK * (tracks.indexOf(mark.track) + 0.5) - MARK / 2;
    const kind = width === MARK ? "mark" : "mark wide";
    return linked(mark.address, svg("rect", { class: kind, x, y, width, height: MARK, rx: MARK / 2 }, svg("title", {}, mark.title)));
  });
  return [...years(first, last, scale, height), ...tracks.flatMap(named), ...drawn];
}

function years(first, last, scale, height) {
  const step = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000].find((one) => one * scale >= LEAST_BETWEEN_YEARS) ?? 1000;
  const begin = Math.ceil(first / step) * step;
  const named = Array.from({ length: Math.max(Math.floor((last - begin) / step) + 1, 0) }, (_, place) => begin + place * step);
  return named.flatMap((year) => {
    const x = LEFT + (year - first) * scale;
    const line = svg("line", { class: "year", x1: x, x2: x, y1: TOP, y2: height - AXIS + 6 });
    return year === last ? [line] : [line, svg("text", { class: "axis", x: x + 2, y: height - 8 }, String(year))];
  });
}

function named(track, place) {
  const y = TOP + TRACK * place;
  const text = shortened(track, TEXT, LEFT - 12);
  return [
    svg("line", { class: "track", x1: LEFT, x2: WIDTH - RIGHT, y1: y + TRACK, y2: y + TRACK }),
    svg("text", { class: "name", x: LEFT - 8, y: y + TRACK / 2 + TEXT / 3, "text-anchor": "end" }, text),
  ];
}
