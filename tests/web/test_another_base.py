"""A site whose base IRI is another than the default: nothing that it says names the default."""

import csv
import io
import re
from html import unescape
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from browser.page_kinds import ABSENT, Content, page_kinds, read_content
from kg.build import build, input_digest, source_paths
from kg.build.distributions import DOCUMENTS
from kg.domain import DEFAULT_BASE_IRI, Settings
from kg.rdf import Question, questions
from kg.rdf.formats import DOCUMENT_FORMS
from kg.store import Store
from signing import published

BASE = "https://example.org/kg/"
DEFAULT_HOST = DEFAULT_BASE_IRI.strip("/").rpartition("/")[2]
PAGE = {"Accept": "text/html"}
pytestmark = pytest.mark.slow  # a build of its own; tests/rdf has the same rule for the graph
HONGKOU = f"{BASE}id/municipality/hongkou"


@pytest.fixture(scope="module")
def content(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Content:
    """Build the owner's page under the other base, and make the application of it."""
    store = tmp_path_factory.mktemp("another-base")
    settings = Settings(home=home, store=store, base_iri=BASE)
    paths = source_paths(home)
    made = build(paths, settings)
    published(Store(store), made.quads(), {"digest": input_digest(paths, settings), "base_iri": BASE})
    return read_content(store, BASE)


@pytest.fixture(scope="module")
def client(content: Content) -> FlaskClient:
    """Open a client of it."""
    return content.app.test_client()


def assert_moved(answer: TestResponse, path: str) -> None:
    """See that an answer came, and that neither its fields nor its body name the default base."""
    assert answer.status_code in {200, 302, 303}, path
    assert DEFAULT_HOST not in str(answer.headers), path
    assert DEFAULT_HOST not in answer.get_data(as_text=True), path


def test_no_page_names_the_default_base(content: Content, client: FlaskClient) -> None:
    """Every kind of page comes, in each language in turn."""
    found = [address for address in page_kinds(content) if address != ABSENT]
    assert len(found) > 50
    for place, path in enumerate(found):
        language = ("ko", "en", "zh")[place % 3]
        assert_moved(client.get(path, headers={**PAGE, "Accept-Language": language}), path)


@pytest.mark.parametrize("path", ["/data/municipality/hongkou", "/dataset", "/ontology", "/shapes", "/sparql"])
@pytest.mark.parametrize("media_type", [form.media_type for form in DOCUMENT_FORMS])
def test_every_document_names_the_base(client: FlaskClient, path: str, media_type: str) -> None:
    """What programs read has the base that was set, and not the default."""
    answer = client.get(path, headers={"Accept": media_type})
    assert_moved(answer, path)
    assert BASE in answer.text


@pytest.mark.parametrize("name", DOCUMENTS)
def test_every_file_names_the_base(client: FlaskClient, name: str) -> None:
    """So do the files to download; a table may name none."""
    answer = client.get(f"/downloads/{name}")
    assert_moved(answer, name)
    assert BASE in answer.text or name.endswith(".csv")


@pytest.mark.parametrize("question", questions(BASE), ids=lambda question: question.name)
def test_every_question_is_answered(client: FlaskClient, question: Question) -> None:
    """The queries ask for things under the base, and their answers name no other."""
    answer = client.post("/sparql", data={"query": question.query}, headers={"Accept": "text/csv"})
    assert_moved(answer, question.name)
    assert len(list(csv.reader(io.StringIO(answer.text)))) > 1


def test_no_term_of_the_graph_has_the_default_base(client: FlaskClient) -> None:
    """Neither as an IRI nor within a literal, in any graph."""
    said = "CONCAT(STR(?s), STR(?p), STR(?o))"
    query = f"ASK {{ {{ ?s ?p ?o }} UNION {{ GRAPH ?g {{ ?s ?p ?o }} }} FILTER(CONTAINS({said}, ?wanted)) }}"
    for wanted, found in ((DEFAULT_HOST, "false"), (BASE, "true")):
        asked = query.replace("?wanted", f"'{wanted}'")
        assert client.get("/sparql", query_string={"query": asked, "format": "csv"}).text.strip() == found


def test_links_arrive(client: FlaskClient) -> None:
    """A thing is found by its IRI's path, and the links of its page lead to answers."""
    led = client.get("/id/municipality/hongkou", headers=PAGE)
    assert led.status_code == 303
    path = "/page/municipality/hongkou"
    assert led.headers["Location"].endswith(path)
    page = client.get(path, headers=PAGE).text
    assert HONGKOU in page
    targets = {urldefrag(urljoin(path, unescape(link)))[0] for link in re.findall(r'<a[^>]* href="([^"]+)"', page)}
    ours = sorted(target for target in targets if target.startswith("/"))
    assert len(ours) > 30
    assert not [target for target in ours if client.get(target, headers=PAGE).status_code not in {200, 302, 303}]
