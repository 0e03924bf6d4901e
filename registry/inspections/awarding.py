"""Every write of ratings and demonstration status: facts of others, recorded with the paper that says so."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.inspections.ratings import Demonstration, DemonstrationLevel, Rating, RatingGrade
from registry.messages import N_, message
from registry.organisations.models import Organisation
from registry.turns import take_turns


@dataclass(frozen=True)
class GivenRating:
    """A grade as the paper says it; `valid_to` is the first day without it."""

    grade: RatingGrade
    valid_from: date
    valid_to: date
    issued_by: str
    document: str


@dataclass(frozen=True)
class GivenDemonstration:
    """The same of a demonstration status."""

    level: DemonstrationLevel
    title: str
    valid_from: date
    valid_to: date | None
    issued_by: str
    document: str


def record_award(
    session: Session,
    organisation: Organisation,
    given: GivenRating | GivenDemonstration,
    *,
    actor: Actor,
    at: datetime,
    trail: Trail,
) -> Rating | Demonstration:
    """Put it on record; InvalidInput for a period that holds no day, or for one that is there already."""
    authorize(actor, Action.RATING_RECORD, organisation, see=Action.ORGANISATION_SEE)
    take_turns(session, organisation)
    _refuse_period(organisation, given)
    model = Rating if isinstance(given, GivenRating) else Demonstration
    _refuse_again(session, organisation, given)
    award = model(organisation=organisation, recorded_at=at, recorded_as=actor.role, **asdict(given))
    session.add(award)
    session.flush()  # the trail needs its code
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.RATING_RECORD,
        result=Result.DONE,
        subject_type=model.__tablename__,
        subject_code=award.code,
        division_code=organisation.division_code,
        facts={"organisation": organisation.code} | {key: str(value) for key, value in asdict(given).items()},
    )
    return award


def _refuse_period(organisation: Organisation, given: GivenRating | GivenDemonstration) -> None:
    if given.valid_to is not None and given.valid_to <= given.valid_from:
        raise InvalidInput("valid_to", message(N_("有效期的截止日期应晚于起始日期。")))
    if organisation.opened_on is not None and given.valid_from < organisation.opened_on:
        sentence = N_("起始日期不能早于机构的成立日期%(day)s。")
        raise InvalidInput("valid_from", message(sentence, day=organisation.opened_on.isoformat()))


def _refuse_again(
    session: Session, organisation: Organisation, given: GivenRating | GivenDemonstration
) -> None:
    if isinstance(given, GivenRating):
        same = sa.select(Rating.id).where(Rating.issued_by == given.issued_by)
        same = same.where(Rating.organisation_id == organisation.id, Rating.valid_from == given.valid_from)
    else:
        same = sa.select(Demonstration.id).where(Demonstration.level == given.level)
        same = same.where(
            Demonstration.organisation_id == organisation.id, Demonstration.valid_from == given.valid_from
        )
    if session.scalar(same.limit(1)) is not None:
        raise InvalidInput("valid_from", message(N_("同一起始日期的记录已经登记过，请核对后再登记。")))
