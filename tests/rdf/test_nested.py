"""The nested document: what a newcomer reads without RDF."""

import json

import jsonschema_rs
import pyoxigraph as ox
import pytest

from kg.build import serialize_files
from kg.domain import DEFAULT_BASE_IRI

VALUE = f"{DEFAULT_BASE_IRI}ontology#value"


def test_eight_cities_by_name(files: dict[str, bytes]) -> None:
    """Names in three languages, the tie with its agreement, the exchanges by date."""
    assert len(files["cities.jsonld"]) <= 400_000
    cities = json.loads(files["cities.jsonld"])["cities"]
    assert [city["name"]["en"] for city in cities][:2] == ["Laoshan District", "Hongkou District"]
    assert len(cities) == 8
    assert all(set(city["name"]) == {"ko", "en", "zh-hans"} for city in cities)
    assert [city["tie"]["agreement"]["date"] for city in cities][-1] == "2016-11"
    assert sum(len(exchange["events"]) for city in cities for exchange in city["exchanges"]) == 101
    for city in cities:
        days = [min(event["start"] for event in exchange["events"]) for exchange in city["exchanges"]]
        assert days == sorted(days)
    visit = next(one for one in cities[1]["exchanges"] if one["id"].endswith("/hongkou-2000-07-10"))
    assert (visit["kinds"][0]["label"]["en"], visit["direction"]["label"]["en"]) == ("Visit", "To Seocho-gu")
    assert (visit["participants"][0]["count"], visit["events"][0]["end"]) == (6, "2000-07-15")


def test_it_is_valid_by_its_schema(files: dict[str, bytes]) -> None:
    """And a document with a property that the schema does not know, or without a name, is not."""
    schema, document = json.loads(files["cities.schema.json"]), json.loads(files["cities.jsonld"])
    jsonschema_rs.meta.validate(schema)
    jsonschema_rs.validate(schema, document)
    del document["cities"][0]["name"]
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(schema, document)


def test_it_is_json_ld_of_the_dataset(files: dict[str, bytes]) -> None:
    """Every statement of it is one of the dataset; a figure is the same number."""
    known = {plain(quad) for quad in ox.parse(files["kg.nt"], ox.RdfFormat.N_TRIPLES)}
    read = {plain(quad) for quad in ox.parse(files["cities.jsonld"], ox.RdfFormat.JSON_LD)}
    assert len(read) > 1500
    assert read <= known


def plain(quad: ox.Quad) -> tuple[str, str, str]:
    """Return a triple, a figure without its datatype."""
    value = quad.object
    is_figure = quad.predicate.value == VALUE and isinstance(value, ox.Literal)
    return str(quad.subject), quad.predicate.value, value.value if is_figure else str(value)  # type: ignore[union-attr]


def test_there_is_none_without_cities() -> None:
    """A dataset without a page says why."""
    assert "cities.jsonld" in serialize_files(b"", DEFAULT_BASE_IRI).refused
