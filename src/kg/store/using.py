"""The dataset of an update that the request names: USING clauses put where the update has none."""

from __future__ import annotations

from collections.abc import Sequence

from kg.errors import Message, RequestError
from kg.store.engine import RdfDataset
from kg.store.syntax import Token, tokens


def with_using(update: str, dataset: RdfDataset) -> str:
    """Return the update with ``USING`` in each operation that has a WHERE (SPARQL 1.1 Protocol, section 2.2.3).

    :raises RequestError: the update names a dataset of its own

    >>> with_using("INSERT { ?s ?p 1 } WHERE { ?s ?p 2 }", RdfDataset(("http://a/g",)))
    'INSERT { ?s ?p 1 } USING <http://a/g> WHERE { ?s ?p 2 }'
    """
    found = list(tokens(update))
    if any(token.is_word("USING", "WITH") for token in found):
        raise RequestError(
            Message(
                ko="using-graph-uri와 USING·WITH는 함께 쓸 수 없습니다.",
                en="The request names a dataset, and the update does too with USING or WITH.",
            ),
            cure=Message(ko="둘 가운데 하나만 쓰십시오.", en="Keep one of the two."),
        )
    clauses = [f"USING <{iri}>" for iri in dataset.default_graphs]
    clauses += [f"USING NAMED <{iri}>" for iri in dataset.named_graphs]
    return _insert(update, _insertions(update, found, f"{' '.join(clauses)} "))


def _insertions(update: str, found: Sequence[Token], clauses: str) -> list[tuple[int, str]]:
    """Find where the clauses go: before the WHERE of a template, or into a DELETE WHERE written out in full."""
    insertions: list[tuple[int, str]] = []
    for index, token in enumerate(found):
        if not token.is_word("WHERE"):
            continue
        if index and found[index - 1].is_word("DELETE"):
            pattern = update[token.start + len("WHERE") : _end_of_group(found, index + 1)]
            insertions.append((token.start, f"{pattern} {clauses}"))
        elif index and found[index - 1].text == "}":
            insertions.append((token.start, clauses))
    return insertions


def _end_of_group(found: Sequence[Token], opening: int) -> int:
    depth = 0
    for token in found[opening:]:
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if depth == 0:
            return token.start + 1
    return found[-1].start + len(found[-1].text)


def _insert(text: str, insertions: Sequence[tuple[int, str]]) -> str:
    for place, insertion in reversed(insertions):
        text = text[:place] + insertion + text[place:]
    return text
