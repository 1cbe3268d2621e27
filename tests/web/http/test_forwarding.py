import re
from html import unescape
from ipaddress import ip_network
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg.domain import SettingError, Settings
from kg.store import Store
from kg.web.app import create_app
from kg.web.front import Bounds, Front
from kg.web.gateway import Request
from kg.web.http.forwarding import as_reached
from web.exchange import Scope, ask

PROXY = "10.1.2.3:50000"
STRANGER = "192.0.2.1:50000"
TRUSTED = (ip_network("10.0.0.0/8"), ip_network("::1"))
SAID = {"x-forwarded-proto": "https", "x-forwarded-host": "data.example.org", "x-forwarded-prefix": "/kg"}


def request(client: str = PROXY, **fields: str) -> Request:
    """Make a request as a proxy passes it on."""
    said = {f"x-forwarded-{name}": value for name, value in fields.items()}
    return Request("GET", "/", "", "http", client, {"host": "inner:8000", **said})


@pytest.mark.parametrize(("client", "is_believed"), [(PROXY, True), ("[::1]:9", True), ("::ffff:10.0.0.1:9", True),
    (STRANGER, False), ("[::2]:9", False), ("", False), ("unix:", False)])  # fmt: skip
def test_only_a_trusted_proxy_is_believed(client: str, is_believed: bool) -> None:  # noqa: FBT001
    """Scheme, host and prefix are as it says; of anybody else they are as the server saw them."""
    seen = as_reached(request(client, proto="https", host="a.example", prefix="/kg/"), TRUSTED)
    wanted = ("https", "a.example", "/kg") if is_believed else ("http", "inner:8000", "")
    assert (seen.scheme, seen.fields["host"], seen.prefix) == wanted


def test_without_a_trusted_proxy_nobody_is() -> None:
    """The default believes nobody."""
    asked = request(proto="https", host="a.example", prefix="/kg")
    assert as_reached(asked, ()) is asked


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_what_is_no_address_is_left_aside(proto: str, host: str, prefix: str) -> None:
    """Whatever a proxy passes on, what comes out can stand in an address."""
    seen = as_reached(request(proto=proto, host=host, prefix=prefix), TRUSTED)
    assert seen.scheme in {"http", "https"}
    parts = urlsplit(f"{seen.scheme}://{seen.fields['host']}{seen.prefix}/")
    assert parts.path == f"{seen.prefix}/"
    assert not set(seen.fields["host"] + seen.prefix) & set(' "<>\\\r\n?#')


@pytest.mark.parametrize("prefix", ["//evil.example", "kg", "/", "/a b", "/a//b", '/"', "javascript:"])
def test_a_prefix_leads_to_no_other_host(prefix: str) -> None:
    """Two slashes at the beginning would be another server."""
    assert as_reached(request(prefix=prefix), TRUSTED).prefix == ""


def test_the_nearest_proxy_counts() -> None:
    """Of several values the last was added by the proxy that is trusted."""
    assert as_reached(request(host="evil.example, a.example"), TRUSTED).fields["host"] == "a.example"


@pytest.fixture
def front(settings: Settings, store: Store) -> Front:
    """Make a front that trusts a proxy."""
    bounds = Bounds(body_size=1000, hot_size=10**6, threads=2, queue=2, trusted=TRUSTED)
    return Front(create_app(settings).wsgi_app, store, bounds)


def page(front: Front, path: str, client: str = PROXY, accept: str = "text/html") -> str:
    """Ask for a page as a proxy would that shows the site under a prefix."""
    scope = Scope(
        path=path, query_string="lang=en", client=client, headers={"host": "localhost", "accept": accept, **SAID}
    )
    return ask(front, scope).body.decode()


@pytest.mark.parametrize("path", ["/", "/questions/01-cities-since", "/downloads/", "/sparql", "/nothing"])
def test_under_a_prefix_every_address_has_it(front: Front, path: str) -> None:
    """Links, forms and files lead through the proxy, and full addresses are those that the client knows."""
    found = [unescape(one) for one in re.findall(r'(?:href|src|action)="((?:/|https?:)[^"]*)"', page(front, path))]
    assert found
    for address in found:
        parts = urlsplit(address)
        assert parts.path.startswith("/kg/"), address
        assert (parts.scheme, parts.netloc) in {("", ""), ("https", "data.example.org")}, address


def test_documents_name_full_addresses_under_the_prefix(front: Front) -> None:
    """The type of a problem, the server of the description."""
    assert '"https://data.example.org/kg/problems/' in page(front, "/nothing", accept="application/json")
    assert '"https://data.example.org/kg"' in page(front, "/openapi.json")


def test_an_answer_kept_for_one_address_is_not_given_for_another(front: Front) -> None:
    """The same request, field by field, of the proxy and of a stranger: each has its own answer, hot or not."""
    through, direct = page(front, "/"), page(front, "/", STRANGER)
    assert 'href="/kg/' in through
    assert 'href="/kg/' not in direct
    for _ in range(2):
        assert page(front, "/") == through
        assert page(front, "/", STRANGER) == direct


def test_the_setting_takes_addresses_and_networks() -> None:
    """With commas between; what is neither is refused."""
    settings = Settings.from_environment({"KG_TRUSTED_PROXIES": "127.0.0.1, 10.0.0.0/8,::1"})
    assert settings.trusted_proxies == (ip_network("127.0.0.1/32"), ip_network("10.0.0.0/8"), ip_network("::1/128"))
    with pytest.raises(SettingError, match="KG_TRUSTED_PROXIES"):
        Settings.from_environment({"KG_TRUSTED_PROXIES": "proxy.example"})
