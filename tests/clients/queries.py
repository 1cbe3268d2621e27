"""The queries and updates that every client sends, and the expected answers."""

_CITIES = "https://kg.seocho.example/id/municipality/"
NAMES = {
    f"{_CITIES}baishan": "백산시",
    f"{_CITIES}dongcheng": "동성구",
    f"{_CITIES}hebi": "학벽시",
    f"{_CITIES}hongkou": "홍구구",
    f"{_CITIES}jianhua": "건화구",
    f"{_CITIES}langfang": "랑팡시",
    f"{_CITIES}laoshan": "노산구",
    f"{_CITIES}zaozhuang": "조장시",
}
"""The Korean name of each city by its IRI."""
HONGKOU = f"{_CITIES}hongkou"
LABEL = "http://www.w3.org/2000/01/rdf-schema#label"

_PREFIXES = f"PREFIX kg: <https://kg.seocho.example/ontology#>\nPREFIX rdfs: <{LABEL.removesuffix('label')}>\n"
PATTERN = '?tie a kg:Friendship ; kg:partner ?city . ?city rdfs:label ?name FILTER(LANG(?name) = "ko")'
SELECT = f"{_PREFIXES}SELECT ?city ?name WHERE {{ {PATTERN} }} ORDER BY ?city"
CONSTRUCT = f"{_PREFIXES}CONSTRUCT {{ ?city rdfs:label ?name }} WHERE {{ {PATTERN} }}"
PARTNERS = f"{_PREFIXES}CONSTRUCT {{ ?tie kg:partner ?city }} WHERE {{ {PATTERN} }}"
"""A graph of IRIs alone: CSV loses nothing of it."""
DESCRIBE = f"DESCRIBE <{HONGKOU}>"
ASK = {
    True: f"{_PREFIXES}ASK {{ ?tie a kg:Friendship }}",
    False: f"{_PREFIXES}ASK {{ ?tie a kg:Friendship ; kg:partner ?tie }}",
}
"""An ASK query by its answer."""

GRAPH = "http://example.org/clients"
"""The graph that tests write to, apart from the owner's data; the fixture ``graph`` drops it."""
SUBJECT, PREDICATE, NOTE = "http://example.org/visit", "http://example.org/note", "방문 & 교류"
TRIPLE = f'<{SUBJECT}> <{PREDICATE}> "{NOTE}"@ko'
WRITTEN = f"GRAPH <{GRAPH}> {{ {TRIPLE} }}"
INSERT = f"INSERT DATA {{ {WRITTEN} }}"
DELETE = f"DELETE WHERE {{ GRAPH <{GRAPH}> {{ ?s ?p ?o }} }}"
NOTES = "SELECT ?note WHERE { ?visit <http://example.org/note> ?note }"
"""A query with one solution where that graph is the default graph."""
