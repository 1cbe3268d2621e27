// What the columns of an answer can be drawn as.
import { boundsOf, isDated, numberOf, pointOf } from "./terms.js";

const LATITUDE = /^(lat|latitude|위도|纬度)$/i;
const LONGITUDE = /^(lng|lon|long|longitude|경도|经度)$/i;
const END = /end|until|last/i;
const MOST_TRACKS = 14;

function boundIn(rows, column) {
  return rows.map((row) => row[column]).filter(Boolean);
}

function every(answer, holds) {
  return answer.columns.filter((column) => {
    const bound = boundIn(answer.rows, column);
    return bound.length > 0 && bound.every(holds);
  });
}

export function numberColumns(answer) {
  return every(answer, (term) => Number.isFinite(numberOf(term)));
}

// Columns of dates: typed as such, or texts in EDTF ("2016-11") of which one at least has more than a year.
export function dateColumns(answer) {
  const readable = every(answer, (term) => boundsOf(term) !== null);
  return readable.filter((column) => boundIn(answer.rows, column).some((term) => isDated(term) || term.value.includes("-")));
}

// The column that names a row: the first that is text, else the first that is an IRI.
export function nameColumn(answer, taken = []) {
  const left = answer.columns.filter((column) => !taken.includes(column));
  const of = (...types) => left.find((column) => boundIn(answer.rows, column).every(({ type }) => types.includes(type)));
  return of("literal", "typed-literal") ?? of("uri") ?? left[0];
}

export function linkColumn(answer) {
  return every(answer, ({ type }) => type === "uri")[0];
}

// How to find the place of a row: two columns of degrees, or one of points.
export function placing(answer) {
  const numbers = numberColumns(answer);
  const [latitude, longitude] = [LATITUDE, LONGITUDE].map((name) => numbers.find((column) => name.test(column)));
  if (latitude && longitude) {
    const place = (row) => (row[latitude] && row[longitude] ? [numberOf(row[longitude]), numberOf(row[latitude])] : null);
    return { columns: [latitude, longitude], place };
  }
  const [points] = every(answer, (term) => pointOf(term) !== null);
  return points ? { columns: [points], place: (row) => pointOf(row[points]) } : null;
}

// How to find the time of a row: a column of dates, and where one is called an end, that.
export function timing(answer) {
  const dates = dateColumns(answer);
  if (!dates.length) return null;
  const end = dates.find((column, place) => place > 0 && END.test(column));
  const start = dates.find((column) => column !== end);
  const bounds = (row) => {
    const from = boundsOf(row[start]);
    return from && [from[0], Math.max(boundsOf(row[end])?.[1] ?? from[1], from[1])];
  };
  return { columns: dates, start, bounds };
}

// The column whose values make the tracks of a timeline: few of them, each more than once.
export function trackColumn(answer, taken) {
  return answer.columns.find((column) => {
    const values = new Set(boundIn(answer.rows, column).map(({ value }) => value));
    return !taken.includes(column) && values.size > 1 && values.size <= MOST_TRACKS && values.size < answer.rows.length;
  });
}
