"""The map of the public: outlines, and the places of a district by number. No shares, no people."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import current_app
from flask_babel import gettext
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.map.drawn import atlas
from portal.public.areas import Area
from portal.settings import Settings
from registry.directory.places import PublicPlace
from registry.divisions.queries import names_of
from reports.coverage.atlas import Layer
from reports.coverage.choropleth import approval_words
from reports.coverage.places_svg import Point, places_svg


@dataclass(frozen=True)
class PublicMap:
    """A picture, and what the reader must know before he trusts it."""

    svg: str
    """Empty where no boundary is known."""
    missing: int
    """Places without a point: they stand in the list alone."""
    is_rough: bool
    """Some points stand for a street."""
    sources: Sequence[str]
    """Whose boundaries these are, and that they are no more than a sketch."""

    @property
    def picture(self) -> Markup:
        """For the page."""
        return Markup(self.svg)  # noqa: S704  # our own elements, every text in them escaped


def map_of(session: Session, area: Area, places: Sequence[PublicPlace]) -> PublicMap:
    """The divisions below with how many places each has, or one district with its places."""
    codes = [one.code for one in area.below] if not places else [area.division.code] if area.division else []
    layer = atlas().layer(codes)
    points = [
        Point(number, place.site.longitude, place.site.latitude)
        for number, place in enumerate(places, start=1)
        if place.site.longitude is not None and place.site.latitude is not None
    ]
    counts = {} if places else {one.code: one.count for one in area.below}
    names = names_of(session, codes)
    title = gettext("服务点分布：%(name)s", name=area.division.name if area.division else gettext("全国"))
    svg = places_svg(layer, names, counts, points, title=title) if layer.areas else ""
    rough = any(place.site.precision not in (None, "exact") for place in places)
    return PublicMap(svg, len(places) - len(points), rough, _sources(layer) if svg else ())


def _sources(layer: Layer) -> list[str]:
    settings: Settings = current_app.extensions["settings"]
    credit = gettext(layer.credit) if layer.is_shipped else layer.credit
    return [gettext("边界来源：%(credit)s。", credit=credit), approval_words(settings.map_approval, gettext)]
