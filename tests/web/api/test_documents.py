"""The documents that programs look for, and what an IRI of ours leads to."""

import hashlib
import re
import shutil
from collections.abc import Iterator
from datetime import timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from xml.etree import ElementTree as ET

import pyoxigraph
import pytest
from flask import Flask
from flask.testing import FlaskClient
from rdflib import DCAT, DCTERMS, Graph, Namespace, URIRef

from dcat_ap import needs_shapes, violations
from json_ld_documents import self_contained
from kg.diff import Patch
from kg.domain import DEFAULT_BASE_IRI, QUERIED_GRAPHS, Settings
from kg.rdf import GRAPH_FORMS, Form
from kg.store import CommitMetadata, Store
from kg.web.app import create_app
from signing import patching

FORMATS = {
    "text/turtle": pyoxigraph.RdfFormat.TURTLE,
    "application/n-triples": pyoxigraph.RdfFormat.N_TRIPLES,
    "application/rdf+xml": pyoxigraph.RdfFormat.RDF_XML,
    "application/ld+json": pyoxigraph.RdfFormat.JSON_LD,
}
SPDX = Namespace("http://spdx.org/rdf/terms#")
VOID = "http://rdfs.org/ns/void#"
HONGKOU = f"{DEFAULT_BASE_IRI}id/municipality/hongkou"


@pytest.fixture(scope="module")
def client(owner_app: Flask) -> Iterator[FlaskClient]:
    """Open a client of the owner's page."""
    with owner_app.test_client() as client:
        yield client


def triples(client: FlaskClient, path: str, media_type: str) -> set[tuple[str, str, str]]:
    """Read a document; blank nodes are all alike."""
    response = client.get(path, headers={"Accept": media_type})
    assert response.status_code == 200, path
    assert response.content_type.partition(";")[0] == media_type
    parsed = pyoxigraph.parse(self_contained(response.data), FORMATS[media_type])
    return {tuple(re.sub(r"^_:.*", "_:", str(term)) for term in quad)[:3] for quad in parsed}  # type: ignore[misc]


@pytest.mark.parametrize("path", ["/dataset", "/ontology", "/shapes", "/data/municipality/hongkou"])
def test_every_form_says_the_same(client: FlaskClient, path: str) -> None:
    """Each RDF form parses, and holds the same statements."""
    found = [triples(client, path, media_type) for media_type in FORMATS]
    assert len(found[0]) > 50
    assert all(one == found[0] for one in found)


@pytest.mark.parametrize("path", ["/dataset", "/ontology", "/shapes"])
@pytest.mark.parametrize("language", ["ko", "en", "zh"])
def test_a_browser_gets_a_page(client: FlaskClient, path: str, language: str) -> None:
    """The same address is a page for people."""
    response = client.get(f"{path}?lang={language}", headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert "<h1>" in response.text


def test_a_link_can_fix_the_form(client: FlaskClient) -> None:
    """``?format=`` or the ending of the path names it; one that there is not is refused."""
    assert client.get("/ontology?format=jsonld").content_type == "application/ld+json"
    assert client.get("/ontology?format=exe").status_code == 400
    assert client.get("/ontology.exe").status_code == 404
    assert client.get("/dataset", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize("form", GRAPH_FORMS, ids=lambda form: form.extension)
@pytest.mark.parametrize("path", ["/dataset", "/ontology", "/shapes"])
def test_a_document_has_an_address_in_every_format(client: FlaskClient, path: str, form: Form) -> None:
    """``/ontology.ttl`` is what ``/ontology`` is as Turtle, whatever the client would rather have."""
    named = client.get(f"{path}.{form.extension}", headers={"Accept": "text/html"})
    asked = client.get(path, headers={"Accept": form.media_type})
    assert (named.status_code, named.mimetype, asked.mimetype) == (200, form.media_type, form.media_type)
    format_ = pyoxigraph.RdfFormat.from_media_type(form.media_type)
    read = [list(pyoxigraph.parse(self_contained(one.data), format_)) for one in (named, asked)]
    assert len(read[0]) == len(read[1]) > 50
    assert client.get(f"{path}.html", headers={"Accept": "text/turtle"}).mimetype == "text/html"


@needs_shapes
def test_the_dataset_as_it_is_served_conforms_to_dcat_ap(client: FlaskClient) -> None:
    """Not one violation, the statistics and all; and a dataset without a title would be one."""
    served = Graph().parse(data=client.get("/dataset", headers={"Accept": "text/turtle"}).text, format="turtle")
    assert not violations(served)
    served.remove((URIRef(f"{DEFAULT_BASE_IRI}dataset"), DCTERMS.title, None))
    assert "title" in violations(served)


def test_each_file_is_measured_and_dated(client: FlaskClient) -> None:
    """Its length, its SHA-256 and its media type are those of the download; its dates are those of the version."""
    served = Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
    dataset = URIRef(f"{DEFAULT_BASE_IRI}dataset")
    files = list(served.objects(dataset, DCAT.distribution))
    assert files
    for file in files:
        download = client.get(f"/downloads/{str(file).partition('#')[2]}")
        checksum = served.value(file, SPDX.checksum)
        assert str(served.value(file, DCAT.byteSize)) == str(len(download.data))
        assert str(served.value(checksum, SPDX.checksumValue)) == hashlib.sha256(download.data).hexdigest()
        assert str(served.value(file, DCAT.mediaType)).endswith(f"/{download.mimetype}")
        assert served.value(file, DCTERMS.issued) == served.value(file, DCTERMS.modified)
    (modified,) = served.objects(dataset, DCTERMS.modified)
    assert parsedate_to_datetime(client.get("/dataset.ttl").headers["Last-Modified"]) == modified.toPython()  # type: ignore[attr-defined]


def test_what_is_modified_moves_with_each_commit(built_store: Path, home: Path, tmp_path: Path) -> None:
    """The dataset is issued with its first version and modified with its last, which it names."""
    store = Store(tmp_path / "store")
    shutil.copytree(built_store, store.path)
    (first,) = store.commits()
    change = Patch(added=('<http://a/s> <http://a/p> "1" <http://a/apart> .',))
    store.commit(patching(change), CommitMetadata("a", "", first.time + timedelta(days=3), "update"))
    client = create_app(Settings(home=home, store=store.path)).test_client()
    served = Graph().parse(data=client.get("/dataset.ttl").text, format="turtle")
    dataset = URIRef(f"{DEFAULT_BASE_IRI}dataset")
    assert served.value(dataset, DCTERMS.modified).toPython() - first.time == timedelta(days=3)  # type: ignore[union-attr]
    assert served.value(dataset, DCTERMS.issued).toPython() == first.time  # type: ignore[union-attr]
    assert str(served.value(dataset, URIRef(f"{DCAT}version"))) == "2"


def test_the_statistics_count_what_is_there(client: FlaskClient) -> None:
    """Eight friendships are eight entities; the totals are those of the endpoint."""
    store = pyoxigraph.Store()
    store.load(client.get("/dataset", headers={"Accept": "text/turtle"}).data, pyoxigraph.RdfFormat.TURTLE)
    answer = store.query(f"""
        PREFIX void: <{VOID}>
        SELECT ?entities ?triples {{
          <{DEFAULT_BASE_IRI}dataset> void:triples ?triples ; void:classPartition ?part .
          ?part void:class <{DEFAULT_BASE_IRI}ontology#Friendship> ; void:entities ?entities }}""")
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    (row,) = answer
    graphs = "".join(f"FROM <{DEFAULT_BASE_IRI}graphs/{name}>" for name in QUERIED_GRAPHS)
    counted = client.get(f"/sparql?query=SELECT(COUNT(*)AS ?n){graphs}{{?s ?p ?o}}&format=csv").text
    assert row["entities"].value == "8"
    assert row["triples"].value == counted.splitlines()[1]


def test_the_endpoint_describes_itself(client: FlaskClient) -> None:
    """Editors and agents find partitions, example queries and prefixes in the default dataset, unconfigured."""
    asked = f"""
        PREFIX void: <{VOID}> PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX kg: <{DEFAULT_BASE_IRI}ontology#>
        SELECT ?entities ?triples (COUNT(DISTINCT ?query) AS ?queries) (COUNT(DISTINCT ?prefix) AS ?prefixes) {{
          ?dataset void:classPartition [ void:class kg:Municipality ; void:entities ?entities ;
            void:propertyPartition [ void:property kg:area ; void:triples ?triples ] ] .
          ?query a sh:SPARQLExecutable ; sh:select ?text ; sh:prefixes ?dataset .
          ?dataset sh:declare [ sh:prefix ?prefix ; sh:namespace ?namespace ] }} GROUP BY ?entities ?triples"""
    found = client.get("/sparql", query_string={"query": asked, "format": "csv"}).text.splitlines()
    assert found[1:] == ["15,8,12,15"]


def test_void_is_where_it_is_looked_for(client: FlaskClient) -> None:
    """The well-known address leads to the dataset."""
    response = client.get("/.well-known/void")
    assert (response.status_code, response.headers["Location"]) == (302, "http://localhost/dataset")


def test_every_term_has_its_anchor(client: FlaskClient) -> None:
    """The IRI of a term leads into the page of the ontology."""
    page = client.get("/ontology", headers={"Accept": "text/html"}).text
    terms = {
        s for s, _, _ in triples(client, "/ontology", "text/turtle") if s.startswith(f"<{DEFAULT_BASE_IRI}ontology#")
    }
    assert len(terms) > 120
    for term in terms:
        assert f'id="{term.rpartition("#")[2].rstrip(">")}"' in page


def test_the_site_map_has_every_city_in_every_language(client: FlaskClient) -> None:
    """Each page is listed once, with its languages; robots are told where."""
    root = ET.fromstring(client.get("/sitemap.xml").data)  # noqa: S314 - what we wrote ourselves
    names = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9", "x": "http://www.w3.org/1999/xhtml"}
    listed = [url.findtext("s:loc", namespaces=names) for url in root.findall("s:url", names)]
    assert len(listed) == len(set(listed))
    assert "http://localhost/page/municipality/hongkou" in listed
    assert all(len(url.findall("x:link", names)) == 3 for url in root.findall("s:url", names))
    assert "Sitemap: http://localhost/sitemap.xml" in client.get("/robots.txt").text


@pytest.mark.parametrize(
    ("accept", "location"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", "/page/municipality/hongkou"),
        ("text/turtle", "/data/municipality/hongkou.ttl"),
        ("application/ld+json", "/data/municipality/hongkou.jsonld"),
        ("application/rdf+xml;q=0.5, text/html;q=0.1", "/data/municipality/hongkou.rdf"),
    ],
)
def test_an_iri_leads_on(client: FlaskClient, accept: str, location: str) -> None:
    """303: to the page for a browser, to the data for a program."""
    response = client.get("/id/municipality/hongkou", headers={"Accept": accept})
    assert (response.status_code, response.headers["Location"]) == (303, f"http://localhost{location}")
    assert response.headers["Vary"] == "Accept"


def test_an_iri_accepts_what_it_can(client: FlaskClient) -> None:
    """What nobody offers is 406; what nothing is said of is 404, with what to do."""
    assert client.get("/id/municipality/hongkou", headers={"Accept": "image/png"}).status_code == 406
    for accept in ("text/csv", "application/sparql-results+json"):
        assert client.get("/data/municipality/hongkou", headers={"Accept": accept}).status_code == 406
    response = client.get("/data/municipality/atlantis", headers={"Accept": "text/turtle"})
    assert response.status_code == 404
    assert response.json
    assert response.json["cure"]


SUFFIXES = {"ttl": "text/turtle", "nt": "application/n-triples", "rdf": "application/rdf+xml",
            "jsonld": "application/ld+json", "nq": "application/n-quads", "trig": "application/trig"}  # fmt: skip


@pytest.mark.parametrize(("extension", "media_type"), SUFFIXES.items())
def test_a_suffix_fixes_the_form(client: FlaskClient, extension: str, media_type: str) -> None:
    """Whatever the client says it accepts; a slug with points in it is no suffix."""
    response = client.get(f"/data/municipality/hongkou.{extension}", headers={"Accept": "text/html"})
    assert response.content_type.partition(";")[0] == media_type
    assert HONGKOU.encode() in response.data
    assert client.get("/data/line/seocho-china.38").status_code == 200
    assert client.get(f"/data/line/seocho-china.38.{extension}").content_type.partition(";")[0] == media_type


def test_a_document_leads_to_what_belongs_to_it(client: FlaskClient) -> None:
    """FAIR Signposting: the page names its IRI, its data in each form, its types and its collection."""
    of_page = client.get("/page/municipality/hongkou").headers["Link"]
    for rel in ("cite-as", "describedby alternate", "type", "collection"):
        assert f'rel="{rel}"' in of_page
    of_data = client.get("/data/municipality/hongkou.ttl").headers["Link"]
    assert '<http://localhost/id/municipality/hongkou>; rel="describes"' in of_data


def test_a_description_names_what_it_points_to(client: FlaskClient) -> None:
    """The data of a city has the names of what it points to, and links to where it was read and what vouches for it."""
    found = triples(client, "/data/municipality/hongkou", "application/n-triples")
    subjects = {subject for subject, _, _ in found}
    assert f"<{DEFAULT_BASE_IRI}id/municipality/shanghai>" in subjects
    assert any("/id/passage/" in value for _, _, value in found)
    assert any("/id/doubt/" in subject for subject in subjects)
    assert any("/id/claim/" in subject for subject in subjects)
