"""What can be chosen for an appointment: the divisions in reach, and the organisation that was typed."""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.divisions.codes import LENGTH_OF_LEVEL, NATION, Level, within
from registry.divisions.models import Division
from registry.divisions.queries import divisions_at
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.organisations.models import Organisation

LEVELS = (Level.PROVINCE, Level.CITY, Level.DISTRICT, Level.TOWNSHIP)


def divisions_in_reach(session: Session, actor: Actor, on: date) -> list[Division]:
    """By code, so that each district stands before its streets; the whole country without its 40,000 streets."""
    levels = LEVELS[:-1] if actor.division_code == NATION else LEVELS
    found = [one for level in levels for one in divisions_at(session, actor.division_code, level, on)]
    return sorted(found, key=lambda one: one.code)


def grouped(divisions: list[Division]) -> dict[str, str | dict[str, str]]:
    """Districts as groups of themselves and their streets; what stands above them comes first."""
    length = LENGTH_OF_LEVEL[Level.DISTRICT]
    districts = {one.code: one.name for one in divisions if one.level is Level.DISTRICT}
    above = {one.code: one.name for one in divisions if len(one.code) < length}
    groups: dict[str, dict[str, str]] = {}
    for one in divisions:
        if len(one.code) >= length:
            district = one.code[:length]
            groups.setdefault(districts.get(district, district), {})[one.code] = one.name
    return above | groups


def organisation_typed(session: Session, actor: Actor, typed: str) -> Organisation | None:
    """The one with this whole name or credit code in the actor's divisions; None where nothing was typed."""
    if not typed:
        return None
    named = sa.or_(Organisation.name == typed, Organisation.uscc == typed.upper())
    found = sa.select(Organisation).where(named, within(Organisation.division_code, actor.division_code))
    rows = session.scalars(found.limit(2)).all()
    if len(rows) != 1:
        sentence = N_("没有找到“%(name)s”，请填写登记的单位全称或统一社会信用代码。")
        raise InvalidInput("organisation", message(sentence, name=typed[:50]))
    return rows[0]
