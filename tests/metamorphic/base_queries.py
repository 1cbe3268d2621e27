"""The queries that are rewritten: each feature that an engine may read otherwise than the specification, once at least.

They ask the owner's graph, and two small graphs with what that one lacks: cycles, blank nodes, a list, numbers of three
types, and a triple that stands in both.
"""

from __future__ import annotations

from pyoxigraph import Literal, NamedNode

from metamorphic.requests import QUERIED_GRAPHS, Base

EXAMPLE = "http://example.org/"
SMALL, OTHER = f"{EXAMPLE}small", f"{EXAMPLE}other"

SMALL_GRAPHS = {
    SMALL: """
        @prefix ex: <http://example.org/> . @prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
        @prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
        ex:a ex:p ex:b ; ex:n 1 , 2.5 , 3e0 ; rdfs:label "a { not a group }"@en , "가 # 주석 아님"@ko .
        ex:b ex:p ex:c ; ex:n 2 ; ex:q "x" , "GRAPH ?g { }" ; ex:on "2011-05-17"^^xsd:date .
        ex:c ex:p ex:a , ex:d ; ex:is true ; ex:on "2011-05-18"^^xsd:date .
        ex:d ex:q ex:d ; ex:is false ; ex:item-no.1_x ( 1 "two" ex:three ) .
        _:one ex:p _:two . _:two ex:n 5 .
        """,
    OTHER: """
        @prefix ex: <http://example.org/> .
        ex:a ex:p ex:b ; ex:n 1 . ex:e ex:p ex:a , ex:other ; ex:q "x"@en . _:one ex:p ex:a .
        """,
}

_PATHS = (
    Base("path from a constant", "SELECT ?class { kg:Municipality rdfs:subClassOf* ?class }"),
    Base("path to a constant", "SELECT ?class WHERE { ?class rdfs:subClassOf* prov:Entity . }"),
    Base("path to an unknown constant", "SELECT ?class { ?class rdfs:subClassOf* kg:Place }"),
    Base(
        "path to a constant, then a label",
        "SELECT DISTINCT ?class ?label { ?class rdfs:subClassOf* prov:Entity. ?class rdfs:label ?label }",
    ),
    Base("path of length zero at an unknown node", "SELECT ?x { ex:nowhere ex:p* ?x . }"),
    Base("optional step at an unknown node", "SELECT ?x { ex:nowhere ex:p? ?x FILTER(?x != ex:other) }"),
    Base("path of length zero between unknown constants", "ASK { ex:nowhere ex:p* ex:nowhere }"),
    Base("path between two unknown constants", "ASK { ex:nowhere (ex:p|^ex:q)* ex:elsewhere }"),
    Base(
        "path from a variable to itself",
        """
        SELECT ?x { VALUES ?x { ex:nowhere ex:a kg:Place } GRAPH ex:small { ?x ex:p? ?x } }
        """,
    ),
    Base("path between variables", "SELECT ?x ?y { GRAPH ex:small { ?x ex:p* ?y FILTER(isIRI(?x)) } }"),
    Base("one or more steps in a cycle", "SELECT ?x ?y { GRAPH ex:small { ?x (ex:p|ex:q)+ ?y . FILTER isIRI(?x) } }"),
    Base(
        "path of length zero in any graph",
        "SELECT ?g ?x { GRAPH ?g { ex:nowhere rdfs:subClassOf* ?x } }",
        per_graph=(lambda graph: {"g": graph, "x": NamedNode(f"{EXAMPLE}nowhere")},),
    ),
    Base("path there and back", "SELECT ?x { BIND(ex:small AS ?m) GRAPH ?m { ex:a (ex:p/^ex:p)* ?x } }"),
    Base(
        "sequence, alternative and inverse",
        r"""
        SELECT ?date { id:friendship\/seocho-hongkou kg:foundedBy/(kg:startDate|kg:endDate)|^kg:friendship/
          kg:event/kg:startDate ?date }
        """,
    ),
    Base(
        "negated property set",
        r"""
        SELECT ?x { id:friendship\/seocho-hongkou !(rdf:type|rdfs:label|^kg:friendship|^kg:about|kg:position) ?x
          FILTER(!isLiteral(?x)) }
        """,
    ),
    Base("path with a type", "SELECT (COUNT(*) AS ?n) { ?x a/rdfs:subClassOf* prov:Entity }"),
    Base(
        "path after a binding",
        """
        SELECT ?x ?y { GRAPH ex:small { ?x ex:is true } OPTIONAL { GRAPH ex:small { ?x ex:p? ?y } } }
        """,
    ),
    Base(
        "list",
        """
        SELECT ?x ?rest { GRAPH ex:small { ?x ex:item-no.1_x ( 1 "two" ?rest ) . ?x ex:item-no.1_x/rdf:rest*/
          rdf:first ex:three } }
        """,
    ),
    Base("group of optional steps", "SELECT ?x { GRAPH ex:small { ex:a (ex:p/ex:p?)?/ex:n ?x } }"),
)

_INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
_ZERO = Literal("0", datatype=_INTEGER)

_GRAPHS = (
    Base("graph variable unbound inside", "SELECT * { GRAPH ?g { FILTER(BOUND(?g)) } }"),
    Base("empty group in any graph", "SELECT ?g { GRAPH ?g { } }", per_graph=(lambda graph: {"g": graph},)),
    Base(
        "aggregate in any graph",
        "SELECT ?g ?m { GRAPH ?g { SELECT (COUNT(*) AS ?m) { ?s a kg:Municipality } } }",
        per_graph=(lambda graph: {"g": graph, "m": _ZERO},),
    ),
    Base(
        "difference in any graph",
        "SELECT ?g ?x { GRAPH ?g { ?x a kg:Friendship MINUS { ?x kg:partner id:municipality\\/hebi } } }",
    ),
    Base(
        "difference without the pattern in any graph",
        "SELECT ?g ?x { GRAPH ?g { VALUES ?x { ex:a ex:e } MINUS { ?x ex:q ?y } } }",
        per_graph=(
            lambda graph: {"g": graph, "x": NamedNode(f"{EXAMPLE}a")},
            lambda graph: {"g": graph, "x": NamedNode(f"{EXAMPLE}e")},
        ),
    ),
    Base(
        "data in any graph",
        'SELECT ?g ?x { GRAPH ?g { VALUES ?x { "GRAPH ?g { }" } } }',
        per_graph=(lambda graph: {"g": graph, "x": Literal("GRAPH ?g { }")},),
    ),
    Base(
        "optional part first in any graph",
        "SELECT ?g ?x { GRAPH ?g { OPTIONAL { ?x a kg:Friendship } } }",
        per_graph=(lambda graph: {"g": graph},),
    ),
    Base("graph in a graph", "SELECT ?g ?h ?x { GRAPH ?g { ?x ex:p ex:b GRAPH ?h { ?x ex:n ?n } } }"),
    Base("constant graph in any graph", "SELECT ?g ?x ?l { GRAPH ?g { ?x ex:q ?y GRAPH ex:small { ?x ex:n ?l } } }"),
    Base("graph variable as a node", "SELECT ?g ?x { GRAPH ?g { ?x ex:p ?g } }"),
    Base(
        "graph variable in an expression",
        'SELECT ?g ?x ?seen { GRAPH ?g { ?x ex:p ex:b BIND(COALESCE(?g, "unbound") AS ?seen) } }',
    ),
    Base(
        "existence in any graph",
        """
        SELECT ?g ?x { GRAPH ?g { ?x ex:p ?y FILTER EXISTS { ?y ex:p ?z FILTER(isIRI(?z)) } } FILTER(isIRI(?x))
          }
        """,
    ),
    Base("filter on the graph", "SELECT ?x { GRAPH ?g { ?x a kg:Friendship } FILTER(?g IN (g:page, g:elsewhere)) }"),
    Base("count by graph", "SELECT ?g (COUNT(?x) AS ?n) WHERE { GRAPH ?g { ?x rdfs:label ?label } } GROUP BY ?g"),
    Base(
        "graph variable bound before",
        """
        SELECT ?g ?x { VALUES ?g { ex:other g:nowhere } GRAPH ?g { ?x ex:p ?y MINUS { ?x ex:q ?z } } FILTER(
          isIRI(?x)) }
        """,
    ),
    Base(
        "union in any graph",
        """
        SELECT ?g ?x { GRAPH ?g { { ?x ex:q ?y } UNION { ex:a ex:n ?x } UNION { SELECT (MAX(?d) AS ?x) { ?s
          ex:on ?d } HAVING(COUNT(?d) > 0) } } }
        """,
    ),
    Base("unknown graph", "SELECT ?x { GRAPH ex:nowhere { ?x ?p ?y } }"),
)

_AGGREGATES = (
    Base(
        "labels concatenated",
        """
        SELECT ?city (GROUP_CONCAT(?name; SEPARATOR=" / ") AS ?names) { ?tie kg:partner ?city . ?city rdfs:label
          ?name } GROUP BY ?city
        """,
        joined={"names": " / "},
    ),
    Base(
        "type and language of labels concatenated",
        r"""
        SELECT (DATATYPE(?all) AS ?type) (LANG(?all) AS ?language) { SELECT (GROUP_CONCAT(?name) AS ?all) {
          id:municipality\/hebi rdfs:label ?name FILTER(LANGMATCHES(LANG(?name), 'ko')) } }
        """,
    ),
    Base(
        "distinct count with HAVING",
        """
        SELECT ?kind (COUNT(DISTINCT ?city) AS ?cities) { ?record kg:primaryKind ?kind ; kg:exchangedWith ?city
          } GROUP BY ?kind HAVING (COUNT(DISTINCT ?city) >= 2 && COUNT(*) > 3)
        """,
    ),
    Base(
        "variable of a SELECT expression used again",
        """
        SELECT ?kind (COUNT(?record) AS ?n) (?n * 2 AS ?twice) (IF(?twice > 20, 'many', "few") AS ?size) {
          ?record kg:primaryKind ?kind } GROUP BY ?kind
        """,
    ),
    Base(
        "aggregates of nothing",
        """
        SELECT (COUNT(?o) AS ?n) (SUM(?o) AS ?sum) (AVG(?o) AS ?mean) (MAX(?o) AS ?most) (GROUP_CONCAT(?o) AS
          ?all) { ?x ex:nowhere ?o }
        """,
    ),
    Base("groups of nothing", "SELECT ?x (COUNT(?o) AS ?n) { ?x ex:nowhere ?o } GROUP BY ?x"),
    Base(
        "sum, mean and extremes",
        """
        SELECT (SUM(?area) AS ?sum) (MIN(?area) AS ?least) (MAX(?area) AS ?most) (MIN(?since) AS ?first) { ?tie
          kg:partner ?city ; kg:foundedBy/kg:startDate ?since . ?city kg:area/kg:value ?area }
        """,
    ),
    Base(
        "groups by an expression",
        """
        SELECT ?year (COUNT(*) AS ?n) { ?event a kg:ExchangeEvent ; kg:startDate ?start } GROUP BY (YEAR(?start)
          AS ?year) ORDER BY ?year
        """,
        is_ordered=True,
    ),
    Base(
        "count in a subquery",
        """
        SELECT ?city ?n { { SELECT ?city (COUNT(?record) AS ?n) { ?record kg:exchangedWith ?city } GROUP BY
          ?city } ?tie kg:partner ?city FILTER(?n > 5) }
        """,
    ),
    Base(
        "aggregate that fails",
        """
        SELECT ?x (SUM(?v) AS ?sum) (COUNT(?v) AS ?n) { GRAPH ex:small { ?x ex:p|ex:n|ex:q ?v FILTER(isIRI(?x))
          } } GROUP BY ?x
        """,
    ),
)

_DATASETS = (
    Base("one default graph", "SELECT ?x FROM g:page WHERE { ?x a kg:Municipality ; rdfs:label ?name }"),
    Base("merge of two graphs", "SELECT ?x ?y FROM ex:small FROM ex:other { ?x ex:p|ex:n ?y FILTER(isIRI(?x)) }"),
    Base(
        "named graphs alone",
        """
        SELECT ?g ?x FROM NAMED ex:other FROM NAMED g:page { { ?x ex:p ?y } UNION { GRAPH ?g { ?x ex:p ex:b } }
          UNION { GRAPH ?g { ?x a kg:Friendship } } }
        """,
    ),
    Base(
        "both kinds of graphs",
        """
        SELECT ?x ?g (COUNT(?l) AS ?n) FROM g:vocabulary FROM NAMED g:page FROM NAMED ex:small { ?x
          rdfs:subClassOf* prov:Entity OPTIONAL { GRAPH ?g { ?any a ?x ; rdfs:label ?l } } } GROUP BY ?x ?g
        """,
    ),
    Base(
        "dataset with a path of length zero",
        """
        SELECT ?g ?x FROM ex:small FROM NAMED ex:other FROM NAMED g:page { GRAPH ?g { ex:nowhere ex:p* ?x } }
        """,
    ),
    Base(
        "default graph of the protocol",
        "SELECT ?x ?y { ?x ex:p ?y FILTER(isIRI(?x)) }",
        parameters=(("default-graph-uri", SMALL), ("default-graph-uri", OTHER)),
    ),
    Base(
        "named graphs of the protocol",
        "SELECT ?g ?n { GRAPH ?g { SELECT (COUNT(*) AS ?n) { ?x ex:p ?y } } }",
        parameters=(("default-graph-uri", QUERIED_GRAPHS[0]), ("named-graph-uri", SMALL), ("named-graph-uri", OTHER)),
    ),
)

_SCOPES = (
    Base(
        "filter of an optional part",
        """
        SELECT ?a ?b { VALUES ?a { 1 2 } OPTIONAL { VALUES ?b { 'OK' } FILTER(?a >= 2) } }
        """,
    ),
    Base(
        "filter of a group in an optional part",
        """
        SELECT ?a ?b { VALUES ?a { 1 2 } OPTIONAL { { VALUES ?b { 9 } FILTER(?a = 2) } } }
        """,
    ),
    Base(
        "binding in an optional part",
        """
        SELECT ?r { OPTIONAL { OPTIONAL { BIND("v" AS ?f) } BIND(COALESCE(?f, "none") AS ?r) } }
        """,
    ),
    Base(
        "binding after an optional part",
        r"""
        SELECT ?record ?to ?said { ?record kg:exchangedWith id:municipality\/hebi . OPTIONAL { ?record kg:topic
          ?to } BIND(COALESCE(STR(?to), "no topic") AS ?said) FILTER(STRLEN(?said) < 60) }
        """,
    ),
    Base(
        "data with UNDEF",
        """
        SELECT ?x ?y ?z { VALUES (?x ?y) { (1 UNDEF) (UNDEF "b") (2 true) (UNDEF UNDEF) } VALUES (?x ?z) { (1
          "one") (UNDEF "any") } }
        """,
    ),
    Base(
        "data after the query",
        r"""
        SELECT ?city ?n { ?city kg:area/kg:value ?n } VALUES ?city { id:municipality\/hebi
          <https://kg.seocho.example/id/municipality/hongkou> }
        """,
    ),
    Base(
        "absence in absence",
        """
        SELECT ?x { VALUES ?x { 1 2 3 } FILTER NOT EXISTS { VALUES ?y { 2 3 } FILTER(?y = ?x) FILTER NOT EXISTS
          { VALUES ?z { 3 } FILTER(?z = ?y) } } }
        """,
    ),
    Base("difference first", "SELECT ?x { MINUS { VALUES ?x { 1 } } VALUES ?x { 1 2 } }"),
    Base(
        "difference without a shared variable",
        """
        SELECT ?x { VALUES ?x { 1 2 } MINUS { VALUES ?y { 1 } } MINUS { VALUES (?x ?y) { (2 UNDEF) } } }
        """,
    ),
    Base(
        "optional parts in a row",
        """
        SELECT * { ?tie a kg:Friendship ; kg:partner ?city . OPTIONAL { ?city kg:population/kg:asOf ?day }
          OPTIONAL { ?tie kg:foundedBy ?deed . ?deed kg:conclusionMethod ?how } OPTIONAL { ?city kg:population/
          kg:basis ?basis FILTER(BOUND(?day)) } }
        """,
    ),
    Base(
        "union with different variables",
        """
        SELECT * { { ?x kg:partner ?a } UNION { ?b kg:founds ?x FILTER(?b != ?x) } UNION { VALUES (?x ?c) { (
          ex:a UNDEF) (UNDEF 1) } } }
        """,
    ),
    Base(
        "blank nodes in a pattern",
        """
        SELECT DISTINCT ?city { ?tie kg:partner ?city ; kg:foundedBy [ kg:datePrecision "day" ; a [] ] . _:any
          kg:exchangedWith ?city ; kg:topic [ ] . }
        """,
    ),
)

_EXPRESSIONS = (
    Base(
        "regular expressions",
        r"""
        SELECT ?name ?a ?b { ?tie kg:partner/rdfs:label ?name FILTER(REGEX(?name, "^[BH][a-z]+ (city|district)$"
          , "i") && LANG(?name) = "en") BIND(REPLACE(STR(?name), "(\\w+) (\\w+)", "$2_$1") AS ?a) BIND(REPLACE(
          '5', "5", "\\$5{}") AS ?b) }
        """,
    ),
    Base(
        "strings that look like syntax",
        r"""
        SELECT ?x ?a ?b { VALUES ?x { "} GRAPH ?g { # \" '" 'a\tb\\nc' '''it's "q" \' ''' "홍구구 虹口" "" } BIND(
          STRLEN(?x) AS ?a) BIND(CONTAINS(?x, "?g") AS ?b) }
        """,
    ),
    Base(
        "strings with languages",
        """
        SELECT (CONCAT("a"@ko, "b"@ko) AS ?a) (UCASE("straße"@de) AS ?b) (SUBSTR("서초구청"@ko, 2, 2) AS ?c) (
          STRLANG("x", "en") AS ?d) (STRBEFORE("a-b"@en, "-") AS ?e) (STRAFTER("a", "z") AS ?f) (ENCODE_FOR_URI(
          "서/초") AS ?h) {}
        """,
    ),
    Base(
        "comparison of dates",
        """
        SELECT ?event { ?event a kg:ExchangeEvent ; kg:startDate ?start ; kg:endDate ?end FILTER(?start >=
          "2011-01-01"^^xsd:date && ?end < "2012-07-01"^^xsd:date && MONTH(?start) != 5) }
        """,
    ),
    Base(
        "numbers and their operators",
        """
        SELECT ?x ?a ?b ?c { VALUES ?x { 1 2.5 4 -3 +7 } BIND(?x * 2 + 1 AS ?a) BIND(IF(?x<0, -?x, ?x -1) AS ?b)
          BIND(ABS(?x) + 0.5 > 3 AS ?c) }
        """,
    ),
    Base(
        "doubles",
        """
        SELECT ?x ?y { GRAPH ex:small { ?x ex:n ?y FILTER(?y = 1 || ?y = 2.5e0 || ?y >= 3) FILTER(isIRI(?x)) } }
        """,
    ),
    Base(
        "booleans",
        """
        SELECT ((false < true) AS ?a) (!true AS ?b) ((1 = 1.0) AS ?c) ((2 IN (1, 1/0, 2)) AS ?d) ((3 NOT IN ())
          AS ?e) (COALESCE(1/0, "error") AS ?f) (sameTerm(1, 1.0) AS ?h) { }
        """,
    ),
    Base(
        "errors in a filter",
        """
        SELECT ?x { VALUES ?x { 1 "a" UNDEF ex:a } FILTER(?x > 0 || true) FILTER(!(?x = "b" && BOUND(?x))) }
        """,
    ),
    Base(
        "functions on terms",
        """
        SELECT ?x (isNumeric(?v) AS ?a) (DATATYPE(?v) AS ?b) (STR(?v) AS ?c) (LCASE(LANG(?v)) AS ?d) { GRAPH
          ex:small { ?x ex:n|ex:is|ex:on|rdfs:label ?v FILTER(isIRI(?x)) } }
        """,
    ),
    Base(
        "total order with a limit",
        """
        SELECT ?event ?start { ?event a kg:ExchangeEvent ; kg:startDate ?start } ORDER BY DESC(?start) ?event
          LIMIT 12 OFFSET 3
        """,
        is_ordered=True,
    ),
    Base(
        "limit in a subquery",
        """
        SELECT ?line ?role { { SELECT ?line { ?line kg:lineText ?text } ORDER BY ?line LIMIT 7 } ?line
          kg:lineRole ?role }
        """,
    ),
    Base(
        "distinct solutions",
        """
        SELECT DISTINCT ?kind ?direction WHERE { ?record kg:kind ?kind ; kg:direction ?direction . } ORDER BY
          ?kind ?direction
        """,
        is_ordered=True,
    ),
)

_FORMS = (
    Base("question", 'ASK WHERE { ?city rdfs:label "허베이성"@ko , "虹口区"@zh-hans }'),
    Base("question with a difference", "ASK { ?tie a kg:Friendship MINUS { ?tie kg:foundedBy ?deed } }"),
    Base(
        "graph of a template",
        """
        CONSTRUCT { ?city ex:since ?date ; ex:named [ rdfs:label ?name ; ex:of _:tie ] . _:tie a ex:Tie } WHERE
          { ?tie kg:partner ?city ; kg:foundedBy/kg:startDate ?date . ?city rdfs:label ?name FILTER(LANG(?name)
          IN ("ko", "en")) }
        """,
    ),
    Base(
        "graph with triples that cannot be",
        """
        CONSTRUCT { ?v ex:of ?x . ?x ex:has ?v , ?none } { GRAPH ex:small { ?x ex:n|ex:q ?v } OPTIONAL { ?x
          ex:nowhere ?none } }
        """,
    ),
    Base("graph of a pattern", "CONSTRUCT WHERE { ?tie a kg:Friendship ; kg:partner ?city . }"),
    Base("graph with a list", "CONSTRUCT { ?x ex:list (1 ?y true) } { GRAPH ex:small { ?x ex:is ?y } }"),
    Base(
        "graph of a dataset",
        """
        CONSTRUCT { ?x ex:p ?y } FROM NAMED ex:other FROM ex:small WHERE { { ?x ex:p ?y } UNION { GRAPH ?g { ?x
          ex:p ?y } } }
        """,
    ),
    Base("description of a constant", "DESCRIBE id:friendship\\/seocho-hongkou ex:nowhere"),
    Base(
        "description of what is found",
        """
        DESCRIBE ?deed WHERE { ?deed kg:founds ?tie ; kg:datePrecision 'day' . FILTER(CONTAINS(STR(?deed),
          "hebi")) }
        """,
    ),
)

BASE_QUERIES = (*_PATHS, *_GRAPHS, *_AGGREGATES, *_DATASETS, *_SCOPES, *_EXPRESSIONS, *_FORMS)
