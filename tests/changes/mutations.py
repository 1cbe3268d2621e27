"""Mutations of the owner's graph, each an update that makes one statement of it wrong, with the shape that finds it."""

from __future__ import annotations

from dataclasses import dataclass

PREFIXES = """
BASE <https://kg.seocho.example/id/>
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX geo: <http://www.opengis.net/ont/geosparql#>
PREFIX graphs: <https://kg.seocho.example/graphs/>
PREFIX kg: <https://kg.seocho.example/ontology#>
PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX unit: <http://qudt.org/vocab/unit/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
"""
_IN_PAGE = "{{ GRAPH graphs:page {{ {} }} }}"


@dataclass(frozen=True)
class Mutation:
    """An update and the shape that reports it."""

    name: str
    shape: str
    update: str


def _insert(triples: str, graph: str = "page") -> str:
    return f"INSERT DATA {{ GRAPH graphs:{graph} {{ {triples} }} }}"


def _replace(subject: str, predicate: str, value: str, graph: str = "page") -> str:
    old, new = (f"{{ GRAPH graphs:{graph} {{ {subject} {predicate} {each} }} }}" for each in ("?old", value))
    return f"DELETE {old} INSERT {new} WHERE {old}"


def _delete(subject: str, predicate: str, graph: str = "page") -> str:
    return f"DELETE WHERE {{ GRAPH graphs:{graph} {{ {subject} {predicate} ?old }} }}"


def _copy(node: str, new: str, *, with_pointers: bool = False) -> str:
    """Write an update that says of a new node what is said of another, and where asked points to it as well."""
    parts = [f"INSERT {{ GRAPH ?g {{ {new} ?p ?o }} }} WHERE {{ GRAPH ?g {{ {node} ?p ?o }} }}"]
    if with_pointers:
        parts.append(f"INSERT {{ GRAPH ?g {{ ?s ?p {new} }} }} WHERE {{ GRAPH ?g {{ ?s ?p {node} }} }}")
    return " ; ".join(parts)


def _redate(event: str, day: str) -> str:
    old = f"{event} kg:startDate ?start ; kg:endDate ?end ; kg:edtf ?edtf ; kg:datePrecision ?precision"
    new = f"""{event} kg:startDate "{day}"^^xsd:date ; kg:endDate "{day}"^^xsd:date ;
        kg:edtf "{day}" ; kg:datePrecision "day" """
    return f"DELETE {_IN_PAGE.format(old)} INSERT {_IN_PAGE.format(new)} WHERE {_IN_PAGE.format(old)}"


HONGKOU, TIE = "<municipality/hongkou>", "<friendship/seocho-hongkou>"
VISIT, VISIT_EVENT = "<exchange/hongkou-2016-07>", "<event/hongkou-2016-07.2016-07>"
AGREEMENT = "<agreement/hongkou-1999-10-21>"
AREA, POPULATION = "<statistic/hongkou-area>", "<statistic/hongkou-population>"

MUTATIONS = (
    Mutation("a city entered twice", "Municipality-once", _copy(HONGKOU, "<municipality/hongkou-2>")),
    Mutation("a city entered twice, by its name alone", "Municipality-once",
             _insert('<municipality/new> a kg:Municipality ; rdfs:label "홍구구"@ko')),
    Mutation("an exchange entered twice", "Exchange-once", _copy(VISIT, "<exchange/again>")),
    Mutation("an exchange entered twice, with an event of its own", "Exchange-once",
             f"{_copy(VISIT, '<exchange/again>')} ; {_copy(VISIT_EVENT, '<event/again>')} ; "
             f"{_replace('<exchange/again>', 'kg:event', '<event/again>')} ; "
             f"{_replace('<event/again>', 'kg:record', '<exchange/again>')}"),
    Mutation("a population that contradicts its text", "Statistic-printed",
             _replace(POPULATION, "kg:value", "7100000")),
    Mutation("an area that contradicts its text", "Statistic-printed", _replace(AREA, "kg:value", "234")),
    Mutation("a count that contradicts its text", "UnitCount-printed",
             _replace("<unit-count/hongkou-division.1>", "kg:count", "9")),
    Mutation("an event in the future", "ExchangeEvent-future", _redate(VISIT_EVENT, "2061-07-01")),
    Mutation("an event before the tie without reason", "ExchangeEvent-before-tie",
             _redate(VISIT_EVENT, "1961-07-01")),
    Mutation("an agreement with one party", "Agreement-party",
             f"DELETE DATA {_IN_PAGE.format(f'{AGREEMENT} kg:party {HONGKOU}')}"),
    Mutation("an agreement with the wrong city", "Agreement-party-city",
             f"DELETE DATA {_IN_PAGE.format(f'{AGREEMENT} kg:party {HONGKOU}')} ; "
             f"{_insert(f'{AGREEMENT} kg:party <municipality/hebi>')}"),
    Mutation("an agreement of two other cities", "Agreement-party-seocho",
             f"DELETE DATA {_IN_PAGE.format(f'{AGREEMENT} kg:party <municipality/seocho>')} ; "
             f"{_insert(f'{AGREEMENT} kg:party <municipality/hebi>')}"),
    Mutation("a tie with the wrong city", "Friendship-party-city", _insert(f"{TIE} kg:party <municipality/hebi>")),
    Mutation("an area in persons", "Place-area-unit", _replace(AREA, "kg:unit", "unit:PERSON")),
    Mutation("a population in square kilometres", "Place-population-unit",
             _replace(POPULATION, "kg:unit", "unit:KiloM2")),
    Mutation("an anniversary of an agreement that does not fit its dates", "Anniversary-dates",
             _replace("<anniversary/jianhua-2014-10.1>", "kg:ordinal", "11")),
    Mutation("an anniversary of Seocho-gu that does not fit the others", "Anniversary-others",
             _replace("<anniversary/hongkou-2013-05.1>", "kg:ordinal", "52")),
    Mutation("a direction that contradicts who visited whom", "Exchange-visit",
             f"{_replace(VISIT, 'kg:direction', '<direction/from-seocho>')} ; "
             f"{_replace(VISIT_EVENT, 'kg:direction', '<direction/from-seocho>')}"),
    Mutation("a place visited that contradicts the direction", "Exchange-visit",
             _replace(VISIT, "kg:visited", HONGKOU)),
    Mutation("a direction of an event that contradicts its record", "ExchangeEvent-direction-of-record",
             _replace(VISIT_EVENT, "kg:direction", "<direction/from-seocho>")),
    Mutation("an unstated direction that is stated", "Directed-stated",
             _replace(VISIT, "kg:direction", "<direction/unstated>")),
    Mutation("an unstated direction of an event that is stated", "Directed-stated",
             _replace(VISIT_EVENT, "kg:direction", "<direction/unstated>")),
    Mutation("a cycle of one in kg:within", "Place-cycle", _insert(f"{HONGKOU} kg:within {HONGKOU}", "elsewhere")),
    Mutation("a cycle of three in kg:within", "Place-cycle", _insert(f"<country/cn> kg:within {HONGKOU}", "elsewhere")),
    Mutation("a misspelt property of our namespace", "Thing-known-term", _insert(f'{VISIT} kg:purpse "방문"@ko')),
    Mutation("a misspelt property of a passage", "Thing-known-term",
             _insert("<passage/seocho-china.1.1-3> kg:lineNumbr 1", "provenance")),
    Mutation("a misspelt class of our namespace", "Thing-known-term", _insert("<exchange/new> a kg:ExchangeRecrod")),
    Mutation("a city without area", "Partner-area", _delete(HONGKOU, "kg:area")),
    Mutation("a city without population", "Partner-population", _delete(HONGKOU, "kg:population")),
    Mutation("a fact from elsewhere without its claim", "Place-evidenced",
             "DELETE WHERE { GRAPH graphs:elsewhere { <claim/hongkou.latitude> ?p ?o } }"),
    Mutation("a name from elsewhere without its claim", "Place-name-evidenced",
             """DELETE { GRAPH graphs:elsewhere { ?claim ?p ?o } } WHERE { GRAPH graphs:elsewhere {
                ?claim rdf:subject <municipality/hongkou> ; rdf:predicate rdfs:label ; rdf:object ?name ; ?p ?o } }"""),
    Mutation("a code from elsewhere that nothing gives evidence for", "Place-evidenced",
             _insert(f'{HONGKOU} kg:administrativeCode "310000"', "elsewhere")),
    Mutation("a second latitude", "Place-latitude", _insert(f"{HONGKOU} kg:latitude 30.5", "elsewhere")),
    Mutation("a second longitude", "Place-longitude", _insert(f"{HONGKOU} kg:longitude 120.5", "elsewhere")),
    Mutation("a second point", "Place-geometry",
             _insert(f"{HONGKOU} geo:hasGeometry <geometry/new> . "
                     "<geometry/new> a geo:Geometry ; geo:asWKT 'POINT(1 2)'^^geo:wktLiteral", "elsewhere")),
    Mutation("a duplicate tie", "Partner-one-tie", _copy(TIE, "<friendship/again>")),
    Mutation("an emptied catalogue", "SourcePage-dataset", "CLEAR GRAPH graphs:catalog"),
    Mutation("a catalogue without datasets", "Catalog-dataset",
             "DELETE WHERE { GRAPH graphs:catalog { ?catalog dcat:dataset ?dataset } }"),
    Mutation("a dataset in no catalogue", "Dataset-catalog",
             "DELETE WHERE { GRAPH graphs:catalog { ?catalog a dcat:Catalog ; ?p ?o } }"),
    # caught before
    Mutation("a deleted city", "Friendship-partner", f"DELETE WHERE {{ GRAPH ?g {{ {HONGKOU} ?p ?o }} }}"),
    Mutation("a city without its type", "Friendship-partner", _delete(HONGKOU, "a")),
    Mutation("a deleted tie", "Exchange-friendship", f"DELETE WHERE {{ GRAPH ?g {{ {TIE} ?p ?o }} }}"),
    Mutation("a deleted agreement", "Friendship-founded-by", f"DELETE WHERE {{ GRAPH ?g {{ {AGREEMENT} ?p ?o }} }}"),
    Mutation("a deleted exchange", "ExchangeEvent-record", f"DELETE WHERE {{ GRAPH ?g {{ {VISIT} ?p ?o }} }}"),
    Mutation("a deleted event", "Exchange-event", f"DELETE WHERE {{ GRAPH ?g {{ {VISIT_EVENT} ?p ?o }} }}"),
    Mutation("another partner of a tie", "Exchange-partner-of-friendship",
             _replace(TIE, "kg:partner", "<municipality/shanghai>")),
    Mutation("a value that is no date", "DatatypeConstraintComponent",
             _replace(VISIT_EVENT, "kg:startDate", '"2016-07-99"^^xsd:date')),
    Mutation("a start after the end", "Dated-start", _replace(VISIT_EVENT, "kg:startDate", '"2017-07-01"^^xsd:date')),
    Mutation("a deleted page", "SourceLine-page", "DELETE WHERE { GRAPH ?g { <page/seocho-china> ?p ?o } }"),
    Mutation("a deleted scheme", "Exchange-direction",
             "DELETE WHERE { GRAPH graphs:vocabulary { <direction/to-seocho> ?p ?o } }"),
)  # fmt: skip
