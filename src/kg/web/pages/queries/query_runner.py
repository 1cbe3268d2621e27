"""Evaluation of the named queries of the pages.

Each query is a whole SPARQL file in ``queries/``. Its parameters are variables with an empty ``VALUES ?name {}``
block, which is filled with terms. What stands between the comments ``# name`` and ``# end`` is left out where that
parameter is not given; nothing else of its text changes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from importlib.resources import files

from kg.domain import Iris
from kg.rdf import JSON, N_TRIPLES, Form, convert_lines, relocated_text
from kg.store import Evaluator, Query, Version
from kg.web.pages.queries.facts import Facts
from kg.web.pages.queries.terms import Term, from_json

_OPTIONAL = re.compile(r"^ *# (\w+)\n((?:.*\n)*?) *# end\n", re.MULTILINE)
_PREFIX = re.compile(r"^PREFIX (\S*): <([^>]*)>$", re.MULTILINE)
_SELECT = "SELECT DISTINCT ?subject ?predicate ?object"
_CONSTRUCT = "CONSTRUCT { ?subject ?predicate ?object }"

Row = Mapping[str, Term]


@lru_cache(maxsize=128)
def _text(name: str, base: str) -> str:
    file = files("kg.web.pages.queries").joinpath("queries", f"{name}.rq")
    return relocated_text(file.read_text("utf-8"), Iris(base))


def filled(text: str, parameters: Mapping[str, Iterable[Term]]) -> str:
    """Return a query with its parameters filled in.

    >>> filled("ASK { VALUES ?it {} ?it ?p ?o }", {"it": [Term("http://a/", is_iri=True)]})
    'ASK { VALUES ?it { <http://a/> } ?it ?p ?o }'
    """
    text = _OPTIONAL.sub(lambda block: block[2] if block[1] in parameters else "", text)
    for name, terms in parameters.items():
        empty = f"VALUES ?{name} {{}}"
        assert empty in text, f"the query has no {empty}"  # noqa: S101 - the queries are our own
        text = text.replace(empty, f"VALUES ?{name} {{ {' '.join(term.in_sparql() for term in terms)} }}")
    return text


@dataclass(frozen=True)
class QueryRunner:
    """Evaluates named queries on one version."""

    evaluator: Evaluator
    version: Version
    iris: Iris

    def text(self, name: str, **parameters: Iterable[Term]) -> str:
        """Return the text of a query as it is asked: what a page can show as the query behind it."""
        return filled(_text(name, self.iris.base), parameters)

    def rows(self, name: str, **parameters: Iterable[Term]) -> list[Row]:
        """Return the solutions of a query; a variable that is not bound is not in its row."""
        found = json.loads(self._answer(self.text(name, **parameters)))
        return [
            {variable: from_json(binding) for variable, binding in solution.items()}
            for solution in found["results"]["bindings"]
        ]

    def facts(self, name: str, **parameters: Iterable[Term]) -> Facts:
        """Return the facts that a query of subjects, predicates and objects finds."""
        rows = self.rows(name, **parameters)
        return Facts((row["subject"].value, row["predicate"].value, row["object"]) for row in rows)

    def graph(self, name: str, form: Form, **parameters: Iterable[Term]) -> bytes:
        """Return the same facts as a document of RDF: the same bytes each time, with the prefixes of the query.

        :raises FormatError: the format cannot represent one of them
        """
        text = self.text(name, **parameters)
        assert _SELECT in text, name  # noqa: S101 - the queries are our own
        found = self._answer(text.replace(_SELECT, _CONSTRUCT, 1), N_TRIPLES)
        lines = b"".join(sorted(found.splitlines(keepends=True)))
        return lines if form is N_TRIPLES else convert_lines(lines, form, dict(_PREFIX.findall(text)))

    def _answer(self, text: str, graph: Form | None = None) -> bytes:
        query = Query(text, self.iris.document("sparql"), queried_graphs=self.iris.queried_graphs(), results=JSON)
        return self.evaluator.evaluate(self.version, replace(query, graph=graph) if graph else query).body
