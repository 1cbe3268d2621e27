import json

import pytest
from flask import Flask, Response
from flask.testing import FlaskClient

from kg.domain import BudgetError, KgError, Message, UnauthorizedError, Where
from kg.web.api.operations import problem_types

WHERE = Where("query", 2, 3, "{ <script> }")


@pytest.mark.parametrize("leaf", list(problem_types()), ids=lambda leaf: leaf.problem)
@pytest.mark.parametrize("language", ["ko", "en"])
def test_every_error_has_one_shape(app: Flask, leaf: type[KgError], language: str) -> None:
    """Type, title, status, detail, cure and place: for each error, in both languages, as document and as page."""

    def fail() -> Response:
        raise leaf(Message(ko="무엇", en="what"), cure=Message(ko="고침", en="cure"), where=WHERE)

    app.add_url_rule("/fail", view_func=fail)
    client = app.test_client()
    answer = client.get("/fail", headers={"Accept-Language": language})
    assert (answer.status_code, answer.mimetype) == (leaf.status, "application/problem+json")
    assert json.loads(answer.data) == {
        "type": f"http://localhost/problems/{leaf.problem}",
        "title": leaf.title.in_language(language),
        "status": leaf.status,
        "detail": "무엇" if language == "ko" else "what",
        "cure": "고침" if language == "ko" else "cure",
        "where": {"document": "query", "line": 2, "column": 3, "quoted": "{ <script> }"},
    }
    page = client.get("/fail", headers={"Accept-Language": language, "Accept": "text/html"})
    assert page.mimetype == "text/html"
    assert "<script>" not in page.text
    assert leaf.title.in_language(language) in page.text
    assert ("Retry-After" in answer.headers) == (leaf is BudgetError)
    assert ("WWW-Authenticate" in answer.headers) == (leaf is UnauthorizedError)


def test_a_fault_of_ours_tells_nothing_of_the_inside(app: Flask) -> None:
    """No trace leaves the server, and none of what the exception says."""

    def fail() -> Response:
        raise ZeroDivisionError("a secret")

    app.add_url_rule("/fail", view_func=fail)
    answer = app.test_client().get("/fail")
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_flask_has_no_errors_of_its_own(client: FlaskClient) -> None:
    """What Flask and werkzeug refuse has the same shape."""
    for answer in (
        client.get("/none"),
        client.patch("/sparql"),
        client.get("/sparql?query=ASK", headers={"Host": "?"}),
    ):
        assert 400 <= answer.status_code < 500
        assert json.loads(answer.data)["cure"]
