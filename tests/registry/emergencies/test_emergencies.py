"""Clinical fields and emergencies, on a table that exists in these tests alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import (
    FIELDS,
    Field,
    FieldClass,
    FieldRule,
    Mask,
    asks_fresh_proof,
    mask_now,
    mask_of,
)
from registry.access.models import Account, EmergencyAccess, EmergencyState, Role, SignIn
from registry.access.reveals import RevealReason, reveal, revealed_until
from registry.access.rules import may
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.audit.trail import Principal, Trail
from registry.clock import SHANGHAI, WorkingCalendar
from registry.emergencies.opening import (
    EmergencyReason,
    EmergencyRequest,
    EmergencyStep,
    Subject,
    emergency_of,
)
from registry.errors import NotAllowed, NotVisible, ProofTooOld, ReasonMissing, RequirementUnmet, StepNotOpen
from registry.schema import metadata
from registry.workflow.models import Todo
from registry.workflow.operations import start, take_step
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_account,
    make_organisation,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)

NOTES = sa.Table(
    "case_note_of_the_tests",
    sa.MetaData(),
    sa.Column("code", sa.String(16), primary_key=True),
    sa.Column("division_code", sa.String(12)),
    sa.Column("text", sa.Text),
    prefixes=["TEMPORARY"],
)
FIELD = "case_note_of_the_tests.text"
TEXT = "只有紧急情况才能看到的记录"
CODE = "note2345"
TRAIL = Trail(b"key of the tests")
CALENDAR = WorkingCalendar({})
WHY = "接到报警，需确认近期是否有自伤风险"


@pytest.fixture(autouse=True)
def _a_clinical_field(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    masks = {Role.STATION: Mask.SHOW}
    opens = frozenset({Role.CITY, Role.DISTRICT})
    monkeypatch.setitem(FIELDS, FIELD, FieldRule(FieldClass.C4, masks, emergency=opens))
    connection = session.connection()
    NOTES.create(connection)
    session.execute(sa.insert(NOTES), [{"code": CODE, "division_code": NANJING_EAST_ROAD, "text": TEXT}])
    for key, value in (("minutes", 30), ("per_day", 5), ("review_workdays", 3)):
        make_parameter(session, f"emergency_access.{key}", value)


@dataclass(frozen=True)
class Person:
    """Somebody with a stay."""

    account: Account
    actor: Actor
    stay: str


def person(
    session: Session, role: Role = Role.DISTRICT, *, factor_at: datetime | None = NOW, **facts: Any
) -> Person:
    account = make_account(session, role, **facts)
    sign_in = SignIn(
        token_hash=f"stay of {account.username}",
        began_at=NOW,
        entered_at=NOW,
        proved_at=NOW,
        factor_at=factor_at,
        last_seen_at=NOW,
        account_id=account.id,
        position_id=account.positions[0].id,
    )
    session.add(sign_in)
    session.flush()
    return Person(account, Actor.of(account.positions[0]), sign_in.code)


def opened(
    session: Session, who: Person, *, at: datetime = NOW, explanation: str = WHY, **place: Any
) -> EmergencyAccess:
    subject = Subject(
        NOTES.name, CODE, place.get("division_code", NANJING_EAST_ROAD), place.get("organisation_id")
    )
    access = emergency_of(subject, place.get("field", FIELD), account=who.account)
    request = EmergencyRequest(who.stay, EmergencyReason.LIFE, explanation)
    start(
        session,
        access,
        actor=place.get("actor", who.actor),
        at=at,
        trail=TRAIL,
        calendar=CALENDAR,
        facts=request,
    )
    return access


def seen(session: Session, who: Person, *, at: datetime = NOW) -> str | None:
    """The text as a page would make it: what is hidden is not read."""
    revealed = revealed_until(session, stay=who.stay, subject_code=CODE, at=at)
    if mask_now(who.actor, FIELD, revealed) is not Mask.SHOW:
        return None
    return session.scalar(sa.select(NOTES.c.text).where(NOTES.c.code == CODE))


def answered(
    session: Session, access: EmergencyAccess, step: EmergencyStep, actor: Actor, at: datetime = NOW
) -> None:
    take_step(
        session, access, step, actor=actor, at=at, trail=TRAIL, calendar=CALENDAR, reason="已核对报警记录"
    )


def entries(session: Session, action: str) -> list[AuditEntry]:
    return list(session.scalars(sa.select(AuditEntry).where(AuditEntry.action == action)))


def todos(session: Session, *, is_notice: bool) -> set[tuple[Role, str, int | None]]:
    rows = session.scalars(sa.select(Todo).where(Todo.is_notice.is_(is_notice), Todo.closed_at.is_(None)))
    return {(todo.role, todo.division_code, todo.organisation_id) for todo in rows}


def test_no_table_of_the_register_has_a_clinical_field() -> None:
    assert NOTES.name not in metadata.tables
    assert {name for name, rule in FIELDS.items() if rule.field_class is FieldClass.C4} == {FIELD}


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.CITY, Role.STREET, Role.SECADMIN, Role.SYSADMIN])
def test_a_clinical_field_is_hidden_from_whoever_did_not_open_it(session: Session, role: Role) -> None:
    assert seen(session, person(session, role)) is None


def test_it_is_seen_whole_for_half_an_hour_by_the_stay_that_opened_it(session: Session) -> None:
    who, colleague = person(session), person(session)

    access = opened(session, who)

    assert access.until == NOW + timedelta(minutes=30)
    assert seen(session, who, at=NOW + timedelta(minutes=29)) == TEXT
    assert seen(session, who, at=NOW + timedelta(minutes=30)) is None
    assert seen(session, colleague) is None


def test_what_was_opened_is_in_no_file(session: Session) -> None:
    who = person(session)
    opened(session, who)

    assert mask_of(who.actor, FIELD) is Mask.NONE


def test_it_is_told_at_once_and_left_to_the_security_administrator(session: Session) -> None:
    keeper = make_organisation(session)

    access = opened(session, person(session), organisation_id=keeper.id)

    assert todos(session, is_notice=False) == {(Role.SECADMIN, NANJING_EAST_ROAD, None)}
    assert todos(session, is_notice=True) == {
        (Role.SECADMIN, NANJING_EAST_ROAD, None),
        (Role.AUDITADMIN, NANJING_EAST_ROAD, None),
        (Role.STATION, NANJING_EAST_ROAD, keeper.id),
        (Role.PROVIDER, NANJING_EAST_ROAD, keeper.id),
    }
    # Monday 23 November 2026 and three working days
    assert access.review_due_on == date(2026, 11, 26)


def test_the_trail_says_who_opened_what_and_why_and_not_what_stands_there(session: Session) -> None:
    who = person(session)
    opened(session, who)

    (entry,) = entries(session, "emergency_access.open")

    assert (entry.actor_code, entry.division_code) == (who.actor.code, NANJING_EAST_ROAD)
    assert entry.facts["subject"] == f"{NOTES.name} {CODE}"
    assert (entry.facts["field"], entry.facts["reason"]) == (FIELD, "life")
    assert entry.facts["explanation"] == WHY
    assert entry.facts["until"] == "2026-11-23T01:30:00+00:00"
    assert TEXT not in str(entry.facts)


@pytest.mark.parametrize(
    ("step", "state"),
    [(EmergencyStep.UPHOLD, EmergencyState.UPHELD), (EmergencyStep.OBJECT, EmergencyState.OBJECTED)],
)
def test_the_review_is_an_entry_and_closes_what_waits(
    session: Session, step: EmergencyStep, state: EmergencyState
) -> None:
    access, reviewer = opened(session, person(session)), person(session, Role.SECADMIN)

    answered(session, access, step, reviewer.actor, at=NOW + timedelta(days=1))

    assert access.state is state
    assert todos(session, is_notice=False) == set()
    (entry,) = entries(session, f"emergency_access.{step}")
    assert (entry.actor_code, entry.reason, entry.facts["is_late"]) == (
        reviewer.actor.code,
        "已核对报警记录",
        False,
    )
    with pytest.raises(StepNotOpen):
        answered(session, access, step, reviewer.actor)


@pytest.mark.parametrize(
    ("hour", "minute", "last_day", "is_late"),
    [(17, 29, date(2026, 11, 26), True), (17, 31, date(2026, 11, 27), False)],
)
def test_what_is_opened_after_the_cut_off_is_reviewed_a_working_day_later(
    session: Session, hour: int, minute: int, last_day: date, *, is_late: bool
) -> None:
    make_parameter(session, "workday.cut_off", "17:30")
    at = datetime(2026, 11, 23, hour, minute, tzinfo=SHANGHAI)
    access = opened(session, person(session, factor_at=at), at=at)
    assert access.review_due_on == last_day
    waiting = sa.select(Todo.due_on).where(Todo.is_notice.is_(False), Todo.closed_at.is_(None))
    assert session.scalar(waiting) == last_day
    reviewer = person(session, Role.SECADMIN, division_code="31").actor
    evening = datetime(2026, 11, 26, 18, 0, tzinfo=SHANGHAI)
    answered(session, access, EmergencyStep.UPHOLD, reviewer, at=evening)
    assert entries(session, "emergency_access.uphold")[0].facts["is_late"] is is_late


def test_a_late_review_says_that_it_is_late(session: Session) -> None:
    access, reviewer = opened(session, person(session)), person(session, Role.SECADMIN)

    answered(session, access, EmergencyStep.UPHOLD, reviewer.actor, at=NOW + timedelta(days=4))

    assert entries(session, "emergency_access.uphold")[0].facts["is_late"] is True


def test_whoever_opened_a_field_does_not_review_it(session: Session) -> None:
    who = person(session)
    access = opened(session, who)
    same_person = Actor.of(make_account(session, Role.SECADMIN).positions[0])
    as_reviewer = Actor(
        who.actor.account_id, who.actor.code, "li", "李示例", Role.SECADMIN, same_person.division_code
    )

    with pytest.raises(NotAllowed):
        answered(session, access, EmergencyStep.UPHOLD, as_reviewer)


@pytest.mark.parametrize("role", [Role.AUDITADMIN, Role.SYSADMIN, Role.CITY, Role.DISTRICT])
def test_nobody_else_reviews(session: Session, role: Role) -> None:
    access = opened(session, person(session))

    with pytest.raises((NotAllowed, NotVisible)):
        answered(session, access, EmergencyStep.UPHOLD, person(session, role).actor)


@pytest.mark.parametrize("role", [Role.STREET, Role.PROVINCE, Role.STATION, Role.SECADMIN, Role.HEALTH])
def test_other_roles_open_nothing(session: Session, role: Role) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        opened(session, person(session, role, division_code="31"))
    assert session.scalar(sa.select(sa.func.count()).select_from(EmergencyAccess)) == 0


def test_an_officer_of_another_district_opens_nothing(session: Session) -> None:
    with pytest.raises(NotVisible):
        opened(session, person(session, division_code="310104"))


def test_nobody_opens_on_behalf_of_a_colleague(session: Session) -> None:
    who = person(session)
    standing_in = Actor(
        who.actor.account_id,
        who.actor.code,
        "li",
        "李示例",
        Role.DISTRICT,
        HUANGPU,
        None,
        Principal("b", "王示例"),
    )

    with pytest.raises(NotAllowed):
        opened(session, who, actor=standing_in)


def test_an_identity_number_is_no_emergency(session: Session) -> None:
    with pytest.raises(NotAllowed):
        opened(session, person(session), field="practitioner.identity_number")


def test_a_clinical_field_is_not_simply_revealed(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    part = {Role.DISTRICT: Mask.PART}
    monkeypatch.setitem(FIELDS, "practitioner.phone", FieldRule(FieldClass.C4, part))
    subject = make_practitioner(session)
    make_post(session, subject, make_provider(session))
    who = person(session)
    with pytest.raises(NotAllowed):
        reveal(
            session,
            actor=who.actor,
            stay=who.stay,
            subject=subject,
            field=Field.STAFF_PHONE,
            reason=RevealReason.CONTACT,
            explanation=WHY,
            at=NOW,
            trail=TRAIL,
        )


@pytest.mark.parametrize("explanation", ["", "紧急", "紧 急 情 况 需 要"])
def test_an_explanation_that_explains_nothing_opens_nothing(session: Session, explanation: str) -> None:
    with pytest.raises(ReasonMissing):
        opened(session, person(session), explanation=explanation)


@pytest.mark.parametrize("factor_at", [None, NOW - timedelta(minutes=10, seconds=1)])
def test_the_second_factor_passed_just_now(session: Session, factor_at: datetime | None) -> None:
    with pytest.raises(ProofTooOld):
        opened(session, person(session, factor_at=factor_at))


def test_the_proof_of_another_stay_is_worth_nothing(session: Session) -> None:
    who, other = person(session, factor_at=None), person(session)

    with pytest.raises(ProofTooOld):
        opened(session, Person(who.account, who.actor, other.stay))


def test_the_sixth_of_a_day_is_refused_and_the_next_day_is_another_one(session: Session) -> None:
    who = person(session)
    for _ in range(5):
        opened(session, who)

    with pytest.raises(RequirementUnmet):
        opened(session, who)
    session.execute(sa.update(SignIn).values(factor_at=NOW + timedelta(days=1)))
    assert opened(session, who, at=NOW + timedelta(days=1)).state is EmergencyState.OPEN


def test_whoever_was_not_reviewed_in_time_opens_nothing_more_until_he_is(session: Session) -> None:
    who, reviewer = person(session), person(session, Role.SECADMIN)
    access, later = opened(session, who), NOW + timedelta(days=4)
    session.execute(sa.update(SignIn).values(factor_at=later))

    with pytest.raises(RequirementUnmet):
        opened(session, who, at=later)
    answered(session, access, EmergencyStep.UPHOLD, reviewer.actor, at=later)

    assert opened(session, who, at=later).state is EmergencyState.OPEN


def test_a_clinical_field_asks_for_a_fresh_proof_everywhere() -> None:
    assert asks_fresh_proof(FIELD)


def test_the_auditor_and_the_organisation_see_the_access_and_others_do_not(session: Session) -> None:
    keeper, stranger = make_organisation(session), make_organisation(session)
    access = opened(session, person(session), organisation_id=keeper.id)

    sees = {
        role: may(person(session, role, **facts).actor, Action.EMERGENCY_ACCESS_SEE, access)
        for role, facts in (
            (Role.AUDITADMIN, {}),
            (Role.SYSADMIN, {}),
            (Role.PROVIDER, {"organisation": keeper}),
            (Role.STATION, {"organisation": stranger}),
        )
    }
    assert sees == {Role.AUDITADMIN: True, Role.SYSADMIN: False, Role.PROVIDER: True, Role.STATION: False}
