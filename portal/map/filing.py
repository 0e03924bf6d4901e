"""A map as a file: the same question as the page's, with the account's scope and an entry in the trail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from portal.formatting import moment
from portal.map.asking import MapAsked, ask_map
from portal.map.drawn import draw
from portal.settings import Settings
from portal.shipped import shipped
from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.messages import N_
from registry.organisations.points import points_of, tally_sites
from reports.coverage.atlas import Atlas
from reports.coverage.standalone import MapContents, standalone_map


@dataclass(frozen=True)
class MapFile:
    """What was made."""

    content: bytes
    question: MapAsked
    areas: int
    sites: int


def map_file(
    session: Session, typed: Mapping[str, str], *, actor: Actor, settings: Settings, at: datetime
) -> MapFile:
    """One self-contained HTML file in Chinese; raises what the page refuses."""
    question = ask_map(typed, actor=actor, session=session, today=at.astimezone(SHANGHAI).date())
    drawn = draw(session, question, Atlas(settings.home))
    made = N_("制作：%(name)s，%(time)s。") % {"name": actor.name, "time": moment(at)}
    contents = MapContents(
        reading=drawn.reading,
        places=drawn.places,
        layer=drawn.layer,
        names=drawn.names,
        is_outline=drawn.is_outline,
        outlined=drawn.outlined,
        tallies=tally_sites(session, question.sites),
        points=points_of(session, question.sites),
        made=made,
        approval=settings.map_approval,
    )
    text = standalone_map(contents, static=shipped("static"), gettext=str, locale="zh")
    return MapFile(text.encode(), question, len(drawn.on_layer), len(contents.points))


def record_map_file(session: Session, made: MapFile, *, actor: Actor, at: datetime, trail: Trail) -> None:
    """The entry that says who took which map."""
    asked = made.question.asked
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.MAP_SEE,
        result=Result.DONE,
        subject_type="map",
        subject_code=asked.figure.code,
        division_code=asked.division if asked.division != "0" else actor.division_code,
        facts={"format": "html", "areas": made.areas, "sites": made.sites} | asked.values(),
    )
