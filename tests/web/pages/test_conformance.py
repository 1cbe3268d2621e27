import re
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from pyoxigraph import RdfFormat, parse

from conformance.earl import Product, earl_report
from conformance.outcome import PASSED, ComparisonResult, Outcome, Result, failed, skipped
from json_ld_documents import self_contained
from kg.build import program_code
from kg.domain import Settings
from kg.rdf import REPORT_FORMS, read_report

RESULTS = [
    Result("http://example.org/m#a", "sparql11/one", "QueryEvaluationTest", PASSED),
    Result("http://example.org/m#b", "sparql11/one", "QueryEvaluationTest", failed("it keeps numbers by <value>")),
    Result(
        "http://example.org/n#c", "sparql12/two", "QueryEvaluationTest", ComparisonResult(Outcome.BY_VALUE, "01 is 1")
    ),
    Result("http://example.org/n#d.", "sparql12/two", "QueryEvaluationTest", skipped("no network")),
]
RUNNER = "https://kg.seocho.example/tests/conformance"


def written(sha256: str, date: str = "") -> str:
    """Write a report for the code of that digest."""
    product = Product("https://kg.seocho.example/", "kg", "0.1.0", sha256)
    return earl_report(RESULTS, product, date, RUNNER)


@pytest.fixture
def report(settings: Settings) -> Path:
    """Leave a report for the running code where the server looks for it."""
    path = settings.home / "data" / "conformance.ttl"
    path.parent.mkdir()
    path.write_text(written(program_code().sha256), "utf-8")
    return path


def test_a_report_is_read_as_it_was_written() -> None:
    """Totals per suite and of all, each finding with its reason, what it was made for and when."""
    report = read_report(written("abc", "2026-01-31T00:00:00Z"))
    assert (report.version, report.code_sha256, report.date[:10]) == ("0.1.0", "abc", "2026-01-31")
    assert [(suite.title, suite.tests, suite.passed, suite.failed, suite.untested) for suite in report.suites] == [
        ("sparql11/one", 2, 1, 1, 0),
        ("sparql12/two", 2, 1, 0, 1),
    ]
    assert (report.total.tests, report.total.passed, report.total.by_value) == (4, 2, 1)
    told = [(finding.test[-1:], finding.outcome, finding.reason) for finding in report.findings]
    assert told == [
        ("b", "failed", "it keeps numbers by <value>"),
        ("c", "passed", "01 is 1"),
        (".", "untested", "no network"),
    ]


@pytest.mark.usefixtures("report")
def test_the_page_shows_totals_and_reasons(client: FlaskClient) -> None:
    """In the language of the reader, for the running code, linked from the way in."""
    page = client.get("/conformance?lang=en", headers={"Accept": "text/html"}).text
    assert "SPARQL 시험 4건을 이 서버에 HTTP로 보내 2건을 통과" in client.get("/conformance.html?lang=ko").text
    assert "2 of 4 tests passed" in page
    assert "it keeps numbers by &lt;value&gt;" in page
    assert "made with the code that is running" in page
    assert 'class="alert' not in page
    assert "/conformance.html" in client.get("/").text
    for link in re.findall(r'href="(/[^"]*)"', page):
        assert client.get(link).status_code == 200, link


def test_a_report_of_other_code_says_so(client: FlaskClient, report: Path) -> None:
    """What was found for other code is shown, with its date and a plain warning in every language."""
    report.write_text(written("0" * 64, "2026-01-31T00:00:00Z"), "utf-8")
    pages = {code: client.get(f"/conformance.html?lang={code}").text for code in ("ko", "en", "zh")}
    assert "지금 실행 중인 코드가 아닌" in pages["ko"]
    assert "made with a different version of the code" in pages["en"]
    assert "并非由当前运行的代码得出" in pages["zh"]
    assert '<time datetime="2026-01-31">2026년 1월 31일</time>' in pages["ko"]


@pytest.mark.usefixtures("report")
@pytest.mark.parametrize(("ending", "media_type"), [("ttl", "text/turtle"), ("jsonld", "application/ld+json"),
                                                    ("nt", "application/n-triples")])  # fmt: skip
def test_the_data_comes_in_three_forms(client: FlaskClient, ending: str, media_type: str) -> None:
    """The same graph by Accept and by the ending of the address."""
    asked = client.get("/conformance", headers={"Accept": media_type})
    assert (asked.status_code, asked.mimetype) == (200, media_type)
    named = client.get(f"/conformance.{ending}")
    quads = parse(self_contained(named.data), format=RdfFormat.from_extension(ending))
    assert len(list(quads)) == len(list(parse(written(program_code().sha256), format=RdfFormat.TURTLE))) > 20
    assert media_type in {form.media_type for form in REPORT_FORMS}


@pytest.mark.usefixtures("report")
def test_another_form_is_refused(client: FlaskClient) -> None:
    """What is on offer is told."""
    assert client.get("/conformance", headers={"Accept": "image/png"}).status_code == 406
    assert client.get("/conformance.png").status_code == 404


def test_without_a_report_the_cure_is_told(client: FlaskClient) -> None:
    """Nothing was run here: the command that does it is named."""
    answer = client.get("/conformance", headers={"Accept-Language": "en"})
    assert answer.status_code == 404
    assert "make conformance" in answer.text
    assert "/conformance" not in client.get("/").text
