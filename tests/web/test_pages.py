import csv
import io
import re
from html import unescape

from flask.testing import FlaskClient

from kg.iri import Iris
from kg.web.pages import questions


def test_the_way_in_leads_to_every_question(client: FlaskClient) -> None:
    """Each question is a link to its answer, and every link of the page answers."""
    page = client.get("/").text
    links = [unescape(link) for link in re.findall(r'href="([^"]+)"', page)]
    assert len([link for link in links if "query=" in link]) == len(questions(Iris("https://example.org/"))) == 12
    for link in links:
        assert client.get(link).status_code == 200, link


def test_an_answer_opens_as_a_table(client: FlaskClient) -> None:
    """The links of the questions give CSV."""
    link = unescape(re.findall(r'href="([^"]+query=[^"]+)"', client.get("/").text)[0])
    assert next(csv.reader(io.StringIO(client.get(link).text))) == ["city", "name", "since"]


def test_queries_stand_under_the_base_of_the_site() -> None:
    """Another base, another namespace in the queries."""
    assert all(
        "https://example.org/ontology#" in question.query for question in questions(Iris("https://example.org/"))
    )
