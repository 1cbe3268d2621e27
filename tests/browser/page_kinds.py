"""One address per kind of page, found from the endpoints of the application and the classes of the dataset."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from built_things import name_of, path_of, things_by_class
from kg.domain import DEFAULT_BASE_IRI, Settings
from kg.web.app import create_app

HOME = Path(__file__).parents[2]
EXAMPLES: Mapping[str, Mapping[str, str]] = {
    "pages.question": {"name": "01-cities-since"},
    "listings.one_year": {"year": "2016"},
    "operations.problem": {"name": "not-found"},
    "printed.page": {"name": "seocho-china"},
    "history.one": {"number": "1"},
    "changes.diff": {"number": "1"},
}
"""What the variable parts of an address are, for a page that is not one of the dataset's things."""
NO_PAGES = (
    "graph_store.",
    "resources.file",
    "assets.",
    "linked_data.",
    "audit.",
    "backup.",
    "timemaps.",
    "changes.lines",
)
"""Doors that send files and data, or that only those who may open."""
STATES = (
    "/exchanges?city=hongkou&kind=visit",
    "/exchanges?q=nothing-has-these-words",
    "/compare?city=hebi&city=hongkou",
    "/search?q=%EC%83%81%ED%95%98%EC%9D%B4",
    "/search?q=nothing-has-these-words",
    "/source/seocho-china?mark=38.1-10#L38",
    "/quality?severity=warning",
    "/sparql?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%203",
    "/sparql?query=SELECT%20*%20%7B%3Fs",
)
"""The same pages as they look after an act of the reader."""
_ELSEWHERE = (301, 302, 303, 308)
"""What answers a page that stands at another address."""
ABSENT = "/page/municipality/atlantis"


@dataclass(frozen=True)
class Content:
    """The application and the IRIs of things by class."""

    app: Flask
    things: Mapping[str, list[str]]


def read_content(store: Path, base_iri: str = DEFAULT_BASE_IRI) -> Content:
    """Make the application on a store, and list the things of its current version."""
    settings = Settings(home=HOME, store=store, port=0, base_iri=base_iri)
    return Content(create_app(settings), things_by_class(store, base_iri))


def in_language(address: str, code: str) -> str:
    """Return the address of a page in a language.

    >>> in_language("/search?q=a#main", "ko")
    '/search?q=a&lang=ko#main'
    """
    path, sign, fragment = address.partition("#")
    return f"{path}{'&' if '?' in path else '?'}lang={code}{sign}{fragment}"


def page_kinds(content: Content) -> list[str]:
    """Return an address for each kind of page: of endpoints, of things by class and kind of IRI, and states."""
    found = [*_doors(content.app), *_things(content.things), *STATES, ABSENT]
    return list(dict.fromkeys(found))


def _doors(app: Flask) -> Iterator[str]:
    """Yield the addresses of the endpoints that answer a browser with a page."""
    with app.test_client() as client:
        for rule in app.url_map.iter_rules():
            path = _filled(rule)
            if path is None:
                continue
            answer = client.get(path, headers={"Accept": "text/html"})
            if answer.mimetype == "text/html" and answer.status_code not in _ELSEWHERE:
                assert answer.status_code == 200, path
                yield path


def _filled(rule: Rule) -> str | None:
    """Return a rule as an address, or None for one that pages of things stand for, or no page.

    An endpoint with variable parts that nobody gave an example for is an error: its page would go untested.
    """
    if (
        "GET" not in (rule.methods or ())
        or rule.endpoint.startswith(NO_PAGES)
        or rule.endpoint.endswith("_as")
        or rule.endpoint == "things.page"
    ):
        return None
    if not rule.arguments:
        return rule.rule
    assert rule.endpoint in EXAMPLES, f"{rule.rule} has no example in EXAMPLES"
    _, path = rule.build(EXAMPLES[rule.endpoint]) or ("", "")
    assert path, rule.rule
    return path


def _things(things: Mapping[str, list[str]]) -> Iterator[str]:
    """Yield the longest IRI of each class, and one of each kind of IRI that is not among those."""
    longest = [max(iris, key=len) for iris in things.values()]
    kinds = {name_of(iri).partition("/")[0]: iri for iris in things.values() for iri in iris}
    seen = {name_of(iri).partition("/")[0] for iri in longest}
    yield from map(path_of, longest)
    yield from (path_of(iri) for kind, iri in kinds.items() if kind not in seen)
