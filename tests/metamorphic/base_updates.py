"""The updates that are rewritten: each writes into graphs below ``http://example.org/written/`` alone."""

from __future__ import annotations

from metamorphic.requests import Base

BASE_UPDATES = (
    Base(
        "data of every kind",
        r"""
        INSERT DATA {
          GRAPH w:a { ex:a ex:p ex:b , ex:c ; ex:n 1 , 2.5 , -3 , 1e0 ; ex:is true , false .
            _:x ex:p [ ex:q "} GRAPH ?g { #" , '\'"\t'@en , "서초구"@ko ] ; a ex:Thing . }
          GRAPH w:b { ex:a ex:list ( 1 "two" ( ) ) ; ex:on "2011-05-17"^^xsd:date . }
        }
        """,
    ),
    Base(
        "removal sees the data before it",
        r"""
        INSERT DATA { GRAPH w:a { ex:a ex:n 1 , 2 , 3 ; ex:q "x" . ex:b ex:n 1 } } ;
        DELETE DATA { GRAPH w:a { ex:a ex:n 2 } } ;
        DELETE WHERE { GRAPH w:a { ?x ex:q ?y . ?x ex:n 3 } } ;
        INSERT { GRAPH w:b { ?x ex:left ?y } } WHERE { GRAPH w:a { ?x ex:n|ex:q ?y } }
        """,
    ),
    Base(
        "paths of length zero",
        r"""
        INSERT { GRAPH w:a { ?x ex:n 1 } GRAPH w:b { ?class ex:above ?x } }
        WHERE { ex:nowhere ex:p* ?x . OPTIONAL { GRAPH g:vocabulary { kg:Municipality rdfs:subClassOf* ?class } } }
        """,
    ),
    Base(
        "insertion with the graph variable unbound inside",
        "INSERT { GRAPH w:a { ?g ex:seen true } } WHERE { GRAPH ?g { FILTER(BOUND(?g)) } }",
    ),
    Base(
        "insertion of a difference in any graph",
        r"""
        INSERT { GRAPH w:a { ?x ex:in ?g ; ex:seen ?seen } }
        WHERE { GRAPH ?g { ?x a kg:Friendship MINUS { ?x kg:partner id:municipality\/hebi }
          BIND(COALESCE(STR(?g), "unbound") AS ?seen) } }
        """,
    ),
    Base(
        "graphs named by the solutions",
        r"""
        INSERT { GRAPH ?to { ?tie ex:with ?city . ?city ex:named ?name } }
        WHERE { GRAPH g:page { ?tie kg:partner ?city . ?city rdfs:label ?name }
          FILTER(STRENDS(STR(?city), "hebi") || STRENDS(STR(?city), "hongkou"))
          BIND(IRI(CONCAT("http://example.org/written/", STRAFTER(STR(?city), "municipality/"))) AS ?to) }
        """,
    ),
    Base(
        "WITH and a change",
        r"""
        INSERT DATA { GRAPH w:a { ex:a ex:n 1 . ex:b ex:n 5 . ex:c ex:q "a" } GRAPH w:b { ex:a ex:n 7 } } ;
        WITH w:a DELETE { ?x ex:n ?n } INSERT { ?x ex:n ?m . GRAPH w:c { ?x ex:was ?n } }
        WHERE { ?x ex:n ?n FILTER(?n < 7) BIND(?n * 10 AS ?m) FILTER NOT EXISTS { ?x ex:q ?q } }
        """,
    ),
    Base(
        "merge of graphs with USING",
        r"""
        WITH w:a INSERT { ?x ex:times ?n . [] ex:of ?x } USING ex:small USING ex:other
        WHERE { SELECT ?x (COUNT(*) AS ?n) { ?x ex:p|ex:n ?y FILTER(isIRI(?x)) } GROUP BY ?x }
        """,
    ),
    Base(
        "named graphs with USING NAMED",
        r"""
        INSERT { GRAPH w:a { ?g ex:holds ?n . _:each ex:is ?g } } USING g:page USING NAMED ex:small USING NAMED ex:other
        WHERE { { GRAPH ?g { SELECT (COUNT(?y) AS ?n) { ?x ex:p ?y } } } UNION { ?g a kg:Friendship } }
        """,
    ),
    Base(
        "aggregates with languages",
        r"""
        INSERT { GRAPH w:a { ?city ex:names ?names ; ex:twice ?twice } }
        WHERE { { SELECT ?city (GROUP_CONCAT(?name; SEPARATOR=", ") AS ?names) (COUNT(?name) AS ?n) (?n * 2 AS ?twice)
          { GRAPH g:page { ?tie kg:partner ?city . ?city rdfs:label ?name FILTER(LANG(?name) = "ko") } }
          GROUP BY ?city } }
        """,
    ),
    Base(
        "management of graphs",
        r"""
        INSERT DATA { GRAPH w:a { ex:a ex:p 1 } GRAPH w:b { ex:b ex:p 2 } } ;
        COPY w:a TO w:c ; ADD SILENT GRAPH w:b TO GRAPH w:c ; MOVE w:b TO w:d ; CLEAR SILENT GRAPH w:nowhere ;
        INSERT { GRAPH w:e { ?x ex:seen ?g } } WHERE { GRAPH ?g { ?x ex:p 1 , 2 } } ;
        INSERT { GRAPH w:e { ?x ex:in ?g } } WHERE { GRAPH ?g { ?x ex:p ?n } FILTER(?n IN (1, 2)) } ; DROP GRAPH w:d
        """,
    ),
    Base(
        "scopes in a change",
        r"""
        INSERT { GRAPH w:a { ?x ex:got ?b ; ex:said ?r } }
        WHERE { VALUES (?a ?x) { (1 ex:a) (2 ex:b) } OPTIONAL { { VALUES ?b { 9 } FILTER(?a = 2) } }
          OPTIONAL { OPTIONAL { BIND("v" AS ?f) } BIND(COALESCE(?f, "none") AS ?r) }
          MINUS { VALUES ?elsewhere { 1 } } }
        """,
    ),
)
