"""What an address asks of the map: a figure as its own page is asked, sites as their list is asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from portal.figures.asking import Asked, day_of_codes, read_choice, seen_division
from registry.access.actors import Actor
from registry.access.rules import may, readable
from registry.actions import Action
from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level
from registry.divisions.models import Division
from registry.divisions.queries import children, divisions_at
from registry.errors import InvalidInput
from registry.listing import Question
from registry.messages import N_, message
from registry.organisations.models import Site
from registry.organisations.queries import SITES
from reports.figures.definitions import QUALIFIED_SHARE, figure
from reports.figures.readings import names_as_of


class MapView(StrEnum):
    """The three ways to see the same."""

    MAP = "map"
    TABLE = "table"
    PRINT = "print"


@dataclass(frozen=True)
class MapAsked:
    """One question: a figure in the divisions below a place, and the sites there."""

    asked: Asked
    sites: Question
    view: MapView
    may_see_shares: bool
    """Sites are open to everybody who is signed in; shares of a division only to those who answer for it."""

    @property
    def beside(self) -> dict[str, str]:
        """What stands in the address beside the filters of the sites."""
        figure_code = "" if self.asked.figure is QUALIFIED_SHARE else self.asked.figure.code
        view = "" if self.view is MapView.MAP else self.view.value
        values = self.asked.values(division=None, on=None, figure=figure_code, view=view)
        return {key: str(value) for key, value in values.items()}


def ask_map(typed: Mapping[str, str], *, actor: Actor, session: Session, today: date) -> MapAsked:
    """Reads an address; raises UnknownFigure, UnknownDivision, InvalidInput."""
    definition = figure(typed.get("figure", "").strip() or QUALIFIED_SHARE.code)
    if not definition.is_share:
        sentence = N_("指标“%(code)s”不是占比，没有地图；请改选占比类指标。")
        raise InvalidInput("figure", message(sentence, code=definition.code))
    typed_division = typed.get("division", "").strip() or actor.division_code
    place = seen_division(session, actor, typed_division, day_of_codes(typed, today), Action.MAP_SEE)
    asked = Asked.of(typed, figure=definition, division=place.code, today=today)
    filters = {**typed, "division": place.code, "sort": "", "page": ""}
    return MapAsked(
        asked=asked,
        sites=SITES.ask(filters, scope=readable(Site, actor, Action.SITE_SEE), on=asked.on),
        view=read_choice(MapView, typed.get("view", ""), "view") or MapView.MAP,
        may_see_shares=may(actor, Action.FIGURE_SEE, Division(code=place.code)),
    )


def divisions_below(session: Session, asked: Asked) -> list[Division]:
    """The divisions that the map colours; none below a township, where institutions are all there is."""
    day = names_as_of(asked.basis, asked.on)
    if asked.by is Level.SITE:
        return []
    if asked.by is not None:
        return divisions_at(session, asked.division, asked.by, day)
    is_township = asked.division != NATION and len(asked.division) >= LENGTH_OF_LEVEL[Level.TOWNSHIP]
    return [] if is_township else children(session, asked.division, day)
