"""Other engines answer the base requests from the same quads; where all agree against the endpoint, it is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pytest

from metamorphic.answers import Answer, compare, shown
from metamorphic.base_queries import BASE_QUERIES
from metamorphic.base_updates import BASE_UPDATES
from metamorphic.datasets import NAMED_GRAPHS
from metamorphic.endpoint import Endpoint
from metamorphic.oracles import Jena, Quads, Rdflib
from metamorphic.references import References
from metamorphic.requests import Base
from metamorphic.tally import Instrumentation

pytestmark = pytest.mark.metamorphic

ASKED = tuple(base for base in BASE_QUERIES if base.form != "DESCRIBE")
"""What a DESCRIBE gives, each engine decides for itself (SPARQL 1.1 Query, section 16.4)."""

RIGHT_AGAINST_ALL = {
    "path from a variable to itself": "SPARQL 1.1 Query, section 18.4: between variables a path of length zero has the "
    "nodes of the graph, and those that VALUES adds are none",
}
"""The base requests in which the endpoint is right against all others, with the section that says so."""


@dataclass(frozen=True)
class Oracles:
    """The answers of the other engines, by engine and by base query."""

    answers: Mapping[str, Mapping[str, Answer]]

    def disagreements(self, base: Base, ours: Answer) -> dict[str, str]:
        """Return what each engine answers otherwise than the endpoint, only in its lexical form or altogether."""
        verdicts = {engine: compare(base, answers[base.name], ours) for engine, answers in self.answers.items()}
        return {engine: f"{each.outcome}: {each.reason}" for engine, each in verdicts.items() if each.reason}

    def are_unanimous(self, base: Base) -> bool:
        """Tell whether the engines agree, by value at least."""
        first, *others = (answers[base.name] for answers in self.answers.values())
        return all(compare(base, first, other).is_pass for other in others)

    def agree_against(self, base: Base, ours: Answer) -> bool:
        """Tell whether the engines agree, and none of them agrees with the endpoint."""
        own = any(compare(base, answers[base.name], ours).is_pass for answers in self.answers.values())
        return not own and self.are_unanimous(base)


@pytest.fixture(scope="module")
def oracles(endpoint: Endpoint, tmp_path_factory: pytest.TempPathFactory) -> Oracles:
    """Send rdflib and Jena all base requests, on the quads that the server has."""
    jena = Jena.find()
    if jena is None:
        pytest.skip("Apache Jena is not at hand: Maven or Java is missing, or Maven cannot fetch it")
    quads = Quads(tuple(endpoint.quads(NAMED_GRAPHS)))
    by_rdflib = Rdflib(quads)
    read = {base.name: by_rdflib.answer(base) for base in ASKED}
    written = {base.name: by_rdflib.written_by(base) for base in BASE_UPDATES}
    by_jena = jena.answers(quads, ASKED, BASE_UPDATES, tmp_path_factory.mktemp("jena"))
    return Oracles({"rdflib": read | written, "Jena": by_jena})


@pytest.mark.parametrize("base", ASKED, ids=lambda base: base.name)
def test_no_agreement_against_an_answer(
    base: Base, oracles: Oracles, references: References, tally: Instrumentation
) -> None:
    """At least one other engine gives the endpoint's answer, or the specification proves the endpoint right."""
    authorize(base, oracles, references.of(base), tally)


@pytest.mark.parametrize("base", BASE_UPDATES, ids=lambda base: base.name)
def test_no_agreement_against_an_update(
    base: Base, oracles: Oracles, references: References, tally: Instrumentation
) -> None:
    """At least one other engine writes what the endpoint writes, or the specification proves the endpoint right."""
    authorize(base, oracles, references.written_by(base), tally)


def authorize(base: Base, oracles: Oracles, ours: Answer, tally: Instrumentation) -> None:
    """Note who answers otherwise than the endpoint, and fail where all others agree against it."""
    told = oracles.disagreements(base, ours)
    tally.opinions += [f"[{base.name}] {engine} {reason}" for engine, reason in told.items()]
    if base.name in RIGHT_AGAINST_ALL:
        assert oracles.agree_against(base, ours), "listed as right against all others, which is no more the case"
    else:
        assert not oracles.agree_against(base, ours), f"{shown(ours)}; {told}"
