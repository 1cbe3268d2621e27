"""The documents that programs look for: the dataset, its statistics, the vocabulary, the shapes, the site map."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from xml.etree import ElementTree as ET

from flask import Blueprint, Response, request, url_for

from kg.build import shapes_graph
from kg.graph.serialization import DOCUMENT_FORMATS
from kg.graph.shape_docs import NodeShape, documented, serialized
from kg.graph.statistics import Statistics, dataset_description
from kg.store.forms import GRAPH_FORMS, N_TRIPLES, Form, media_types, named, of_media_type
from kg.store.refusals import not_acceptable
from kg.store.versions import Version
from kg.web.addresses import file_address, root
from kg.web.answers import answer, unchanged
from kg.web.complete import Validators
from kg.web.frame import current_language, show_page
from kg.web.languages.language import LANGUAGES
from kg.web.negotiation import choose_media_type
from kg.web.reader import Names, asker
from kg.web.reading.asking import Asker
from kg.web.reading.facts import Facts
from kg.web.site import current_site

blueprint = Blueprint("documents", __name__)

_PAGE = "text/html"
_OWL = "http://www.w3.org/2002/07/owl#"
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_DOCUMENTED = (f"{_OWL}Class", f"{_OWL}ObjectProperty", f"{_OWL}DatatypeProperty")
_SITEMAP_KINDS = ("municipality", "agreement", "exchange", "friendship", "body", "topic", "exchange-kind")


@blueprint.get("/dataset")
def dataset() -> Response:
    """Describe the dataset: DCAT and VoID for programs, a page for people."""
    asking = asker()

    def page() -> Mapping[str, object]:
        facts = asking.facts("catalog")
        return {"facts": facts, "names": Names(facts, current_language()), "statistics": statistics(asking)}

    def written(media_type: str) -> bytes:
        return dataset_description(asking.graph("catalog", N_TRIPLES), statistics(asking), asking.iris, media_type)

    return _document("dataset", asking.version, tuple(DOCUMENT_FORMATS), written, page)


@blueprint.get("/.well-known/void")
def void() -> Response:
    """Lead to where the dataset is described (VoID, section 7.2)."""
    response = Response(status=302)
    response.headers["Location"] = url_for("documents.dataset", _external=True)
    return response


@blueprint.get("/ontology")
def ontology() -> Response:
    """Define every term: RDF for programs, a page for people, where each term has its own anchor."""
    asking = asker()

    def page() -> Mapping[str, object]:
        facts = asking.facts("vocabulary")
        kinds = [(kind, _terms(facts, kind, asking.iris.ontology)) for kind in _DOCUMENTED]
        return {"facts": facts, "names": Names(facts, current_language()), "kinds": kinds, "owl": _OWL}

    def written(media_type: str) -> bytes:
        form = of_media_type(media_type, GRAPH_FORMS)
        assert form  # noqa: S101 - it is one of those on offer
        return asking.graph("vocabulary", form)

    return _document("ontology", asking.version, media_types(GRAPH_FORMS), written, page)


@blueprint.get("/shapes")
def shapes() -> Response:
    """Show the shapes that every version conforms to: RDF for programs, a page for people."""
    site = current_site()
    graph = shapes_graph(site.settings.home, site.iris)

    def page() -> Mapping[str, object]:
        found: tuple[NodeShape, ...] = documented(graph, site.iris)
        return {"shapes": found, "rules": sum(len(one.rules) for one in found)}

    def written(media_type: str) -> bytes:
        return serialized(graph, site.iris, DOCUMENT_FORMATS[media_type])

    return _document("shapes", site.version(), tuple(DOCUMENT_FORMATS), written, page)


@blueprint.get("/sitemap.xml")
def sitemap() -> Response:
    """List the pages of the site, each in its languages."""
    asking = asker()
    validators = Validators(asking.version, f"sitemap {root()}")
    kept = unchanged(validators)
    return kept or answer(_sitemap(asking), "application/xml", validators)


def statistics(asking: Asker) -> Statistics:
    """Count what a version holds."""

    def counts(name: str, key: str, **names: str) -> dict[str, dict[str, int]]:
        return {
            row[key].value: {void_name: int(row[variable].value) for variable, void_name in names.items()}
            for row in asking.rows(name)
        }

    classes = counts("class-counts", "class", entities="entities", triples="triples")
    given = {"triples": "triples", "subjects": "distinctSubjects", "objects": "distinctObjects"}
    totals = asking.rows("total-counts")[0]
    return Statistics(
        totals={
            **{name: int(totals[variable].value) for variable, name in {**given, "properties": "properties"}.items()},
            "classes": len(classes),
        },
        classes=classes,
        properties=counts("property-counts", "property", **given),
        class_properties={
            (row["class"].value, row["property"].value): int(row["triples"].value)
            for row in asking.rows("class-property-counts")
        },
    )


def _document(
    name: str,
    version: Version,
    offers: tuple[str, ...],
    written: Callable[[str], bytes],
    page: Callable[[], Mapping[str, object]],
) -> Response:
    """Answer with a document in the form that ``?format=`` names or the client prefers; a page where it is that."""
    asked = request.args.get("format")
    form: Form | None = named(asked, GRAPH_FORMS) if asked else None
    accept = form.media_type if form else request.headers.get("Accept")
    media_type = choose_media_type(accept, (*offers, _PAGE))
    if media_type is None or (asked and form is None):
        raise not_acceptable("triples")
    if media_type == _PAGE:
        title = current_language().translate(f"{name}.title")
        forms = [(one.extension, file_address(f"/{name}", format=one.name)) for one in GRAPH_FORMS]
        shown = [(extension, target) for (extension, target), one in zip(forms, GRAPH_FORMS, strict=True)
                 if one.media_type in offers]  # fmt: skip
        return show_page(
            f"{name}.html", name, lambda: {"title": title, "section": name, "forms": shown, **page()}, version
        )
    validators = Validators(version, f"{name} {media_type}")
    kept = unchanged(validators)
    response = kept or answer(written(media_type), media_type, validators)
    response.headers["Link"] = f'<{url_for(f"documents.{name}", _external=True)}>; rel="alternate"; type="{_PAGE}"'
    return response


def _terms(facts: Facts, kind: str, namespace: str) -> list[str]:
    found = (subject for _, subject in facts.pointing(kind, _RDF_TYPE))
    return sorted(subject for subject in found if subject.startswith(namespace))


def _sitemap(asking: Asker) -> bytes:
    """Write the site map (https://www.sitemaps.org/protocol.html) with the languages of each page."""
    ET.register_namespace("", _SITEMAP)
    ET.register_namespace("xhtml", "http://www.w3.org/1999/xhtml")
    urls = ET.Element(f"{{{_SITEMAP}}}urlset")
    day = datetime.fromtimestamp(asking.version.modified, UTC).date().isoformat()
    base = asking.iris.resource("", "")[: -len("/")]
    subjects = sorted(row["thing"].value for row in asking.rows("things"))
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
