"""Takes a customer's boundaries in: what they match, what was repaired, which sites would lie outside them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import SHANGHAI
from registry.divisions.codes import candidates
from registry.divisions.models import Division
from registry.divisions.queries import in_force
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Site
from reports.coverage.atlas import FORMATS
from reports.coverage.boundaries import Boundaries, outside_their_area, read_boundaries
from reports.coverage.features import Repair
from reports.writing import written_whole


@dataclass(frozen=True)
class BoundaryPreview:
    """What a file would draw."""

    file: Path
    data: bytes
    matched: Sequence[str]
    unknown: Sequence[str]
    """Codes in the file that no division has today."""
    repairs: Sequence[Repair]
    astray: Sequence[Any]
    """Sites whose point lies outside the area of the division that they are in."""


def preview_boundaries(session: Session, file: Path, *, actor: Actor, at: datetime) -> BoundaryPreview:
    """Reads a file; raises NotAllowed, InvalidInput that names the feature and the remedy."""
    authorize(actor, Action.DIVISION_CHANGE)
    if file.suffix.lower() not in FORMATS:
        raise InvalidInput("file", message(N_("边界文件应以.geojson、.topojson或.json结尾。")))
    data = file.read_bytes()
    found = read_boundaries(data, credit=file.name)
    known = _divisions_among(session, found.codes, at)
    return BoundaryPreview(
        file=file,
        data=data,
        matched=[code for code in found.codes if known.intersection(candidates(code))],
        unknown=[code for code in found.codes if not known.intersection(candidates(code))],
        repairs=found.repairs,
        astray=_astray(session, found),
    )


def keep_boundaries(
    session: Session, found: BoundaryPreview, home: Path, *, actor: Actor, at: datetime, trail: Trail
) -> Path:
    """Puts the file in place under its name and says so in the trail; raises OSError with nothing changed."""
    place = home / "boundaries" / found.file.name
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.DIVISION_CHANGE,
        result=Result.DONE,
        subject_type="boundaries",
        subject_code=found.file.name[:100],
        division_code=actor.division_code,
        facts={"matched": len(found.matched), "unknown": len(found.unknown), "repaired": len(found.repairs)},
    )
    place.parent.mkdir(parents=True, exist_ok=True)
    written_whole(place, found.data)
    return place


def _divisions_among(session: Session, codes: Sequence[str], at: datetime) -> set[str]:
    wanted = {reading for code in codes for reading in candidates(code)}
    today = at.astimezone(SHANGHAI).date()
    return set(session.scalars(sa.select(Division.code).where(in_force(today)))) & wanted


def _astray(session: Session, found: Boundaries) -> list[Any]:
    lengths = sorted({len(code) for code in found.areas}, reverse=True)
    rows = session.execute(
        sa.select(Site.name, Site.located_code, Site.latitude, Site.longitude)
        .where(Site.latitude.is_not(None))
        .order_by(Site.located_code, Site.name)
    ).all()
    points = [(_nearest(row.located_code, found, lengths), row.longitude, row.latitude) for row in rows]
    return [rows[place] for place in outside_their_area(found.areas, points)]


def _nearest(code: str, found: Boundaries, lengths: Sequence[int]) -> str:
    """The narrowest area of the file that a division lies in."""
    prefixes = (code[:length] for length in lengths if length <= len(code))
    return next((prefix for prefix in prefixes if prefix in found.areas), "")
