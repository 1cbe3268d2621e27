"""What fuzzing sends: queries and updates that are nearly right, headers and bodies that are anything."""

from __future__ import annotations

from urllib.parse import quote

from hypothesis import strategies as st

from attack.ordinary import questions
from attack.running import Sent

_TOKENS = """
SELECT ASK CONSTRUCT DESCRIBE DISTINCT REDUCED WHERE FROM NAMED GRAPH OPTIONAL UNION MINUS FILTER BIND VALUES SERVICE
SILENT GROUP BY HAVING ORDER ASC DESC LIMIT OFFSET NOT EXISTS IN AS COUNT(*) SUM(?x) GROUP_CONCAT(?x;SEPARATOR="") UNDEF
INSERT DELETE DATA CLEAR DROP CREATE LOAD COPY MOVE ADD USING WITH ALL DEFAULT INTO BASE PREFIX kg: <kg:> <a:b> <>
_:b [] ?x $y ?s ?p ?o a { } ( ) . ; , * + / | ^ ! = != < > && || - 1 -1.5e9 1e999 .5 9999999999999999999 true
"a" 'b' \"\"\"c\"\"\"
"d"@en-US "e"@ "2020-02-30"^^<http://www.w3.org/2001/XMLSchema#date> "\\u0000" "\\uD800" {| |} << >> <<( )>> # \\ @ ~
\u200b \U0001f600
STR(?x) LANG(?x) IRI(?x) REGEX(?x,"(") REPLACE(?x,"","a") SUBSTR(?x,-1) RAND() NOW() UUID() BNODE() TRIPLE(?s,?p,?o)
""".split()  # noqa: SIM905 - a list of a hundred words is no easier to read
_TYPES = (
    *("application/sparql-query", "application/sparql-update", "application/x-www-form-urlencoded", "text/turtle"),
    *("application/n-triples", "application/n-quads", "application/trig", "application/ld+json", "application/rdf+xml"),
    *(
        "multipart/form-data; boundary=b",
        "multipart/form-data",
        "text/csv",
        "*/*",
        "",
        ";",
        "text/turtle; charset=utf-16",
    ),
)
_PATHS = (
    *("/", "/sparql", "/sparql/", "/graphs", "/graphs/page", "/graphs/none", "/downloads/", "/downloads/kg.ttl"),
    *("/id/municipality/hebi", "/data/municipality/hebi", "/page/municipality/hebi", "/ontology", "/dataset"),
    *("/healthz", "/readyz", "/openapi.json", "/problems/budget", "/search", "/history", "/metrics", "/..", "//", "/%"),
)
_NAMES = (
    *("query", "update", "default-graph-uri", "named-graph-uri", "using-graph-uri", "using-named-graph-uri"),
    *("format", "timeout", "graph", "default", "x"),
)
_CODINGS = ("gzip", "br", "zstd", "identity", "*;q=0", "gzip;q=0.5, *", "identity;q=0", "x", ";;q=")
_METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW")

anything = st.text(max_size=60)
soups = st.lists(st.sampled_from(_TOKENS), max_size=25).map(" ".join)
mended = st.builds(
    lambda query, at, length, put: query[: at % len(query)] + put + query[at % len(query) + length :],
    st.sampled_from([question.text for question in questions()]),
    st.integers(0, 5000),
    st.integers(0, 40),
    st.one_of(st.just(""), st.sampled_from(_TOKENS), anything),
)
queries = st.one_of(soups, mended, anything)
updates = st.one_of(
    soups,
    st.builds("INSERT DATA {{ {} }}".format, soups),
    st.builds("DELETE {{ {} }} WHERE {{ {} }}".format, soups, soups),
)

weights = st.sampled_from(("", ";q=0", ";q=1", ";q=0.5", ";q=2", ";q=-1", ";q=x", "; q = 1", ";q=0.0001", ';a="b,c"'))
header_texts = st.text(st.characters(min_codepoint=32, max_codepoint=255, exclude_characters="\x7f"), max_size=30)
media_ranges = st.one_of(st.sampled_from((*_TYPES, "text/*", "text", "/", "*/csv", "text/html")), header_texts)
accepts = st.lists(st.builds("{}{}".format, media_ranges, weights), max_size=5).map(",".join)
languages = st.sampled_from(("ko", "en", "ko;q=0,en", "*", "zh-Hans-CN;q=0.9,ko-KR", "", ";", "\xff"))


def _fields(**more: st.SearchStrategy[str]) -> st.SearchStrategy[dict[str, str]]:
    optional = {
        "Accept": accepts,
        "Accept-Language": languages,
        "Accept-Encoding": st.one_of(st.sampled_from(_CODINGS), header_texts),
        "If-None-Match": st.one_of(st.just("*"), st.just('""'), header_texts),
        "If-Modified-Since": st.one_of(st.just("Sat, 29 Feb 1900 25:00:00 GMT"), header_texts),
        "If-Match": st.one_of(st.just("*"), header_texts),
        "Range": st.sampled_from(("bytes=0-1", "bytes=-1", "bytes=9-1", "x")),
        "Origin": st.one_of(st.just("null"), header_texts),
        "Authorization": st.one_of(st.just("Bearer"), st.just("Bearer x"), st.just("Basic eA=="), header_texts),
        "Host": st.sampled_from(("localhost", "kg.seocho.example", "[::1]:80", "a b", "", ":", "localhost:x")),
    }
    return st.fixed_dictionaries(dict(more), optional=optional)


def _target(path: str, parameters: list[tuple[str, str]]) -> str:
    pairs = "&".join(f"{name}={quote(value, errors='surrogatepass')}" for name, value in parameters)
    return f"{path}?{pairs}"


parameters = st.lists(st.tuples(st.sampled_from(_NAMES), st.one_of(queries, st.sampled_from(_TYPES))), max_size=4)
targets = st.builds(_target, st.sampled_from(_PATHS), parameters)
bodies = st.one_of(queries.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=200))

questions_by_get = st.builds(
    Sent,
    target=st.builds(lambda query, more: _target("/sparql", [("query", query), *more]), queries, st.just([])),
    fields=_fields(),
)
requests = st.builds(
    Sent, st.sampled_from(_METHODS), targets, _fields(**{"Content-Type": st.sampled_from(_TYPES)}), bodies
)
