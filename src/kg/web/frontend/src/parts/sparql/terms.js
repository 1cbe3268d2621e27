// What a term of an answer is: where it leads, how it is written, which number or date it stands for.
import { shortName } from "./dataset.js";
import { html } from "./dom.js";
import { base, chosen, root } from "./words.js";

const XSD = "http://www.w3.org/2001/XMLSchema#";
const WKT = "http://www.opengis.net/ont/geosparql#wktLiteral";
const NUMBERS = new Set(
  ["integer", "decimal", "double", "float", "int", "long", "short", "nonNegativeInteger", "positiveInteger"].map((name) => XSD + name),
);
const DATES = new Set(["date", "dateTime", "gYear", "gYearMonth"].map((name) => XSD + name));
const EDTF = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?(?:T[\d:.]+)?(?:Z|[+-]\d\d:\d\d)?[?~%]?$/;
const POINT = /^(?:<[^>]*>\s*)?POINT\s*\(\s*(-?[\d.]+)\s+(-?[\d.]+)\s*\)$/i;

// A thing of ours leads to its page on this very server; another IRI to itself, where it is an address of the web.
export function addressOf(iri) {
  if (!iri.startsWith(base)) return /^https?:\/\//.test(iri) ? iri : null;
  const path = iri.slice(base.length).replace(/^id\//, "page/");
  const [whole, fragment = ""] = path.split("#");
  const asked = chosen ? `?${new URLSearchParams({ lang: chosen })}` : "";
  return `${root}${whole}${asked}${fragment && `#${fragment}`}`;
}

export function textOf(term) {
  if (!term) return "";
  if (term.type === "uri") return shortIri(term.value);
  if (term.type === "bnode") return `_:${term.value}`;
  if (term.type === "triple") {
    const { subject, predicate, object } = term.value;
    return `<<( ${[subject, predicate, object].map(textOf).join(" ")} )>>`;
  }
  return term.value;
}

function shortIri(iri) {
  const short = shortName(iri);
  return short === iri && iri.startsWith(base) ? iri.slice(base.length) : short;
}

export function shown(term) {
  if (term?.type === "uri") {
    const address = addressOf(term.value);
    const attributes = { title: term.value, lang: "en" };
    return address ? html("a", { ...attributes, href: address }, textOf(term)) : html("span", attributes, textOf(term));
  }
  const tag = term?.["xml:lang"];
  if (!tag) return document.createTextNode(textOf(term));
  return html("span", {}, html("span", { lang: tag }, term.value), " ", html("span", { class: "tag", lang: "en" }, tag));
}

export function numberOf(term) {
  return NUMBERS.has(term?.datatype) ? Number(term.value) : NaN;
}

export function isDated(term) {
  return DATES.has(term?.datatype);
}

// The first and the last day that a date may mean, as years and their parts: "2016-11" is the whole of November.
export function boundsOf(term) {
  const found = EDTF.exec(term?.value ?? "");
  if (!found || (term.datatype && !isDated(term) && term.datatype !== `${XSD}string`)) return null;
  const [year, month, day] = found.slice(1).map((part) => part && Number(part));
  const start = Date.UTC(year, (month ?? 1) - 1, day ?? 1);
  const end = Date.UTC(month ? year : year + 1, day ? month - 1 : (month ?? 0), day ? day + 1 : 1);
  return [inYears(start), inYears(end)];
}

function inYears(milliseconds) {
  const year = new Date(milliseconds).getUTCFullYear();
  const [first, next] = [Date.UTC(year, 0, 1), Date.UTC(year + 1, 0, 1)];
  return year + (milliseconds - first) / (next - first);
}

// Degrees east and north of a point in WKT.
export function pointOf(term) {
  const found = term?.datatype === WKT ? POINT.exec(term.value.trim()) : null;
  return found ? [Number(found[1]), Number(found[2])] : null;
}
