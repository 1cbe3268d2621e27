"""The endpoints ``/id`` and ``/data``: dereferencing of our IRIs."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from flask import Blueprint, Response, request, url_for

from kg.rdf import GRAPH_FORMS, Form, media_types, named, not_acceptable, of_media_type
from kg.store import Version
from kg.web.api.addresses import version_named
from kg.web.api.datetime_negotiation import own_address, requested_version
from kg.web.api.missing_resource import missing_resource_error, retired_resource_error
from kg.web.http.complete_response import Validators
from kg.web.http.format_choice import Choice, choose, first_representable, formats_asked
from kg.web.http.memento import VERSION
from kg.web.http.negotiation import choose_media_type
from kg.web.http.protocol import read_pairs
from kg.web.http.responses import add_links, answer, not_modified
from kg.web.pages.queries.query_runner import QueryRunner
from kg.web.pages.queries.terms import iri
from kg.web.site import Site, current_site

blueprint = Blueprint("linked_data", __name__)

PAGE = "text/html"
_OFFERS = (*media_types(GRAPH_FORMS), PAGE)
_EXTENSIONS = {form.extension: form for form in GRAPH_FORMS}


@dataclass(frozen=True)
class Thing:
    """A thing that has an IRI of ours, and the addresses of its documents."""

    kind: str
    slug: str
    iri: str

    def page(self) -> str:
        """Return the address of its page."""
        return url_for("things.page", kind=self.kind, slug=self.slug, _external=True, **{VERSION: version_named()})

    def data(self, form: Form | None = None) -> str:
        """Return the address of its data, in a form where one is given."""
        slug = f"{self.slug}.{form.extension}" if form else self.slug
        return url_for("linked_data.data", kind=self.kind, slug=slug, _external=True, **{VERSION: version_named()})


def thing(site: Site, kind: str, slug: str) -> Thing:
    """Return the thing of that kind and slug, whether anything is said of it or not."""
    return Thing(kind, slug, site.iris.resource(kind, slug))


@blueprint.get("/id/<kind>/<slug>")
def identifier(kind: str, slug: str) -> Response:
    """Lead on to the page or the data of a thing (303: a thing is not its description), or to what replaces it."""
    media_type = choose_media_type(request.headers.get("Accept"), _OFFERS)
    if media_type is None:
        raise not_acceptable("triples")
    found = thing(current_site(), kind, slug)
    retired = retired_resource_error(current_site(), found.iri)
    if retired:
        raise retired
    form = of_media_type(media_type, GRAPH_FORMS)
    target = found.data(form) if form and request.headers.get("Accept") else found.data()
    response = Response(status=303)
    response.headers["Location"] = found.page() if media_type == PAGE else target
    response.headers["Vary"] = "Accept"
    response.headers["Link"] = f'<{found.data()}>; rel="describedby"'
    return response


@blueprint.get("/data/<kind>/<slug>")
def data(kind: str, slug: str) -> Response:
    """Send what a reader needs of a thing, in the form that the suffix, or else the client, asks for."""
    site = current_site()
    version = requested_version(site, address=own_address())
    name, form = _split(slug)
    found = thing(site, kind, name)

    def choices(refused: frozenset[Form]) -> Choice | None:
        if form:
            return None if refused else Choice(form.media_type, form)
        asked = formats_asked(read_pairs(request.query_string))
        return choose(GRAPH_FORMS, asked, request.headers.get("Accept"), refused)

    return first_representable(choices, partial(_sent, site, version, found))


def _sent(site: Site, version: Version, found: Thing, choice: Choice) -> Response:
    validators = Validators(version, f"data {found.iri} {request.root_url}", choice.media_type)
    kept = not_modified(validators)
    if kept:
        return kept
    body = _described(site, version, found, choice.form)
    response = answer(body, choice.media_type, validators, choice.form, found.iri)
    add_links(response, *signposts(site, found, of_page=False))
    return response


def signposts(site: Site, found: Thing, types: tuple[str, ...] = (), *, of_page: bool) -> list[str]:
    """Return the links that lead a program from a document to all that belongs to it (FAIR Signposting, level 1)."""
    root = request.root_url
    dataset = f'<{site.reached(site.iris.document("dataset"), root)}>; rel="collection"; type="text/turtle"'
    reached = site.reached(found.iri, root)
    if not of_page:
        return [f'<{reached}>; rel="describes"', f'<{found.page()}>; rel="alternate"; type="{PAGE}"', dataset]
    forms = (f'<{found.data(form)}>; rel="describedby alternate"; type="{form.media_type}"' for form in GRAPH_FORMS)
    return [f'<{reached}>; rel="cite-as"', *forms, *(f'<{one}>; rel="type"' for one in types), dataset]


def _split(slug: str) -> tuple[str, Form | None]:
    """Return the slug without the suffix that names a form, and that form.

    >>> _split("hongkou.ttl")[0], _split("seocho-china.38")
    ('hongkou', ('seocho-china.38', None))
    """
    name, _, extension = slug.rpartition(".")
    form = _EXTENSIONS.get(extension) or (named(extension, GRAPH_FORMS) if extension == "turtle" else None)
    return (name, form) if form and name else (slug, None)


def _described(site: Site, version: Version, found: Thing, form: Form) -> bytes:
    query_runner = QueryRunner(site.evaluator, version, site.iris)
    if not query_runner.rows("existence", thing=[iri(found.iri)]):
        raise missing_resource_error(site, found.iri)
    return query_runner.graph("data", form, thing=[iri(found.iri)])
