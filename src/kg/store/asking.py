"""One query of one version, asked in this very process: for the command line."""

from __future__ import annotations

from kg.iri import Iris
from kg.settings import Settings
from kg.store import forms
from kg.store.allowed import check_targets, read_destinations
from kg.store.engine import Query
from kg.store.evaluator import LocalEvaluator
from kg.store.versions import Version


def ask(text: str, version: Version, settings: Settings, form: str) -> bytes:
    """Return the answer in a form: one of the results (``csv``, ``json`` …) or of the graphs (``ttl``, ``nt`` …).

    :raises ForbiddenError: the query would call where the operator does not allow it
    """
    iris = Iris(settings.base_iri)
    base = iris.document("sparql")
    check_targets(text, base, read_destinations(settings.allowed_hosts), isolated=False)
    results = forms.named(form, forms.RESULT_FORMS) or forms.CSV
    graph = forms.named(form, forms.GRAPH_FORMS) or forms.TURTLE
    query = Query(text, base_iri=base, queried_graphs=iris.queried_graphs(), results=results, graph=graph)
    return LocalEvaluator().evaluate(version, query).body
