"""What a map draws of a question: the areas of the divisions below, or the outline of the place that has none."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flask import current_app
from sqlalchemy.orm import Session

from portal.figures.asking import Asked
from portal.figures.reading import reading_of
from portal.map.asking import MapAsked, divisions_below
from portal.settings import Settings
from registry.divisions.codes import NATION, ancestors
from registry.divisions.queries import names_of
from reports.coverage.atlas import Atlas, Layer, packed_name
from reports.coverage.payload import PlaceOnMap
from reports.figures.readings import Part, Reading


@dataclass(frozen=True)
class Drawn:
    """The places of a map with their areas."""

    division: str
    places: tuple[PlaceOnMap, ...]
    """Every division below, by code; with their parts where shares may be seen."""
    layer: Layer
    names: Mapping[str, str]
    is_outline: bool
    """None of the places has an area: the layer is the nearest division around them that has one."""
    reading: Reading | None
    """None where the reader may not see the shares of this division."""

    @property
    def geometry(self) -> str:
        """The name of the file that holds the areas; empty where there are none."""
        return packed_name(self.layer, self.names) if self.layer.areas else ""

    @property
    def outlined(self) -> str:
        """The division around, whose outline stands in for one that is not known; empty where the own one is drawn."""
        drawn = next(iter(self.layer.areas), "") if self.is_outline else ""
        return "" if drawn == self.division else drawn

    @property
    def on_layer(self) -> tuple[PlaceOnMap, ...]:
        """The places that have an area."""
        return (
            () if self.is_outline else tuple(place for place in self.places if place.code in self.layer.areas)
        )

    @property
    def tiles(self) -> tuple[PlaceOnMap, ...]:
        """The places without an area: squares stand for them."""
        drawn = {place.code for place in self.on_layer}
        return tuple(place for place in self.places if place.code not in drawn)

    @property
    def rest(self) -> Part | None:
        """What lies in the division and in none of its places."""
        parts = self.reading.parts if self.reading else ()
        return next((part for part in parts if part.is_rest), None)


def atlas() -> Atlas:
    """The boundaries of this installation."""
    settings: Settings = current_app.extensions["settings"]
    return Atlas(settings.home)


def draw(session: Session, question: MapAsked, boundaries: Atlas) -> Drawn:
    """Everything that a map shows of its divisions."""
    asked = question.asked
    reading = reading_of(session, asked) if question.may_see_shares else None
    parts = {part.code: part for part in reading.parts if not part.is_rest} if reading else {}
    places = tuple(
        PlaceOnMap(one.code, one.name, parts.get(one.code)) for one in divisions_below(session, asked)
    )
    layer, names = _layer(session, asked, places, boundaries)
    is_outline = bool(layer.areas) and not any(place.code in layer.areas for place in places)
    return Drawn(asked.division, places, layer, names, is_outline, reading)


def geometry_of(session: Session, asked: Asked, boundaries: Atlas) -> tuple[Layer, Mapping[str, str]]:
    """The areas alone, for a file that this machine has not made yet."""
    places = tuple(PlaceOnMap(one.code, one.name) for one in divisions_below(session, asked))
    return _layer(session, asked, places, boundaries)


def geometry_file(home: Path, name: str) -> Path:
    """Where a packed file of this name would lie."""
    return home / "cache" / "boundaries" / f"{name}.topojson.gz"


def _layer(
    session: Session, asked: Asked, places: tuple[PlaceOnMap, ...], boundaries: Atlas
) -> tuple[Layer, Mapping[str, str]]:
    layer = boundaries.layer(place.code for place in places)
    if layer.areas or asked.division == NATION:
        return layer, {place.code: place.name for place in places}
    for code in (asked.division, *reversed(ancestors(asked.division))):
        around = boundaries.layer([code])
        if around.areas:
            return around, names_of(session, [code])
    return layer, {}
