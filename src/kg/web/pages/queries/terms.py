"""RDF terms as the pages see them, from SPARQL results in JSON and back into SPARQL."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass

from kg.domain import RequestError, terms
from kg.locales import Message

_NOT_IN_IRI = frozenset('<>"{}|^`\\') | frozenset(map(chr, range(0x21)))


@dataclass(frozen=True)
class Term:
    """An RDF term; of a literal, ``language`` is its tag or empty, ``datatype`` its IRI or empty for a plain string."""

    value: str
    is_iri: bool = False
    language: str = ""
    datatype: str = ""

    def __str__(self) -> str:
        """Return the IRI or the literal's text."""
        return self.value

    def in_sparql(self) -> str:
        r"""Return the term as SPARQL writes it.

        >>> Term('it"s', language="en").in_sparql(), iri("http://a/").in_sparql()
        ('"it\\"s"@en', '<http://a/>')

        :raises RequestError: an IRI has a character that no IRI has
        """
        if self.is_iri:
            return _in_brackets(self.value)
        text = json.dumps(self.value, ensure_ascii=False).replace("\x7f", "\\u007F")
        if self.language:
            return f"{text}@{self.language}"
        return f"{text}^^{_in_brackets(self.datatype)}" if self.datatype else text


class Own:
    """Our own terms under a namespace, as plain strings; a name that is none raises ``AttributeError``."""

    def __init__(self, namespace: str) -> None:
        """Take the namespace."""
        self._terms = terms(namespace)

    def __getattr__(self, name: str) -> str:
        """Return the IRI of a term.

        >>> Own("http://a/#").Passage, Own("http://a/#").count
        ('http://a/#Passage', 'http://a/#count')
        """
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return str(self._terms[name])
        except KeyError as error:
            raise AttributeError(name) from error


def iri(value: str) -> Term:
    """Return an IRI as a term."""
    return Term(value, is_iri=True)


def from_json(binding: Mapping[str, str]) -> Term:
    """Return the term of a binding (SPARQL 1.1 Query Results JSON Format, section 3.2.2)."""
    if binding["type"] == "uri":
        return Term(binding["value"], is_iri=True)
    if binding["type"] == "bnode":
        return Term(f"_:{binding['value']}")
    return Term(binding["value"], language=binding.get("xml:lang", ""), datatype=binding.get("datatype", ""))


def _in_brackets(value: str) -> str:
    if not _NOT_IN_IRI.isdisjoint(value):
        raise RequestError(
            Message("request.not_an_iri", text=value[:100]),
            cure=Message("request.check_address"),
        )
    return f"<{value}>"
