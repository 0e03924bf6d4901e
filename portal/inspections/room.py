"""What the page of an organisation shows of its inspections, its grades and its demonstration status."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.formatting import data, day, with_data, word, word_within
from portal.inspections.views import InspectionRow, inspection_row
from registry.access.actors import Actor
from registry.access.rules import may
from registry.actions import Action
from registry.clock import today
from registry.inspections.queries import demonstrations_of, inspections_of, ratings_of
from registry.inspections.ratings import Award, RatingGrade, Validity, WithdrawnAward
from registry.inspections.withdrawing import has_next, is_his_to_withdraw, withdrawn_of
from registry.organisations.models import Organisation

VALIDITY_KINDS = {Validity.HELD: "done", Validity.EXPIRED: "ended", Validity.AHEAD: "waiting"}
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class AwardRow:
    """One award in a list; `until` is its last day."""

    what: str
    name: str
    valid_from: date
    until: date | None
    issued_by: str
    document: str
    state: str
    kind: str
    withdraw_url: str = ""
    """Where it is struck out; empty where the reader may not, or where the next one was given."""
    note: str | Markup = ""
    """Who struck it out, when and why."""


@dataclass(frozen=True)
class Room:
    """The awards of everybody's reading, and the inspections that the reader may see."""

    awards: Sequence[AwardRow]
    inspections: Sequence[InspectionRow]
    sees_inspections: bool


def room_of(session: Session, organisation: Organisation, actor: Actor, on: date) -> Room:
    """One organisation for one reader."""
    ratings = ratings_of(session, [organisation.id])
    demonstrations = demonstrations_of(session, [organisation.id])
    standing: list[Award] = [*ratings, *demonstrations]
    rows = [_standing(session, one, actor, on) for one in standing]
    rows += [_withdrawn(one) for one in withdrawn_of(session, organisation)]
    found = inspections_of(session, organisation.id, actor)
    return Room(
        awards=sorted(rows, key=lambda row: row.valid_from, reverse=True),
        inspections=[inspection_row(one, on) for one in found],
        sees_inspections=bool(found) or may(actor, Action.INSPECTION_SEE, organisation),
    )


def award_row(award: Award | WithdrawnAward, on: date) -> AwardRow:
    """One award; of one that was struck out there is no day on which it holds."""
    validity = None if isinstance(award, WithdrawnAward) else award.validity_on(on)
    grade: RatingGrade | None = getattr(award, "grade", None)
    return AwardRow(
        what=_("评估等级") if grade else _("示范"),
        name=word(grade) if grade else _shown_as(award),
        valid_from=award.valid_from,
        until=award.valid_to - ONE_DAY if award.valid_to else None,
        issued_by=award.issued_by,
        document=award.document,
        state=word(validity) if validity else _("已作废"),
        kind=VALIDITY_KINDS[validity] if validity else "ended",
    )


def _shown_as(award: Any) -> str:
    return data(f"{award.title}（{word_within(award.level)}）")


def _standing(session: Session, award: Award, actor: Actor, on: date) -> AwardRow:
    may_withdraw = (
        may(actor, Action.RATING_RECORD, award.organisation)
        and is_his_to_withdraw(actor, award)
        and not has_next(session, award)
    )
    url = url_for("awards.withdraw", organisation=award.organisation.code, code=award.code)
    return replace(award_row(award, on), withdraw_url=url if may_withdraw else "")


def _withdrawn(award: WithdrawnAward) -> AwardRow:
    said = {"who": award.withdrawn_by, "day": day(today(award.withdrawn_at)), "reason": award.reason}
    note = with_data(_("%(who)s于%(day)s作废：%(reason)s"), **said)
    return replace(award_row(award, award.valid_from), note=note)
