"""Messages to people: a key of the catalogues and its parameters, written in any language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kg.locales.language import ENGLISH, LANGUAGES, Language, language_of


@dataclass(frozen=True, init=False)
class Message:
    """A message of the catalogues; a parameter can be a message too, written in the same language.

    >>> message = Message("date.since", date="2012")
    >>> str(message), message.in_language("ko")
    ('since 2012', '2012부터')
    """

    key: str
    parameters: Mapping[str, object] = field(hash=False)

    def __init__(self, key: str, /, **parameters: object) -> None:
        """Keep numbers and messages as they are, and the text of anything else."""
        object.__setattr__(self, "key", key)
        object.__setattr__(self, "parameters", {name: _plain(value) for name, value in parameters.items()})

    def in_language(self, code: str) -> str:
        """Return the text in a language (``ko``, ``en``, ``zh``), in English for a code that is none."""
        language = language_of(code)
        values = {name: _in_language(value, language) for name, value in self.parameters.items()}
        return language.translate(self.key, **values)

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Return the text in each language, after its tag."""
        return tuple((language.tag, self.in_language(language.code)) for language in LANGUAGES)

    def __str__(self) -> str:
        """Return the English text."""
        return self.in_language(ENGLISH.code)


@dataclass(frozen=True)
class Text:
    """A text that comes with the data in several languages, by language tag, such as the message of a shape."""

    by_tag: Mapping[str, str] = field(hash=False)

    def in_language(self, code: str) -> str:
        """Return the text in a language, or in the one that comes next for its readers."""
        return str(language_of(code).label(self.texts()) or "")

    def texts(self) -> tuple[tuple[str, str], ...]:
        """Return the texts after their tags."""
        return tuple(self.by_tag.items())

    def __str__(self) -> str:
        """Return the English text."""
        return self.in_language(ENGLISH.code)


Translatable = Message | Text
"""What every language has a text for."""


def to_json(message: Translatable) -> dict[str, object]:
    """Return a message as a JSON object.

    >>> from_json(to_json(Message("date.since", date=Message("date.until", date="2012"))))
    Message(key='date.since', parameters={'date': Message(key='date.until', parameters={'date': '2012'})})
    """
    if isinstance(message, Text):
        return {"text": dict(message.by_tag)}
    parameters = {
        name: to_json(value) if isinstance(value, Message) else value for name, value in message.parameters.items()
    }
    return {"key": message.key, "parameters": parameters}


def from_json(fields: Mapping[str, object]) -> Translatable:
    """Return the message of a JSON object that ``to_json`` wrote."""
    texts, parameters = fields.get("text"), fields.get("parameters")
    if isinstance(texts, Mapping):
        return Text(texts)
    assert isinstance(parameters, Mapping)  # noqa: S101 - to_json writes one of the two
    values = {name: from_json(value) if isinstance(value, Mapping) else value for name, value in parameters.items()}
    return Message(str(fields["key"]), **values)


def _plain(value: object) -> object:
    return value if isinstance(value, int | float | Decimal | Message | Text) else str(value)


def _in_language(value: object, language: Language) -> object:
    return value.in_language(language.code) if isinstance(value, Message | Text) else value
