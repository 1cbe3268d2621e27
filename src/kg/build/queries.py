"""Evaluation of a query in this process, for the command line."""

from __future__ import annotations

from collections.abc import Callable

from kg.domain import Iris, Settings
from kg.rdf import CONTEXT, CSV, GRAPH_FORMS, JSON_LD, PROFILES, RESULT_FORMS, TURTLE, in_profile, named
from kg.store import LocalEvaluator, Query, Version
from kg.workers import check_remote_targets, read_destinations


def run_query(
    text: str, version: Version, settings: Settings, form: str, virtual_graph: Callable[[Version], bytes]
) -> bytes:
    """Return the answer in a result format (``csv``, ``json`` …) or graph format (``ttl``, ``nt`` …).

    ``virtual_graph`` gives the N-Quads of the history graph, which only a query that names it sees.

    :raises ForbiddenError: a SERVICE target is not on the operator's allow-list
    """
    iris = Iris(settings.base_iri)
    base = iris.document("sparql")
    results = named(form, RESULT_FORMS) or CSV
    graph = named(form, GRAPH_FORMS) or TURTLE
    query = Query(text, base, iris.queried_graphs(), results=results, graph=graph, virtual_graph=iris.graph("history"))
    check_remote_targets(query.parsed, base, read_destinations(settings.allowed_hosts), isolated=False)
    answer = LocalEvaluator(virtual_graph).evaluate(version, query)
    if answer.kind == "triples" and graph is JSON_LD:
        return in_profile(answer.body, PROFILES[0], iris, iris.document(f"downloads/{CONTEXT}"))[0]
    return answer.body
