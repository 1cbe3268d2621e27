"""What a client is told of a change that validation refused: a problem document, a page, or the SHACL report."""

from __future__ import annotations

import json
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from rdflib import RDF, SH, ConjunctiveGraph

from kg.auth.tokens import TokenStore
from kg.diff.changesets import Patch
from kg.domain.errors import NonconformingError, Result
from kg.domain.settings import Settings
from kg.locales import Text
from kg.rdf.formats import JSON_LD, N_TRIPLES, RDF_XML, TURTLE, Form
from kg.store import Dataset, LocalEvaluator, PendingCommit, Store
from kg.web.app import create_app

SHACL = "http://www.w3.org/ns/shacl#"
REPORT = f"""_:r <{RDF.type}> <{SHACL}ValidationReport> .
_:r <{SHACL}result> _:one .
_:one <{SHACL}focusNode> <http://a/쑤저우> .
""".encode()
RESULT = Result(
    severity="violation",
    focus_node="http://a/쑤저우",
    path="http://a/p",
    value="<script>",
    shape="http://a/S",
    component=f"{SHACL}MinCountConstraintComponent",
    message=Text({"ko": "없습니다.", "en": "There is none.", "zh-Hans": "缺少该值。"}),
    cure=Text({"ko": "적으십시오.", "en": "State it.", "zh-Hans": "请填写。"}),
    lines=(3, 4),
)


def refusing(_after: Dataset, _patch: Patch) -> PendingCommit:
    """Refuse."""
    what, cure = Text({"ko": "아니오", "en": "No."}), Text({"ko": "고치십시오", "en": "Mend it."})
    raise NonconformingError(what, cure=cure, results=[RESULT], report=REPORT)


@pytest.fixture
def refused(settings: Settings, store: Store) -> FlaskClient:  # noqa: ARG001 - the store is published first
    """Open a client whose changes do not conform."""
    return create_app(settings, evaluator=LocalEvaluator(validate=refusing)).test_client()


def told(client: FlaskClient, authorized: dict[str, str], language: str, accept: str) -> tuple[str | None, bytes]:
    """Send an update, and return the media type and the body of the refusal."""
    headers = {**authorized, "Accept": accept, "Accept-Language": language}
    answer = client.post("/sparql", data={"update": "INSERT DATA { <http://a/x> <http://a/p> 1 }"}, headers=headers)
    assert answer.status_code == 422
    return answer.mimetype, answer.data


@pytest.mark.parametrize("method", ["PUT", "POST", "DELETE"])
def test_no_request_goes_round_validation(
    refused: FlaskClient, authorized: dict[str, str], store: Store, method: str
) -> None:
    """Changes of a graph are refused as updates are, and nothing has changed."""
    before = store.current()
    turtle = "<http://a/x> <http://a/p> 1 ."
    answer = refused.open("/graphs?default", method=method, data=turtle, content_type="text/turtle", headers=authorized)
    assert answer.status_code == 422
    assert json.loads(answer.data)["results"][0]["focusNode"] == "http://a/쑤저우"
    assert store.current() == before


@pytest.mark.parametrize("language", ["ko", "en"])
def test_a_problem_document_lists_the_results(refused: FlaskClient, authorized: dict[str, str], language: str) -> None:
    """Message and cure are in the asker's language; what, where and why are there."""
    mimetype, body = told(refused, authorized, language, "*/*")
    assert mimetype == "application/problem+json"
    (result,) = json.loads(body)["results"]
    assert result == {
        "severity": "violation",
        "message": RESULT.message.in_language(language),
        "focusNode": "http://a/쑤저우",
        "path": "http://a/p",
        "value": "<script>",
        "lines": [3, 4],
        "shape": "http://a/S",
        "cure": RESULT.cure.in_language(language),
    }


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # by rdflib itself, in its own parser
@pytest.mark.parametrize("form", [TURTLE, JSON_LD, RDF_XML, N_TRIPLES], ids=lambda form: form.name)
def test_the_report_can_be_had_as_rdf(refused: FlaskClient, authorized: dict[str, str], form: Form) -> None:
    """Whoever asks for RDF gets the SHACL report."""
    mimetype, body = told(refused, authorized, "en", form.media_type)
    assert mimetype == form.media_type
    report = ConjunctiveGraph().parse(data=body.decode(), format=form.rdflib)
    (node,) = report.subjects(RDF.type, SH.ValidationReport)
    (result,) = report.objects(node, SH.result)
    assert str(report.value(result, SH.focusNode)) == "http://a/쑤저우"


@pytest.mark.parametrize(("accept", "wanted"), [("application/rdf+xml", "problem+json"), ("text/turtle", "turtle")])
def test_a_report_that_a_format_cannot_represent(
    settings: Settings, store: Store, authorized: dict[str, str], accept: str, wanted: str
) -> None:
    """Then the refusal is a problem document: its status stays what it is."""
    assert store

    def refuse(_after: Dataset, _patch: Patch) -> PendingCommit:
        report = REPORT + f'_:one <{SHACL}value> "\\u0001" .\n'.encode()
        raise NonconformingError(Text({"ko": "아니오", "en": "No."}), cure=Text({}), report=report)

    client = create_app(settings, evaluator=LocalEvaluator(validate=refuse)).test_client()
    mimetype, body = told(client, authorized, "en", accept)
    assert wanted in str(mimetype)
    assert body


def test_a_browser_gets_a_page(refused: FlaskClient, authorized: dict[str, str]) -> None:
    """Every result is on it, and nothing of the data is taken for markup."""
    mimetype, body = told(refused, authorized, "ko", "text/html")
    assert mimetype == "text/html"
    assert "없습니다." in body.decode()
    assert "적으십시오." in body.decode()
    assert b"<script>" not in body


def test_other_problems_have_no_report(client: FlaskClient) -> None:
    """Who asks for Turtle is told of any other problem as ever."""
    assert client.get("/none", headers={"Accept": "text/turtle"}).mimetype == "application/problem+json"


def test_the_server_refuses_what_does_not_conform(server: str, built_store: Path) -> None:
    """A live server validates: it answers in Korean where it is asked in Korean, and nothing has changed."""
    base = "https://kg.seocho.example/"
    event = f"<{base}id/event/new> a <{base}ontology#ExchangeEvent>"
    update = f"INSERT DATA {{ GRAPH <{base}graphs/page> {{ {event} }} }}"
    secret = TokenStore(built_store).create("office", "write", "2026-01-01")
    headers = {"Authorization": f"Bearer {secret}", "Accept-Language": "ko"}
    data = urllib.parse.urlencode({"update": update}).encode()
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{server}sparql", data, headers))  # noqa: S310 - our own server
    assert refused.value.code == 422
    results = json.loads(refused.value.read())["results"]
    assert "일자별 교류는 교류 기록 또는 주석 하나에 속해야 합니다." in {result["message"] for result in results}
    asked = urllib.parse.urlencode({"query": f"ASK {{ {event} }}"})
    with urllib.request.urlopen(f"{server}sparql?{asked}") as answer:  # noqa: S310 - our own server
        assert json.load(answer)["boolean"] is False
