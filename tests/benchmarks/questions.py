"""What is asked: rows of questions, asked again and again, or never asked before.

A question never asked before has ``NUMBER`` where each request has a number that no other has: there it is
compared, so that each is truly another query and not only another text.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

NUMBER = "@NUMBER@"
TWELVE = "the twelve questions, never asked before"
_MOST_SUBJECTS = 500
_QUERIES = Path(__file__).parents[2] / "src" / "kg" / "rdf" / "queries"
_HEBI = "https://kg.seocho.example/id/municipality/hebi"
_LABEL = "http://www.w3.org/2000/01/rdf-schema#label"
_AGGREGATE = """
PREFIX kg: <https://kg.seocho.example/ontology#>
SELECT ?city (COUNT(?event) AS ?events) (MIN(?start) AS ?first) (MAX(?start) AS ?last) WHERE {
  ?record a kg:ExchangeRecord ; kg:exchangedWith ?city ; kg:event ?event .
  ?event kg:startDate ?start .
} GROUP BY ?city
"""


@dataclass(frozen=True)
class Question:
    """A question: the row of the table it counts for, its own name, and the texts that are sent in turn."""

    row: str
    name: str
    texts: tuple[str, ...]

    @property
    def is_fresh(self) -> bool:
        """Whether each request has a number of its own."""
        return NUMBER in self.texts[0]

    @property
    def example(self) -> str:
        """The first text, as it may be sent once."""
        return self.texts[0].replace(NUMBER, "0")


def questions(graph: Path) -> Iterator[Question]:
    """Yield every question about a graph, a file in N-Triples."""
    yield Question("look-up, repeated", "look-up", (f"SELECT ?name WHERE {{ <{_HEBI}> <{_LABEL}> ?name }}",))
    yield Question("aggregate, repeated", "aggregate", (_AGGREGATE,))
    yield Question("look-up, never asked before", "look-up", tuple(_look_ups(graph)))
    yield from twelve()


def twelve() -> Iterator[Question]:
    """Yield the twelve questions, each with a number to be compared."""
    for path in sorted(_QUERIES.glob("*.rq")):
        yield Question(TWELVE, path.stem, (never_asked(path.read_text("utf-8")),))


def never_asked(query: str) -> str:
    """Return a query in which a number is compared, to the same answer.

    >>> never_asked("SELECT * WHERE { ?s ?p ?o }")
    'SELECT * WHERE { FILTER("@NUMBER@" != "") ?s ?p ?o }'
    """
    return query.replace("WHERE {", f'WHERE {{ FILTER("{NUMBER}" != "")', 1)


def _look_ups(graph: Path) -> Iterator[str]:
    """Yield look-ups of the label of many subjects, each with a number that no label is."""
    with graph.open(encoding="utf-8") as lines:
        subjects = dict.fromkeys(line.split()[0] for line in lines if f" <{_LABEL}> " in line and line[0] == "<")
    for subject in list(subjects)[:_MOST_SUBJECTS]:
        yield f'SELECT ?name WHERE {{ {subject} <{_LABEL}> ?name FILTER(?name != "{NUMBER}") }}'
