"""紧急查看: a clinical field of one record, opened in an emergency for half an hour, told at once, reviewed later.

It is a reveal (`registry/access/reveals.py`) that somebody answers for: the stay sees the field by the same row and
the same masks. The record of it follows a workflow, so that the notice, the term of the review, the two people and the
entries of the trail are those of every other act. No noun of the register has such fields yet.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import FIELDS, FieldClass, may_open_in_emergency
from registry.access.models import Account, EmergencyAccess, EmergencyState, SignIn
from registry.access.reveals import explained, uncover
from registry.access.scopes import declare_reach, reach_by_columns
from registry.actions import Action
from registry.audit.listing import midnight
from registry.errors import NotAllowed, ProofTooOld, RequirementUnmet
from registry.messages import N_, message
from registry.policy.queries import parameter, working_calendar
from registry.workflow.clocks import closing, last_day_from
from registry.workflow_table import Facts, Occasion, Telling, Transition, Waiting, Workflow, declare_workflow

MINUTES, PER_DAY, REVIEW_WORKDAYS = (
    "emergency_access.minutes",
    "emergency_access.per_day",
    "emergency_access.review_workdays",
)
"""Policy parameters: how long the field is shown, how often a person may in a day, and the term of the review."""

FACTOR_HOLDS = timedelta(minutes=10)
"""The second factor passed no longer ago, whatever the profile asks elsewhere."""


class EmergencyReason(StrEnum):
    """What an emergency is."""

    LIFE = "life"
    MISSING = "missing"
    VIOLENCE = "violence"


class EmergencyStep(StrEnum):
    """The verbs of an emergency access."""

    OPEN = "open"
    UPHOLD = "uphold"
    OBJECT = "object"


@dataclass(frozen=True)
class EmergencyRequest:
    """What is brought along by whoever opens a field."""

    stay: str
    """The code of the sign-in."""
    reason: EmergencyReason
    explanation: str


@dataclass(frozen=True)
class Subject:
    """The record whose field is opened: where it lies and whose data it holds."""

    type: str
    code: str
    division_code: str
    organisation_id: int | None = None


def emergency_of(subject: Subject, field: str, *, account: Account) -> EmergencyAccess:
    """A fresh record, in no session yet: `registry.workflow.operations.start` takes it in, with an EmergencyRequest."""
    return EmergencyAccess(
        state=EmergencyState.OPEN,
        subject_type=subject.type,
        subject_code=subject.code,
        field=field,
        division_code=subject.division_code,
        organisation_id=subject.organisation_id,
        account=account,
        account_id=account.id,
    )


def open_field(session: Session, access: EmergencyAccess, occasion: Occasion) -> Facts:
    """Effect of the first step: every refusal first, then the row that lets the stay see the field."""
    request: EmergencyRequest = occasion.facts
    actor: Actor = occasion.actor
    rule = FIELDS[access.field]
    if rule.field_class is not FieldClass.C4 or not may_open_in_emergency(actor, access.field):
        raise NotAllowed
    if actor.principal is not None:
        raise NotAllowed(message(N_("紧急查看只能以本人岗位办理，不能代办。")))
    explanation = explained(request.explanation)
    _refuse_old_factor(session, actor, request.stay, occasion.at)
    _refuse_too_many(session, access, occasion)
    _refuse_unreviewed(session, access, occasion)
    minutes = int(parameter(session, MINUTES, access.division_code, occasion.on))
    access.reason, access.explanation = request.reason.value, explanation
    access.at, access.until = occasion.at, occasion.at + timedelta(minutes=minutes)
    calendar = working_calendar(session)
    access.review_due_on = last_day_from(
        session, REVIEW_WORKDAYS, access.division_code, occasion.at, calendar
    )
    uncover(session, request.stay, access.subject_code, access.field, at=access.at, until=access.until)
    return {
        "subject": f"{access.subject_type} {access.subject_code}",
        "field": access.field,
        "reason": access.reason,
        "explanation": explanation,
        "until": access.until.isoformat(),
    }


def review(session: Session, access: EmergencyAccess, occasion: Occasion) -> Facts:
    """Effect of both answers: what was looked at, and whether the answer came in time."""
    facts = {
        "subject": f"{access.subject_type} {access.subject_code}",
        "field": access.field,
        "opened_by": access.account.code,
        "is_late": occasion.at > closing(session, access.division_code, access.review_due_on),
    }
    access.reviewed_at = occasion.at
    return facts


def _refuse_old_factor(session: Session, actor: Actor, stay: str, at: datetime) -> None:
    passed = session.scalar(
        sa.select(SignIn.factor_at).where(
            SignIn.code == stay, SignIn.account_id == actor.account_id, SignIn.ended_at.is_(None)
        )
    )
    if passed is None or at - passed > FACTOR_HOLDS:
        raise ProofTooOld(message(N_("紧急查看前请用双因素验证码确认是您本人。")))


def _refuse_too_many(session: Session, access: EmergencyAccess, occasion: Occasion) -> None:
    most = int(parameter(session, PER_DAY, access.division_code, occasion.on))
    opened = sa.select(sa.func.count()).select_from(EmergencyAccess).where(_of(access))
    if (session.scalar(opened.where(EmergencyAccess.at >= midnight(occasion.on))) or 0) >= most:
        raise RequirementUnmet(message(N_("您今天的紧急查看已达%(count)s次，不能再开。"), count=most))


def _refuse_unreviewed(session: Session, access: EmergencyAccess, occasion: Occasion) -> None:
    """Whoever looked and was not answered for in time looks no further."""
    unreviewed = sa.select(EmergencyAccess).where(_of(access), EmergencyAccess.state == EmergencyState.OPEN)
    if any(
        occasion.at > closing(session, one.division_code, one.review_due_on)
        for one in session.scalars(unreviewed)
    ):
        raise RequirementUnmet(message(N_("您有逾期未复核的紧急查看，复核之前不能再开。")))


def _of(access: EmergencyAccess) -> sa.ColumnElement[bool]:
    return EmergencyAccess.account_id == access.account_id


declare_reach(EmergencyAccess, reach_by_columns(EmergencyAccess))

EMERGENCY_ACCESSES = declare_workflow(
    Workflow(
        subject_type="emergency_access",
        model=EmergencyAccess,
        states=EmergencyState,
        see=Action.EMERGENCY_ACCESS_SEE,
        name_of=lambda access: access.subject_code,
        place_of=lambda access: access.division_code,
        parent_of=lambda access: access.account,
        start=Transition(
            EmergencyStep.OPEN,
            frozenset(),
            EmergencyState.OPEN,
            Action.EMERGENCY_ACCESS_OPEN,
            asks_facts=True,
            effect=open_field,
            waiting=Waiting(Action.EMERGENCY_ACCESS_REVIEW, N_("复核紧急查看"), within=REVIEW_WORKDAYS),
            telling=Telling(Action.EMERGENCY_ACCESS_SEE, N_("有人紧急查看了敏感信息，请知悉")),
        ),
        transitions=(
            Transition(
                EmergencyStep.UPHOLD,
                frozenset({EmergencyState.OPEN}),
                EmergencyState.UPHELD,
                Action.EMERGENCY_ACCESS_REVIEW,
                asks_reason=True,
                other_than=EmergencyStep.OPEN,
                effect=review,
            ),
            Transition(
                EmergencyStep.OBJECT,
                frozenset({EmergencyState.OPEN}),
                EmergencyState.OBJECTED,
                Action.EMERGENCY_ACCESS_REVIEW,
                asks_reason=True,
                other_than=EmergencyStep.OPEN,
                effect=review,
            ),
        ),
    )
)
