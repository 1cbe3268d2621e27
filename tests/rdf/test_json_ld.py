"""JSON-LD in every document form holds the triples that it was made of, as a parser that did not write it reads it."""

import json

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

from json_ld_documents import CONTEXT_LINK, self_contained
from kg.build import Build
from kg.domain import DEFAULT_BASE_IRI, Iris
from kg.rdf import JSON_LD, N_TRIPLES, PROFILES, convert_lines, in_profile
from kg.rdf.json_ld import context
from kg.store import reads_back

IRIS = Iris(DEFAULT_BASE_IRI)
XSD = "http://www.w3.org/2001/XMLSchema#"
PREDICATES = [f"{IRIS.ontology}{term}" for term in ("title", "item", "kind", "partner", "startDate", "value", "count")]
PREDICATES += [
    "http://www.w3.org/2000/01/rdf-schema#label",
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#type",
    "http://a/p",
]
NAMES = st.sampled_from(
    [
        "http://a/s",
        "http://a/",
        "urn:x",
        IRIS.ontology,
        f"{IRIS.ontology}City",
        "http://www.w3.org/2001/XMLSchema#date",
        "kg:title",
        "id:x",
    ]
).map(ox.NamedNode)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
NUMBERS = st.sampled_from(["1", "-1", "01", "+1", "-0", "1.0", "1e3", "true", "1", "9007199254740993", "١"])
LITERALS = st.one_of(
    TEXTS.map(ox.Literal),
    st.builds(lambda text, tag: ox.Literal(text, language=tag), TEXTS, st.sampled_from(["ko", "en", "zh-hans"])),
    st.builds(lambda text, name: ox.Literal(text, datatype=ox.NamedNode(XSD + name)), NUMBERS | TEXTS,
              st.sampled_from(["integer", "decimal", "boolean", "double", "date", "string"])),
)  # fmt: skip
TRIPLES = st.builds(ox.Triple, NAMES, st.sampled_from(PREDICATES).map(ox.NamedNode), NAMES | LITERALS)


@given(st.lists(TRIPLES, max_size=8), st.sampled_from(PROFILES))
def test_every_form_holds_the_same_triples(triples: list[ox.Triple], profile: str) -> None:
    """Whatever the terms are: numbers out of canonical form, several languages, IRIs that look like prefixed names."""
    lines = ox.serialize(triples, format=ox.RdfFormat.N_TRIPLES)
    document, _ = in_profile(convert_lines(lines or b"", JSON_LD), profile, IRIS, CONTEXT_LINK)
    assert reads_back(self_contained(document), JSON_LD, lines or b"")


@pytest.mark.parametrize("graph", ["page", "elsewhere", "vocabulary", "catalog"])
def test_a_property_has_one_shape(made: Build, graph: str) -> None:
    """Its value is always an array or never one, as the context says; texts in a language are language maps."""
    lines = made.quads().decode().splitlines(keepends=True)
    own = "".join(line for line in lines if line.endswith(f"<{IRIS.graph(graph)}> .\n")).encode()
    document, profile = in_profile(
        convert_lines(convert_lines(own, N_TRIPLES), JSON_LD), "compacted", IRIS, CONTEXT_LINK
    )
    assert profile == "compacted"
    shapes = context(IRIS)
    kinds: dict[str, set[object]] = {}
    for node in json.loads(document)["@graph"]:
        for term, value in node.items():
            if term == "rdf:object":  # a term of any kind
                continue
            kinds.setdefault(term, set()).add(type(value))
            defined = shapes.get(term)
            container = str(defined.get("@container", "")) if isinstance(defined, dict) else ""
            assert isinstance(value, list) is ("@set" in container and "@language" not in container), term
            if "@language" in container:
                assert all(isinstance(text, list) is ("@set" in container) for text in value.values()), term
            assert "@language" not in str(value), term
    assert {term: found for term, found in kinds.items() if len(found) > 1} == {}


def test_the_node_asked_for_comes_first() -> None:
    """And is the root of a framed document, in which that which leads to it stands too."""
    lines = b"<http://a/1> <http://a/p> <http://a/2> .\n<http://a/2> <http://a/q> <http://a/3> .\n"
    lines += b'<http://a/3> <http://a/r> "x" .\n'
    made = {
        profile: json.loads(in_profile(convert_lines(lines, JSON_LD), profile, IRIS, CONTEXT_LINK, "http://a/2")[0])
        for profile in ("compacted", "framed")
    }
    assert [node["id"] for node in made["compacted"]["@graph"]] == ["http://a/2", "http://a/1", "http://a/3"]
    (root,) = made["framed"]["@graph"]
    assert root["http://a/q"] == {"id": "http://a/3", "http://a/r": "x"}
    assert root["@reverse"]["http://a/p"]["id"] == "http://a/1"
