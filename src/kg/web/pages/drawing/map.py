"""The map: where the cities lie, and Seocho with them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from xml.etree import ElementTree as ET

from kg.web.pages.drawing.svg import Picture, Table, TextCell, drawing, element, link, width_of

_WIDTH = 720.0
_MARGIN = 56.0
_LEAST_DEGREES = 6.0
_TEXT = 17.0
_DOT = 6.0
_GAP = 5.0

Point = tuple[float, float]
Ring = tuple[Point, ...]
_Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class MapPlace:
    """A place: its name, degrees north and east, where its name leads, and whether the map is about it."""

    name: str
    latitude: float
    longitude: float
    address: str
    is_home: bool = False
    is_chosen: bool = False


@dataclass(frozen=True)
class MapTexts:
    """The words of a map, in the reader's language."""

    title: str
    description: str
    place: str
    latitude: str
    longitude: str


@dataclass(frozen=True)
class _Frame:
    """An equidistant cylindrical projection, true at the middle parallel."""

    west: float
    north: float
    scale: float
    narrowing: float
    size: tuple[float, float]

    def point(self, longitude: float, latitude: float) -> Point:
        return (longitude - self.west) * self.scale * self.narrowing, (self.north - latitude) * self.scale


def draw_map(places: Sequence[MapPlace], land: tuple[Ring, ...], texts: MapTexts) -> Picture:
    """Draw places on land (rings of degrees east and north), with a line from home to each other place."""
    frame = _frame(places)
    home = next((place for place in places if place.is_home), None)
    points = {place: frame.point(place.longitude, place.latitude) for place in places}
    children = [
        element("rect", class_="sea", width=frame.size[0], height=frame.size[1]),
        element("path", class_="land", d=_ground(frame, land)),
        *(_tie(points[home], points[place]) for place in places if home and place is not home),
        *_marks(places, points, frame.size),
    ]
    rows = tuple(
        (TextCell(place.name, place.address), TextCell(f"{place.latitude:g}"), TextCell(f"{place.longitude:g}"))
        for place in places
    )
    svg = drawing("map", frame.size, (texts.title, texts.description), children)
    return Picture(svg, texts.title, Table((texts.place, texts.latitude, texts.longitude), rows))


def _frame(places: Sequence[MapPlace]) -> _Frame:
    longitudes, latitudes = [place.longitude for place in places], [place.latitude for place in places]
    narrowing = math.cos(math.radians((min(latitudes) + max(latitudes)) / 2))
    across = max(max(longitudes) - min(longitudes), _LEAST_DEGREES)
    along = max(max(latitudes) - min(latitudes), _LEAST_DEGREES)
    scale = (_WIDTH - 2 * _MARGIN) / (across * narrowing)
    scale = min(scale, (_WIDTH - 2 * _MARGIN) / along)
    middle = (min(longitudes) + max(longitudes)) / 2
    north = (min(latitudes) + max(latitudes) + along) / 2 + _MARGIN / scale
    west = middle - _WIDTH / (2 * scale * narrowing)
    return _Frame(west, north, scale, narrowing, (_WIDTH, along * scale + 2 * _MARGIN))


@lru_cache(maxsize=8)
def _ground(frame: _Frame, land: tuple[Ring, ...]) -> str:
    """Return the land within a frame; it is the same on every map of the same places."""
    return " ".join(_path(frame, land))


def _path(frame: _Frame, land: Iterable[Ring]) -> Iterator[str]:
    """Yield each ring, without the points that fall on the one before once rounded."""
    for ring in land:
        last, steps = None, []
        for longitude, latitude in ring:
            x, y = frame.point(longitude, latitude)
            point = f"{x:.0f} {y:.0f}"
            if point != last:
                steps.append(point)
                last = point
        if len(steps) > 2 and _is_seen(frame, ring):  # noqa: PLR2004 - two points enclose nothing
            yield f"M{'L'.join(steps)}Z"


def _is_seen(frame: _Frame, ring: Ring) -> bool:
    xs, ys = zip(*(frame.point(longitude, latitude) for longitude, latitude in ring), strict=True)
    width, height = frame.size
    return bool(max(xs) > 0 and min(xs) < width and max(ys) > 0 and min(ys) < height)


def _tie(home: Point, end: Point) -> ET.Element:
    """Return a line that bends a little to the left of its way."""
    middle = ((home[0] + end[0]) / 2, (home[1] + end[1]) / 2)
    bend = (middle[0] + (end[1] - home[1]) * 0.12, middle[1] - (end[0] - home[0]) * 0.12)
    d = f"M{home[0]:.0f} {home[1]:.0f}Q{bend[0]:.0f} {bend[1]:.0f} {end[0]:.0f} {end[1]:.0f}"
    return element("path", class_="tie", d=d)


def _marks(
    places: Sequence[MapPlace], points: dict[MapPlace, Point], size: tuple[float, float]
) -> Iterator[ET.Element]:
    """Yield dots with names beside them, each name where it covers nothing that was drawn before."""
    taken: list[_Box] = [(x - _DOT, y - _DOT, x + _DOT, y + _DOT) for x, y in points.values()]
    for place in sorted(places, key=lambda place: (not place.is_home, not place.is_chosen, -place.latitude)):
        x, y = points[place]
        at, anchor, box = _free(place.name, (x, y), size, taken)
        taken.append(box)
        name = element("text", place.name, x=at[0], y=at[1], text_anchor=anchor)
        kind = "home" if place.is_home else "chosen" if place.is_chosen else "place"
        yield element("g", link(place.address, element("circle", cx=x, cy=y, r=_DOT), name), class_=kind)


def _free(name: str, point: Point, size: tuple[float, float], taken: list[_Box]) -> tuple[Point, str, _Box]:
    (x, y), width, reach = point, width_of(name, _TEXT), _DOT + _GAP
    candidates = (
        ((x + reach, y + _TEXT / 3), "start", (x + reach, y - _TEXT * 0.6, x + reach + width, y + _TEXT * 0.6)),
        ((x - reach, y + _TEXT / 3), "end", (x - reach - width, y - _TEXT * 0.6, x - reach, y + _TEXT * 0.6)),
        ((x, y - reach), "middle", (x - width / 2, y - reach - _TEXT, x + width / 2, y - reach)),
        ((x, y + reach + _TEXT * 0.8), "middle", (x - width / 2, y + reach, x + width / 2, y + reach + _TEXT)),
    )
    return min(candidates, key=lambda one: sum(_overlap(one[2], box) for box in taken) + _outside(one[2], size))


def _overlap(one: _Box, other: _Box) -> float:
    across = min(one[2], other[2]) - max(one[0], other[0])
    along = min(one[3], other[3]) - max(one[1], other[1])
    return across * along if across > 0 and along > 0 else 0.0


def _outside(box: _Box, size: tuple[float, float]) -> float:
    inside = _overlap(box, (0.0, 0.0, *size))
    return 10 * ((box[2] - box[0]) * (box[3] - box[1]) - inside)
