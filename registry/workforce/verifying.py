"""学历核验: an institution tells what its people studied, its district looks at the paper; only then does it count.

The table moves `Education.verification`; `verified_on`, which counting reads beside it, is the day of the decision.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload, object_session
from sqlalchemy.orm.attributes import set_committed_value

from registry.access.actors import Actor
from registry.access.models import Account, Position
from registry.access.roles import Role
from registry.actions import Action
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar, today
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.policy.queries import working_calendar
from registry.workflow.models import Todo, WorkflowStep
from registry.workflow.operations import start, take_step
from registry.workflow.queries import steps_of
from registry.workflow.todos import close_todos, leave_todos
from registry.workflow_table import (
    Desk,
    Facts,
    Occasion,
    Telling,
    Transition,
    Waiting,
    Workflow,
    declare_workflow,
    workflow_of,
)
from registry.workforce.models import (
    Catalogue,
    Education,
    EducationForm,
    EducationLevel,
    Post,
    Practitioner,
    Verification,
)
from registry.workforce.scopes import newest_post, place_of_person
from registry.workforce.writing import Hand, refuse_former_employer, touch

PENDING, VERIFIED, REJECTED = Verification.PENDING, Verification.VERIFIED, Verification.REJECTED
VERIFY_WORKDAYS = "education.verify_workdays"
YOUNGEST = 14
"""Nobody holds a diploma of these levels below that age: a slip of the pen."""
KEY = ("form", "level", "catalogue", "major_code", "school")


class EducationStep(StrEnum):
    """The verbs of a verification."""

    REPORT = "report"
    VERIFY = "verify"
    REJECT = "reject"
    REOPEN = "reopen"


@dataclass(frozen=True)
class Studied:
    """What is typed of a diploma or a degree."""

    form: EducationForm
    level: EducationLevel
    catalogue: Catalogue
    major_code: str
    major_name: str
    school: str
    obtained_on: date
    diploma_no: str | None = None


def report_education(
    session: Session,
    person: Practitioner,
    studied: Studied,
    *,
    hand: Hand,
    calendar: WorkingCalendar,
    key: str | None = None,
) -> Education:
    """A new one, which waits for the district; the same form again gives the first one back."""
    if key is not None and (earlier := _reported_by(session, key)) is not None:
        return earlier
    refuse_former_employer(hand.actor, person, hand.on)
    _refuse(session, person, studied, None, on=hand.on)
    education = Education(
        **asdict(studied), verification=PENDING, verified_on=None, practitioner_id=person.id, version=1
    )
    # Without an event: the person's own list would take it into the session before the door is passed.
    set_committed_value(education, "practitioner", person)
    taken = start(
        session,
        education,
        actor=hand.actor,
        at=hand.at,
        trail=hand.trail,
        calendar=calendar,
        idempotency_key=key,
    )
    touch(session, person, hand.at)
    session.expire(person, ["education"])
    return session.get_one(Education, taken.subject_id)


def report_again(
    session: Session,
    education: Education,
    studied: Studied,
    *,
    hand: Hand,
    calendar: WorkingCalendar,
    version: int | None = None,
    key: str | None = None,
) -> None:
    """Put right, and put before the district once more."""
    take_step(
        session,
        education,
        EducationStep.REPORT,
        actor=hand.actor,
        at=hand.at,
        trail=hand.trail,
        calendar=calendar,
        facts=studied,
        version=version,
        idempotency_key=key,
    )


def ask_for_verification(
    session: Session, person_nos: Sequence[str], *, actor: Actor, at: datetime, trail: Trail
) -> None:
    """What a load brought of these people and nobody has before him yet goes to the district, as if typed.

    Whoever loaded it, an institution or an officer. Also one that was rejected and that the file tells anew.
    """
    waits = (Todo.subject_type == "education", Todo.subject_id == Education.id, Todo.closed_at.is_(None))
    statement = (
        sa.select(Education)
        .join(Practitioner)
        .where(Practitioner.person_no.in_(person_nos), Education.verification == PENDING)
        .where(~sa.exists().where(*waits, Todo.role == Role.DISTRICT))
        .options(joinedload(Education.practitioner).selectinload(Practitioner.posts).joinedload(Post.site))
        .order_by(Education.id)
    )
    calendar, occasion = working_calendar(session), Occasion(actor, at, today(at), "", None, trail)
    for education in session.scalars(statement).all():
        close_todos(session, workflow_of(education).subject_of(education), at=at)
        session.add(_report_of(education, actor, at))
        leave_todos(session, education, CHECK, occasion, calendar)


def settle(session: Session, education_ids: Sequence[int], *, at: datetime) -> None:
    """A load said of these what the district found: nobody need look any more."""
    waiting = sa.exists().where(
        Todo.subject_type == "education", Todo.subject_id == Education.id, Todo.closed_at.is_(None)
    )
    settled = sa.select(Education).where(
        Education.id.in_(education_ids), Education.verification != PENDING, waiting
    )
    for education in session.scalars(settled.options(joinedload(Education.practitioner))).all():
        close_todos(session, workflow_of(education).subject_of(education), at=at)


def reasons_of(session: Session, person: Practitioner) -> dict[int, str]:
    """Why each of the rejected ones was; by key."""
    rejected = [one.id for one in person.education if one.verification is REJECTED]
    steps = steps_of(session, Education.__tablename__, rejected) if rejected else []
    return {step.subject_id: step.reason for step in steps if step.step == EducationStep.REJECT}


def _report_of(education: Education, actor: Actor, at: datetime) -> WorkflowStep:
    """The history of one that a load brought begins with the load."""
    principal = actor.principal
    return WorkflowStep(
        subject_type="education",
        subject_id=education.id,
        step=EducationStep.REPORT,
        from_state="",
        to_state=PENDING,
        actor_code=actor.code,
        actor_name=actor.name,
        principal_code=principal.code if principal else "",
        principal_name=principal.name if principal else "",
        at=at,
        reason="",
    )


def _reported_by(session: Session, key: str) -> Education | None:
    is_it = WorkflowStep.idempotency_key == key
    of_kind = WorkflowStep.subject_type == Education.__tablename__
    found = session.scalar(sa.select(WorkflowStep.subject_id).where(is_it, of_kind))
    return session.get(Education, found) if found is not None else None


def _refuse(
    session: Session, person: Practitioner, studied: Studied, own: Education | None, *, on: date
) -> None:
    """What is wrong with what was typed, under its field."""
    if studied.obtained_on > on:
        raise InvalidInput("obtained_on", message(N_("取得日期在今天之后，请对照证书核对日期。")))
    if studied.obtained_on.year - person.birth_year < YOUNGEST:
        text = N_("取得证书时不满%(age)s岁，请核对取得日期和出生年份。")
        raise InvalidInput("obtained_on", message(text, age=YOUNGEST))
    said = tuple(getattr(studied, name) for name in KEY)
    others = session.scalars(sa.select(Education).where(Education.practitioner_id == person.id))
    if any(tuple(getattr(one, name) for name in KEY) == said for one in others if one is not own):
        text = N_("已登记同一学校、同一专业的这一学历。要更正的，请打开那一条。")
        raise InvalidInput("major_code", message(text))


def _put_right(session: Session, education: Education, occasion: Occasion) -> Facts:
    """Effect of reporting again; without typed facts the same paper is shown once more."""
    refuse_former_employer(occasion.actor, education.practitioner, occasion.on)
    studied: Studied | None = occasion.facts
    changed: list[str] = []
    if studied is not None:
        _refuse(session, education.practitioner, studied, education, on=occasion.on)
        changed = [name for name, value in asdict(studied).items() if getattr(education, name) != value]
        for name in changed:
            setattr(education, name, getattr(studied, name))
    education.verified_on = None
    return _kept(education) | {"changed": changed}


def _verify(_session: Session, education: Education, occasion: Occasion) -> Facts:
    kept = _kept(education)  # read first: whatever is read writes, and the day belongs to the state
    education.verified_on = occasion.on
    return kept


def _leave_unverified(_session: Session, education: Education, _occasion: Occasion) -> Facts:
    kept = _kept(education)
    education.verified_on = None
    return kept


def _kept(education: Education) -> dict[str, Any]:
    return {"person": education.practitioner.code, "form": education.form.value}


def _desk_of_district(education: Education) -> Desk:
    return Desk(Role.DISTRICT, place_of_person(education.practitioner))


def _desk_of_institution(education: Education) -> Desk:
    newest = newest_post(education.practitioner)
    owner = newest.site.organisation_id if newest else None
    return Desk(Role.PROVIDER, place_of_person(education.practitioner), _teller_of(education) or owner)


def _teller_of(education: Education) -> int | None:
    """The institution that told of it last and still employs him: of two employers, the other one asked nothing."""
    session = object_session(education)
    held = (one for one in education.practitioner.posts if one.end_on is None or one.end_on > today())
    employers = {post.site.organisation_id for post in held}
    if session is None or not employers:
        return None
    of_it = (WorkflowStep.subject_type == Education.__tablename__, WorkflowStep.subject_id == education.id)
    told = sa.select(WorkflowStep).where(*of_it, WorkflowStep.step == EducationStep.REPORT)
    last = session.scalar(told.order_by(WorkflowStep.id.desc()).limit(1))
    if last is None:
        return None
    positions = sa.select(Position.organisation_id).join(Account).where(Account.code.in_(last.people))
    return session.scalar(positions.where(Position.organisation_id.in_(employers)).limit(1))


CHECK = Waiting(Action.EDUCATION_VERIFY, N_("核验学历"), within=VERIFY_WORKDAYS, desk_of=_desk_of_district)

EDUCATION = declare_workflow(
    Workflow(
        subject_type="education",
        model=Education,
        states=Verification,
        see=Action.PRACTITIONER_SEE,
        name_of=lambda one: f"{one.practitioner.person_no} {one.major_name}",
        place_of=lambda one: place_of_person(one.practitioner),
        parent_of=lambda one: one.practitioner,
        start=Transition(
            EducationStep.REPORT,
            frozenset(),
            PENDING,
            Action.PRACTITIONER_RECORD,
            asks_facts=True,
            waiting=CHECK,
        ),
        transitions=(
            Transition(
                EducationStep.REPORT,
                frozenset({PENDING, REJECTED}),
                PENDING,
                Action.PRACTITIONER_RECORD,
                asks_facts=True,
                effect=_put_right,
                waiting=CHECK,
            ),
            Transition(
                EducationStep.VERIFY,
                frozenset({PENDING}),
                VERIFIED,
                Action.EDUCATION_VERIFY,
                other_than=EducationStep.REPORT,
                effect=_verify,
                telling=Telling(Action.PRACTITIONER_RECORD, N_("学历已核验"), desk_of=_desk_of_institution),
            ),
            Transition(
                EducationStep.REJECT,
                frozenset({PENDING}),
                REJECTED,
                Action.EDUCATION_VERIFY,
                asks_reason=True,
                other_than=EducationStep.REPORT,
                effect=_leave_unverified,
                waiting=Waiting(
                    Action.PRACTITIONER_RECORD, N_("补正未通过核验的学历"), desk_of=_desk_of_institution
                ),
            ),
            Transition(
                EducationStep.REOPEN,
                frozenset({VERIFIED}),
                PENDING,
                Action.EDUCATION_VERIFY,
                asks_reason=True,
                effect=_leave_unverified,
                waiting=CHECK,
            ),
        ),
    )
)
