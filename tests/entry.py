"""One more exchange, as somebody at the office would enter it: about twenty triples in two graphs, valid."""

BASE = "https://kg.seocho.example/"
_PREFIXES = f"""PREFIX kg: <{BASE}ontology#>
PREFIX graphs: <{BASE}graphs/>
PREFIX prov: <http://www.w3.org/ns/prov#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
BASE <{BASE}id/>
"""
_PASSAGE = "passage/seocho-china.196.7-44"


def record_of(name: str) -> str:
    """Return the IRI of the exchange of that name."""
    return f"{BASE}id/exchange/{name}"


def entering(name: str) -> str:
    """Return the update that enters the exchange of that name."""
    return f"""{_PREFIXES}INSERT DATA {{
  GRAPH graphs:page {{
    <exchange/{name}> a kg:ExchangeRecord ;
      rdfs:label "우호도시 방문 {name}"@ko ; kg:description "우호도시 방문 {name}"@ko ;
      kg:direction <direction/mutual> ; kg:directionStated true ; kg:event <event/{name}.2025-03> ;
      kg:exchangedWith <municipality/hebi> ; kg:friendship <friendship/seocho-hebi> ;
      kg:kind <exchange-kind/visit> ; kg:primaryKind <exchange-kind/visit> .
    <event/{name}.2025-03> a kg:ExchangeEvent ; rdfs:label "우호도시 방문 {name} (2025년 3월)"@ko ; kg:bracket 0 ;
      kg:datePrecision "month" ; kg:datePrinted "2025년 3월" ; kg:edtf "2025-03" ;
      kg:startDate "2025-03-01"^^xsd:date ; kg:endDate "2025-03-31"^^xsd:date ;
      kg:direction <direction/mutual> ; kg:directionStated true ; kg:record <exchange/{name}> .
  }}
  GRAPH graphs:provenance {{
    <exchange/{name}> prov:wasDerivedFrom <{_PASSAGE}> .
    <event/{name}.2025-03> prov:wasDerivedFrom <{_PASSAGE}> .
  }}
}}"""
