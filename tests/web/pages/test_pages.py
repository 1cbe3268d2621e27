import csv
import io
import re
from html import unescape

from flask.testing import FlaskClient

from kg.rdf import questions


def links(page: str) -> list[str]:
    """List where the links of a page lead beyond itself."""
    return [unescape(link) for link in re.findall(r'href="((?:/|http)[^"]*)"', page)]


def test_the_way_in_leads_to_every_question(client: FlaskClient) -> None:
    """Each question is a link to its answer, and every link of the page answers."""
    found = links(client.get("/").text)
    assert len([link for link in found if link.startswith("/questions/")]) == 12
    for link in found:
        assert client.get(link).status_code == 200, link


def test_a_question_is_shown_with_its_answer_and_its_query(client: FlaskClient) -> None:
    """The answer is a table; the query stands below; the same answer is there as CSV."""
    page = client.get("/questions/01-cities-since").text
    assert '<th scope="col">결연일</th>' in page
    assert "SELECT ?city ?name ?since" in page
    for link in links(page):
        assert client.get(link).status_code == 200, link
    table = next(link for link in links(page) if link.endswith(".csv"))
    headings = next(csv.reader(io.StringIO(client.get(table).text.removeprefix("\ufeff"))))
    assert headings == ["도시", "이름", "결연일"]


def test_a_question_that_nobody_asked_is_not_found(client: FlaskClient) -> None:
    """Another name is 404."""
    assert client.get("/questions/99-why").status_code == 404


def test_queries_stand_under_the_base_of_the_site() -> None:
    """Another base, another namespace in the queries."""
    asked = questions("https://example.org/")
    assert all("https://example.org/ontology#" in question.query for question in asked)
