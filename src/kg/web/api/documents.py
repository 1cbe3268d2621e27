"""The documents that programs look for: the dataset, its statistics, the vocabulary, the shapes, the site map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request, url_for

from kg.build import list_distributions
from kg.locales import LANGUAGES
from kg.rdf import (
    GRAPH_FORMS,
    N_TRIPLES,
    Form,
    NodeShape,
    Release,
    dataset_description,
    document_in,
    documented_shapes,
    rdflib_name,
    serialize_shapes,
)
from kg.store import Version
from kg.validation import shapes_graph
from kg.web.api.addresses import file_address, root
from kg.web.http.complete_response import Validators
from kg.web.http.errors import not_found
from kg.web.http.format_choice import PAGE, Choice, choose, first_representable, formats_asked, prefers_page
from kg.web.http.list_forms import TABLE_FORMS
from kg.web.http.protocol import read_pairs
from kg.web.http.responses import add_links, answer, not_modified
from kg.web.pages.frame import current_language, show_page
from kg.web.pages.queries.facts import RDF, Facts
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import iri
from kg.web.pages.reader import LabelIndex, query_runner
from kg.web.pages.schema_org import dataset_markup
from kg.web.pages.tabular import Cell, DataTable, ListView, Named, answer_table
from kg.web.site import current_site

blueprint = Blueprint("documents", __name__)

_OWL = "http://www.w3.org/2002/07/owl#"
_RDFS = "http://www.w3.org/2000/01/rdf-schema#"
_DEFINITION = "http://www.w3.org/2004/02/skos/core#definition"
_RELATIONS = ("subClassOf", "subPropertyOf", "domain", "range")
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_DOCUMENTED = (f"{_OWL}Class", f"{_OWL}ObjectProperty", f"{_OWL}DatatypeProperty")
_SITEMAP_KINDS = ("municipality", "agreement", "exchange", "friendship", "body", "topic", "exchange-kind")


@blueprint.get("/dataset")
def dataset() -> Response:
    """Describe the dataset: DCAT and VoID for programs, a page for people."""
    return _dataset()


@blueprint.get("/dataset.<ending>")
def dataset_as(ending: str) -> Response:
    """Describe the dataset in the format that the address names."""
    return _dataset(ending)


def _dataset(ending: str = "") -> Response:
    runner = query_runner()

    def page() -> Mapping[str, object]:
        facts = runner.facts("catalog")
        return {
            "facts": facts,
            "names": LabelIndex(facts, current_language()),
            "markup": dataset_markup(runner, facts),
        }

    def written(media_type: str) -> bytes:
        catalog, iris = runner.graph("catalog", N_TRIPLES), runner.iris
        return dataset_description(catalog, _release(runner.version), iris, media_type)

    return _answered(
        _Document("dataset", runner.version, partial(document_in, written=written, iris=runner.iris), page), ending
    )


def _release(version: Version) -> Release:
    """Return the dates of a version, and what its files measure; they are made if they were not yet."""
    log = current_site().store.log
    first = log.commit_info(min(log.numbers(version.number)))
    files, _ = list_distributions(version, current_site().settings)
    measured = {one.name: (one.bytes, one.sha256) for one in files}
    return Release(version.number, first.time, version.commit_info.time, measured)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Lead to where the dataset is described (VoID, section 7.2)."""
    response = Response(status=302)
    response.headers["Location"] = url_for("documents.dataset", _external=True)
    return response


@blueprint.get("/ontology")
def ontology() -> Response:
    """Define every term: RDF for programs, a page for people, where each term has its own anchor."""
    return _ontology()


@blueprint.get("/ontology.<ending>")
def ontology_as(ending: str) -> Response:
    """Define every term in the format that the address names."""
    return _ontology(ending)


def _ontology(ending: str = "") -> Response:
    runner = query_runner()

    def page() -> Mapping[str, object]:
        facts = runner.facts("vocabulary")
        kinds = [(kind, _terms(facts, kind, runner.iris.ontology)) for kind in _DOCUMENTED]
        return {"facts": facts, "names": LabelIndex(facts, current_language()), "kinds": kinds, "owl": _OWL}

    def written(form: Form) -> bytes:
        return runner.graph("vocabulary", form)

    return _answered(_Document("ontology", runner.version, written, page, lambda: _table_of_terms(runner)), ending)


def _table_of_terms(runner: QueryRunner) -> DataTable:
    """Return the classes and properties as data: where a term stands among the others, and its definition."""
    facts, namespace = runner.facts("vocabulary"), runner.iris.ontology

    def texts(term: str, *predicates: str) -> Named:
        return Named("", tuple((text.language, text.value) for one in predicates for text in facts.all(term, one)))

    rows: list[tuple[Cell, ...]] = [
        (
            *(term, term.removeprefix(namespace), kind.removeprefix(_OWL), texts(term, f"{_RDFS}label")),
            texts(term, f"{_RDFS}comment", _DEFINITION),
            *(tuple(value.value for value in facts.all(term, f"{_RDFS}{name}")) for name in _RELATIONS),
        )
        for kind in _DOCUMENTED
        for term in _terms(facts, kind, namespace)
    ]
    return DataTable("terms", ("iri", "term", "term_type", "name", "definition", *_RELATIONS), rows)


@blueprint.get("/shapes")
def shapes() -> Response:
    """Show the shapes that every version conforms to: RDF for programs, a page for people."""
    return _shapes()


@blueprint.get("/shapes.<ending>")
def shapes_as(ending: str) -> Response:
    """Show the shapes in the format that the address names."""
    return _shapes(ending)


def _shapes(ending: str = "") -> Response:
    site = current_site()
    graph = shapes_graph(site.settings.home, site.iris)

    def page() -> Mapping[str, object]:
        found: tuple[NodeShape, ...] = documented_shapes(graph, site.iris)
        return {"shapes": found, "rules": sum(len(one.rules) for one in found)}

    def written(media_type: str) -> bytes:
        return serialize_shapes(graph, site.iris, rdflib_name(media_type))

    return _answered(
        _Document("shapes", site.version(), partial(document_in, written=written, iris=site.iris), page), ending
    )


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages of the site, each in its languages."""
    runner = query_runner()
    validators = Validators(runner.version, f"sitemap {root()}")
    kept = not_modified(validators)
    return kept or answer(_sitemap(runner), "application/xml", validators)


@dataclass(frozen=True)
class _Document:
    """A document: what writes it in a format, fills its page, and, where it is a list, returns it as data."""

    name: str
    version: Version
    written: Callable[[Form], bytes]
    page: Callable[[], Mapping[str, object]]
    table: Callable[[], DataTable] | None = None


def _answered(document: _Document, ending: str) -> Response:
    """Answer with a document in the format of the ending or the parameters, else the one that the client prefers."""
    name, version, table = document.name, document.version, document.table
    validators = partial(Validators, version, name)
    offered = (*GRAPH_FORMS, *TABLE_FORMS) if table else GRAPH_FORMS

    def shown() -> Response:
        title = current_language().translate(f"{name}.title")
        forms = [(one.extension, file_address(f"/{name}.{one.extension}")) for one in offered]
        filled = {"title": title, "section": name, "forms": forms}
        return show_page(f"{name}.html", name, lambda: {**filled, **document.page()}, version)

    def sent(choice: Choice) -> Response:
        if table and choice.form in TABLE_FORMS:
            title = current_language().translate(f"{name}.title")
            response = answer_table(choice.form, ListView(name, version, title, table))
        else:
            found = validators(choice.media_type)
            response = not_modified(found) or answer(
                document.written(choice.form), choice.media_type, found, choice.form
            )
        add_links(response, f'<{url_for(f"documents.{name}", _external=True)}>; rel="alternate"; type="{PAGE}"')
        return response

    choices = _choices(ending, offered)
    return first_representable(choices, sent) if choices else shown()


def _choices(ending: str, forms: tuple[Form, ...]) -> Callable[[frozenset[Form]], Choice | None] | None:
    """Return what chooses among the formats of a document, by the ending or by the client; None for the page.

    :raises NotFoundError: no format has that ending
    """
    asked, accept = formats_asked(read_pairs(request.query_string)), request.headers.get("Accept")
    if ending == "html" or (not ending and prefers_page(forms, asked, accept)):
        return None
    if not ending:
        return partial(choose, forms, asked, accept)
    form = next((one for one in forms if one.extension == ending), None)
    if form is None:
        raise not_found(request.path)
    return lambda refused: None if refused else Choice(form.media_type, form)


def _terms(facts: Facts, kind: str, namespace: str) -> list[str]:
    found = facts.subjects(f"{RDF}type", iri(kind))
    return sorted(subject for subject in found if subject.startswith(namespace))


def _sitemap(runner: QueryRunner) -> bytes:
    """Write the site map (https://www.sitemaps.org/protocol.html) with the languages of each page."""
    ET.register_namespace("", _SITEMAP)
    ET.register_namespace("xhtml", "http://www.w3.org/1999/xhtml")
    urls = ET.Element(f"{{{_SITEMAP}}}urlset")
    day = datetime.fromtimestamp(runner.version.modified, UTC).date().isoformat()
    base = runner.iris.resource("", "")[: -len("/")]
    subjects = sorted(row["thing"].value for row in runner.rows("things"))
    pages = [one.removeprefix(base) for one in subjects if one.startswith(base)]
    wanted = [f"page/{page}" for page in pages if page.partition("/")[0] in _SITEMAP_KINDS]
    for path in ("", "cities", "exchanges", "compare", "source", "quality", "ontology", "dataset", "use", *wanted):
        url = ET.SubElement(urls, f"{{{_SITEMAP}}}url")
        ET.SubElement(url, f"{{{_SITEMAP}}}loc").text = f"{root()}{path}"
        ET.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = day
        for language in LANGUAGES:
            attributes = {"rel": "alternate", "hreflang": language.tag, "href": f"{root()}{path}?lang={language.code}"}
            ET.SubElement(url, "{http://www.w3.org/1999/xhtml}link", attributes)
    return bytes(ET.tostring(urls, encoding="utf-8", xml_declaration=True))
