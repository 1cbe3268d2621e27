"""Places in documents, and results of validation."""

from __future__ import annotations

from dataclasses import dataclass

from kg.locales import Translatable


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
    message: Translatable
    cure: Translatable
    lines: tuple[int, ...]

    @property
    def identity(self) -> tuple[str | None, ...]:
        """What tells a result from others; how it is told, and on which lines it is seen, does not."""
        return self.severity, self.focus_node, self.path, self.value, self.shape, self.component
