"""One section of the page while it is being read."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from kg.domain import HOME, Agreement, City, Exchange, Party, Passage
from kg.source.exchanges import read_exchange
from kg.source.fields import FieldReading, UnreadError, is_field
from kg.source.headings import Heading
from kg.source.outline import OutlineLine
from kg.source.parties import PartyNames


@dataclass
class Section:
    """What has been read of one city so far; the exchange lines wait until its agreement is known."""

    path: tuple[str, ...]
    body: str
    values: dict[str, Any]
    places: dict[str, Passage]
    agreement: dict[str, Any] = field(default_factory=dict)
    agreement_places: dict[str, Passage] = field(default_factory=dict)
    exchange_lines: list[OutlineLine] = field(default_factory=list)
    group: str = ""
    group_line: OutlineLine | None = None
    flat: bool = False

    @classmethod
    def open(cls, line: OutlineLine, heading: Heading) -> Section:
        """Begin the section of a title."""
        above = heading.above or line
        values = {"heading": above.text, "title": line.text}
        return cls(heading.path, heading.body, values, {"heading": above.place, "title": line.place})

    def open_group(self, group: str, line: OutlineLine) -> None:
        """Begin a group of lines below its label."""
        self.group, self.group_line, self.flat = group, line, False

    def group_of(self, line: OutlineLine) -> str:
        """Return the group that a line belongs to; one that does not lie deeper than the label ends the group.

        Where a page does not indent its groups, the first line below the label shows it, and known fields end them.
        """
        label = self.group_line
        if label is None:
            return ""
        if line.indent == label.indent:
            self.flat = self.flat or line.number == label.number + 1 or line.marker != label.marker
        if line.indent < label.indent or (line.indent == label.indent and (not self.flat or is_field(line))):
            self.group, self.group_line = "", None
        return self.group

    def add(self, reading: FieldReading, line: OutlineLine) -> None:
        """Take over what one line says; raise ``UnreadError`` when the section has said it before."""
        of_agreement = reading.of == "agreement"
        values = self.agreement if of_agreement else self.values
        if reading.role != "characteristic" and set(reading.values) & set(values):
            raise UnreadError(line.place, "item-twice")
        for name, value in reading.values.items():
            values[name] = (*values.get(name, ()), *value) if isinstance(value, tuple) else value
        (self.agreement_places if of_agreement else self.places).update(reading.places)

    def city(self) -> City:
        """Return the city with its exchanges."""
        founding = self._founding()
        names = PartyNames(self.path)
        exchanges: list[Exchange] = []
        for line in self.exchange_lines:
            exchange = read_exchange(line.text, line.place, names, founding)
            if line.is_note:
                of_line = exchanges[-1]
                status = of_line.status if exchange.primary_kind else exchange.status
                status = of_line.status if status == "held" else status
                exchanges[-1] = replace(of_line, notes=(*of_line.notes, exchange), status=status)
            else:
                exchanges.append(exchange)
        values = {**self.values, "agreement": founding, "exchanges": tuple(exchanges)}
        return City(path=self.path, body=self.body, places=self.places, **values)

    def _founding(self) -> Agreement | None:
        if not self.agreement:
            return None
        parties = (Party(HOME), Party(self.path, self.body))
        return Agreement(**{"title": "", **self.agreement}, parties=parties, places=self.agreement_places)
