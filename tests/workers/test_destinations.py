import pytest

from kg.domain import ForbiddenError, SettingError
from kg.sparql import ParsedOperation, read
from kg.workers import check_remote_targets, read_destinations
from kg.workers.destinations import Destination

_UPDATES = ("LOAD", "CLEAR")
ALLOWED = read_destinations(["example.org", "127.0.0.1:8001"])


def parsed(text: str) -> ParsedOperation:
    """Read a query, or an update."""
    return read(text, "update" if text.startswith(_UPDATES) else "query")


def test_the_list() -> None:
    """A host stands for its two ports, a host with a port for one."""
    assert (
        Destination("example.org", 80),
        Destination("example.org", 443),
        Destination("127.0.0.1", 8001),
    ) == ALLOWED
    assert [destination.address for destination in ALLOWED] == [None, None, "127.0.0.1"]


@pytest.mark.parametrize("entry", ["http://a/", ":80", "a:b", "a:99999", "a:0"])
def test_an_entry_that_is_none(entry: str) -> None:
    """An entry that names no host and port is a wrong setting."""
    with pytest.raises(SettingError):
        read_destinations([entry])


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://example.org/sparql> { ?s ?p ?o } }",
        "ASK { SERVICE <https://EXAMPLE.org:443/sparql> { ?s ?p ?o } }",
        "PREFIX e: <http://127.0.0.1:8001/> ASK { SERVICE e:sparql { ?s ?p ?o } }",
        "BASE <http://example.org/> ASK { SERVICE <sparql> { ?s ?p ?o } }",
        "LOAD <http://example.org/x> INTO GRAPH <http://elsewhere/>",
        "ASK { ?service ?load 'SERVICE <http://a/>' } # LOAD <http://a/>",
        "PREFIX service: <http://a/> ASK { ?s service:load <http://a/> }",
        "ASK { SERVICE SILENT <http://elsewhere/> { ?s ?p ?o } }",
        "ASK { SERVICE ?where { ?s ?p ?o } }",
    ],
)
def test_what_may_be_called(text: str) -> None:
    """What is on the list, what only looks like a call, and what the network itself stops."""
    check_remote_targets(parsed(text), "http://a/", ALLOWED, isolated=True)


@pytest.mark.parametrize(
    "text",
    [
        "ASK { SERVICE <http://elsewhere/> { ?s ?p ?o } }",
        "ASK { SERVICE <http://example.org:8080/> { ?s ?p ?o } }",
        "ASK { SERVICE <http://example.org@elsewhere/> { ?s ?p ?o } }",
        "ASK { SERVICE <file:///etc/passwd> { ?s ?p ?o } }",
        "ASK { SERVICE <http://[/> { ?s ?p ?o } }",
        "ask { service<http://127.0.0.1/>{ ?s ?p ?o } }",
        "PREFIX e: <http://elsewhere/> ASK { SERVICE e:sparql { ?s ?p ?o } }",
        "BASE <http://elsewhere/> ASK { SERVICE <sparql> { ?s ?p ?o } }",
        "CLEAR ALL; LOAD <http://169.254.169.254/latest> INTO GRAPH <http://example.org/>",
    ],
)
def test_what_may_not_be_called(text: str) -> None:
    """Anything else is forbidden, however it is written; without isolation silence and variables are too."""
    with pytest.raises(ForbiddenError):
        check_remote_targets(parsed(text), "http://a/", ALLOWED, isolated=True)


@pytest.mark.parametrize("call", ["SERVICE SILENT <http://elsewhere/>", "SERVICE ?where"])
def test_without_isolation_the_text_decides(call: str) -> None:
    """Where the network stops nothing, what the text does not show to be allowed is forbidden."""
    with pytest.raises(ForbiddenError):
        check_remote_targets(parsed(f"ASK {{ {call} {{ ?s ?p ?o }} }}"), "http://a/", ALLOWED, isolated=False)
    with pytest.raises(ForbiddenError):
        check_remote_targets(parsed("ASK { SERVICE ?where { ?s ?p ?o } }"), "http://a/", [], isolated=True)
