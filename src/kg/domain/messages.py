"""Messages to people in Korean and English, places, and validation results."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """One sentence in Korean and in English."""

    ko: str
    en: str

    def in_language(self, language_tag: str) -> str:
        """Return the Korean sentence for ``ko``, the English one for anything else.

        >>> Message(ko="없음", en="none").in_language("ko")
        '없음'
        """
        return self.ko if language_tag == "ko" else self.en


@dataclass(frozen=True)
class Where:
    """A place in a document: the document's name, line and column (both from 1), and that line as it stands."""

    document: str
    line: int
    column: int
    quoted_line: str = ""


@dataclass(frozen=True)
class Result:
    """One validation result (SHACL § 3.6.2), with the lines of the page that its focus node was read from."""

    severity: str
    focus_node: str
    path: str | None
    value: str | None
    shape: str
    component: str
    message: Message
    cure: Message
    lines: tuple[int, ...]

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What tells a result from others; how it is told, and on which lines it is seen, does not."""
        return self.severity, self.focus_node, self.path, self.value, self.shape, self.component
