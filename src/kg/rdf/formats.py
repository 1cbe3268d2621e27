"""The registry of RDF and result formats: names, media types and extensions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kg.domain import FormatError, NotAcceptableError, Where
from kg.locales import Message


@dataclass(frozen=True)
class Form:
    """One format of an answer.

    ``name`` is the canonical value of ``?format=``, ``aliases`` are the values that other servers take for it.
    ``media_types`` starts with the registered one; the others are looser names that clients ask by, and an answer
    carries the name it was asked by. ``rdflib`` is the name that rdflib knows it by.
    """

    name: str
    extension: str
    media_types: tuple[str, ...]
    iri: str
    aliases: tuple[str, ...] = ()
    rdflib: str = ""

    @property
    def media_type(self) -> str:
        """The registered media type."""
        return self.media_types[0]


_FORMATS = "http://www.w3.org/ns/formats/"

JSON = Form(
    "json",
    "srj",
    ("application/sparql-results+json", "application/json"),
    f"{_FORMATS}SPARQL_Results_JSON",
    aliases=("sparql-results+json", "sparql-json"),
)
XML = Form(
    "xml",
    "srx",
    ("application/sparql-results+xml", "application/xml", "text/xml"),
    f"{_FORMATS}SPARQL_Results_XML",
    aliases=("sparql-results+xml", "sparql-xml", "sparql"),
)
CSV = Form("csv", "csv", ("text/csv",), f"{_FORMATS}SPARQL_Results_CSV")
TSV = Form(
    "tsv",
    "tsv",
    ("text/tab-separated-values",),
    f"{_FORMATS}SPARQL_Results_TSV",
    aliases=("tab-separated-values",),
)

TURTLE = Form(
    "ttl",
    "ttl",
    ("text/turtle", "application/x-turtle", "application/turtle", "text/n3", "text/rdf+n3", "application/n3"),
    f"{_FORMATS}Turtle",
    aliases=("turtle", "x-turtle", "n3", "rdf+n3"),
    rdflib="turtle",
)
N_TRIPLES = Form(
    "nt",
    "nt",
    ("application/n-triples", "text/plain"),
    f"{_FORMATS}N-Triples",
    aliases=("ntriples", "n-triples", "ntriple"),
    rdflib="nt",
)
RDF_XML = Form(
    "rdf",
    "rdf",
    ("application/rdf+xml", "application/xml", "text/xml"),
    f"{_FORMATS}RDF_XML",
    aliases=("rdf+xml", "rdf/xml", "rdfxml", "rdf-xml", "xml"),
    rdflib="xml",
)
JSON_LD = Form(
    "jsonld",
    "jsonld",
    ("application/ld+json", "application/json"),
    f"{_FORMATS}JSON-LD",
    aliases=("json-ld", "ld+json", "json"),
    rdflib="json-ld",
)
TRIG = Form(
    "trig",
    "trig",
    ("application/trig", "application/x-trig"),
    f"{_FORMATS}TriG",
    rdflib="trig",
)
N_QUADS = Form(
    "nq",
    "nq",
    ("application/n-quads", "text/x-nquads"),
    f"{_FORMATS}N-Quads",
    aliases=("nquads", "n-quads"),
    rdflib="nquads",
)

RESULT_FORMS = (JSON, XML, CSV, TSV)
"""What SELECT and ASK are answered in; the first unless the client prefers another."""
GRAPH_FORMS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
"""What CONSTRUCT, DESCRIBE and the reading of a graph are answered in."""
READ_FORMS = GRAPH_FORMS
"""The formats in which a graph can be sent: all that it is sent in, so that what was read can be written back."""
DOCUMENT_FORMS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD)
"""What documents about the dataset or the service are written in, by rdflib."""

_FILES = {form.extension: form.media_type for form in (*GRAPH_FORMS, CSV)} | {
    "gz": "application/gzip",
    "json": "application/json",
    "geojson": "application/geo+json",
    "txt": "text/plain",
}
_UTF_8_NAMED = ("text/", "application/trig")


def media_types(forms: Iterable[Form]) -> tuple[str, ...]:
    """Return the media types on offer: all registered ones in order, then the unregistered aliases.

    >>> media_types([N_TRIPLES, TRIG])
    ('application/n-triples', 'application/trig', 'text/plain', 'application/x-trig')
    """
    known = list(forms)
    registered = [form.media_type for form in known]
    looser = [media_type for form in known for media_type in form.media_types[1:]]
    return tuple(dict.fromkeys(registered + looser))


def of_media_type(media_type: str, forms: Sequence[Form]) -> Form | None:
    """Return the format registered for a media type (without parameters), else the first that takes it, or None.

    >>> of_media_type("text/csv", RESULT_FORMS).name, of_media_type("application/json", GRAPH_FORMS).name
    ('csv', 'jsonld')
    """
    registered = (form for form in forms if media_type == form.media_type)
    return next(registered, None) or next((form for form in forms if media_type in form.media_types), None)


def media_type_of_name(name: str) -> str:
    """Return the media type that goes with the extension of a file name.

    >>> media_type_of_name("kg.ttl"), media_type_of_name("kg.unknown")
    ('text/turtle', 'application/octet-stream')
    """
    return _FILES.get(name.rpartition(".")[2], "application/octet-stream")


def rdflib_name(media_type: str) -> str:
    """Return the name that rdflib knows a format by, given its registered media type.

    >>> rdflib_name("application/rdf+xml")
    'xml'
    """
    return next(form.rdflib for form in GRAPH_FORMS if form.media_type == media_type)


def named(name: str, forms: Sequence[Form]) -> Form | None:
    """Return the form with that name, alias, extension or media type, or None.

    Parameters of a media type are ignored, and its ``+`` may have been decoded to a space.

    >>> named("text/turtle; version=1.2", GRAPH_FORMS).name, named("application/rdf xml", GRAPH_FORMS).name
    ('ttl', 'rdf')
    >>> named("xml", RESULT_FORMS).name, named("xml", GRAPH_FORMS).name, named("csv", GRAPH_FORMS)
    ('xml', 'rdf', None)
    """
    key = name.partition(";")[0].strip().lower().replace(" ", "+")
    own = (one for one in forms if key in (one.name, one.extension, one.media_type))
    return next(own, None) or next((one for one in forms if key in (*one.aliases, *one.media_types)), None)


def content_type(media_type: str, version: str = "") -> str:
    """Return the Content-Type of an answer, with ``charset`` for text and the RDF version that it announces.

    >>> content_type("text/turtle"), content_type("application/ld+json"), content_type("application/trig", "1.2")
    ('text/turtle; charset=utf-8', 'application/ld+json', 'application/trig; charset=utf-8; version=1.2')
    """
    charset = "; charset=utf-8" if media_type.startswith(_UTF_8_NAMED) else ""
    return f"{media_type}{charset}{version and f'; version={version}'}"


def not_acceptable(kind: str) -> NotAcceptableError:
    """Return the error for a kind of answer (``solutions``, ``boolean``, ``triples``) in no form the client accepts."""
    offers = ", ".join(media_types(GRAPH_FORMS if kind == "triples" else RESULT_FORMS))
    return NotAcceptableError(
        Message("rdf.not_acceptable"),
        cure=Message("rdf.offers", offers=offers),
    )


def unrepresentable(form: Form, what: str) -> FormatError:
    """Return the error for a format that cannot represent a part of the answer; it names formats that can."""
    able = (TURTLE, N_TRIPLES, TRIG, N_QUADS) if form in GRAPH_FORMS else [one for one in RESULT_FORMS if one != form]
    offers = ", ".join(one.media_type for one in able)
    return FormatError(
        Message("rdf.unrepresentable", media_type=form.media_type, what=what),
        cure=Message("rdf.offers", offers=offers),
    )


def place_of(error: SyntaxError, name: str, content: bytes) -> Where | None:
    """Return the line and column of a parser's error in a document, with the line quoted; None if it names none."""
    if error.lineno is None:
        return None
    lines = content.split(b"\n")
    quoted = lines[error.lineno - 1].decode("utf-8", "replace").rstrip("\r") if error.lineno <= len(lines) else ""
    return Where(name, error.lineno, error.offset or 1, quoted[:500])
