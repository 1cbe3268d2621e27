"""One query of one version, asked in this very process: for the command line."""

from __future__ import annotations

from collections.abc import Callable

from kg.domain.iris import Iris
from kg.domain.settings import Settings
from kg.rdf import formats as forms
from kg.store.engine import Query
from kg.store.evaluator import LocalEvaluator
from kg.store.versions import Version
from kg.workers.destinations import check_targets, read_destinations


def ask(text: str, version: Version, settings: Settings, form: str, apart: Callable[[Version], bytes]) -> bytes:
    """Return the answer in a form: one of the results (``csv``, ``json`` …) or of the graphs (``ttl``, ``nt`` …).

    ``apart`` gives the N-Quads of the graph that stands apart, the history, which only a query that names it sees.

    :raises ForbiddenError: the query would call where the operator does not allow it
    """
    iris = Iris(settings.base_iri)
    base = iris.document("sparql")
    results = forms.named(form, forms.RESULT_FORMS) or forms.CSV
    graph = forms.named(form, forms.GRAPH_FORMS) or forms.TURTLE
    query = Query(text, base, iris.queried_graphs(), results=results, graph=graph, apart=iris.graph("history"))
    check_targets(query.reading, base, read_destinations(settings.allowed_hosts), isolated=False)
    return LocalEvaluator(apart).evaluate(version, query).body
