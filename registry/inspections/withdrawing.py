"""作废登记: an award that was entered wrongly leaves the register of awards; what it said and why it went are kept."""

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.rules import authorize
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import NotAllowed, ReasonMissing, RequirementUnmet
from registry.inspections.ratings import Award, Demonstration, Rating, WithdrawnAward
from registry.messages import N_, message
from registry.organisations.models import Organisation


def award_of(session: Session, organisation: Organisation, code: str) -> Award | None:
    """The award of the organisation with this code, as long as it stands."""
    its = organisation.id
    rating = sa.select(Rating).where(Rating.code == code, Rating.organisation_id == its)
    shown = sa.select(Demonstration).where(Demonstration.code == code, Demonstration.organisation_id == its)
    return session.scalar(rating) or session.scalar(shown)


def withdrawn_of(session: Session, organisation: Organisation) -> list[WithdrawnAward]:
    """What was withdrawn of the organisation, the latest first."""
    found = sa.select(WithdrawnAward).where(WithdrawnAward.organisation_id == organisation.id)
    return list(session.scalars(found.order_by(WithdrawnAward.withdrawn_at.desc(), WithdrawnAward.id.desc())))


def is_his_to_withdraw(actor: Actor, award: Award) -> bool:
    """The level that recorded it takes it back; where that was not kept, whoever may record."""
    return award.recorded_as in (None, actor.role)


def withdraw_award(
    session: Session, award: Award, *, reason: str, actor: Actor, at: datetime, trail: Trail
) -> WithdrawnAward:
    """RequirementUnmet once the next of its series was given: then both are history, as they were."""
    organisation = award.organisation
    authorize(actor, Action.RATING_RECORD, organisation, see=Action.ORGANISATION_SEE)
    if not is_his_to_withdraw(actor, award):
        raise NotAllowed(message(N_("由登记这条记录的层级办理作废。")))
    if not reason.strip():
        raise ReasonMissing(message(N_("请写明作废的原因。")))
    if has_next(session, award):
        raise RequirementUnmet(message(N_("之后的等级或示范已经登记，这条记录不能再作废。")))
    gone = _kept(award, reason.strip(), actor, at)
    session.add(gone)
    session.delete(award)
    session.flush()
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action=Deed.RATING_WITHDRAW,
        result=Result.DONE,
        subject_type=award.__tablename__,
        subject_code=gone.code,
        division_code=organisation.division_code,
        reason=gone.reason,
        facts={"organisation": organisation.code, "document": gone.document},
    )
    return gone


def has_next(session: Session, award: Award) -> bool:
    """Whether the same body graded it again, or the same level showed it as an example again, from a later day on."""
    model = type(award)
    series = (
        Rating.issued_by == award.issued_by
        if isinstance(award, Rating)
        else Demonstration.level == award.level
    )
    later = sa.select(model.id).where(
        model.organisation_id == award.organisation_id, model.valid_from > award.valid_from, series
    )
    return session.scalar(later.limit(1)) is not None


def _kept(award: Award, reason: str, actor: Actor, at: datetime) -> WithdrawnAward:
    return WithdrawnAward(
        code=award.code,
        grade=getattr(award, "grade", None),
        level=getattr(award, "level", None),
        title=getattr(award, "title", ""),
        valid_from=award.valid_from,
        valid_to=award.valid_to,
        issued_by=award.issued_by,
        document=award.document,
        recorded_at=award.recorded_at,
        withdrawn_at=at,
        withdrawn_by=actor.name,
        reason=reason,
        organisation=award.organisation,
    )
