"""批量提醒: once to each institution that was ticked, on record with whom it did not reach."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Account, Role
from registry.audit.models import AuditEntry
from registry.certificates.models import CertificateReminder, Ending
from registry.certificates.queries import CERTIFICATES, concerned, reminders
from registry.certificates.sending import TITLE, Wanted, reminder_of
from registry.errors import InvalidInput, KeyReused, NotVisible
from registry.workflow.operations import start
from registry.workflow.queries import open_todos
from registry.workflow.todos import acknowledge
from tests.factories import (
    DAY,
    HUANGPU,
    NOW,
    make_account,
    make_certificate,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.majors_factories import CALENDAR, TRAIL, actor_of

TEXT = "请在到期前三个月内办理再登记"


@pytest.fixture
def district(session: Session) -> Account:
    return make_account(session, Role.DISTRICT)


def institution(session: Session, *ends_in: int, division_code: str = "310101002", **facts):
    """A listed provider with one person for each certificate."""
    site = make_provider(session, division_code=division_code, **facts)
    for days in ends_in:
        person = make_practitioner(session)
        make_post(session, person, site)
        make_certificate(session, person, valid_to=DAY + timedelta(days=days))
    return site.organisation


def reader_of(session: Session, organisation) -> Account:
    return make_account(session, Role.PROVIDER, organisation=organisation, division_code="310101002")


def send(session: Session, sender: Account, *organisations, key: str | None = None, text: str = TEXT):
    wanted = Wanted(text, frozenset(one.code for one in organisations))
    actor = actor_of(sender)
    reminder = reminder_of(
        wanted, division=actor.division_code, ending=Ending.D90, actor=actor, at=NOW, on=DAY
    )
    return start(
        session,
        reminder,
        actor=actor,
        at=NOW,
        trail=TRAIL,
        calendar=CALENDAR,
        facts=wanted,
        idempotency_key=key,
    )


def test_the_list_of_institutions_counts_their_certificates_and_says_who_can_be_reached(
    session: Session, district: Account
):
    reached = institution(session, 10, 60, 120)
    reader_of(session, reached)
    silent = institution(session, 90)
    institution(session, 91, -1)
    institution(session, 10, division_code="310104003")

    found = concerned(session, actor_of(district), HUANGPU, Ending.D90, DAY)
    assert [(one.code, one.certificates, one.reader) for one in found] == [
        (reached.code, 2, Role.PROVIDER),
        (silent.code, 1, None),
    ]
    expired = concerned(session, actor_of(district), HUANGPU, Ending.EXPIRED, DAY)
    assert [one.certificates for one in expired] == [1]


def test_each_institution_finds_it_once_and_the_record_says_whom_it_did_not_reach(
    session: Session, district: Account
):
    reached, silent, left_out = (institution(session, 10) for _ in range(3))
    reader, other = reader_of(session, reached), reader_of(session, left_out)
    send(session, district, reached, silent)

    (reminder,) = reminders(session, actor_of(district))
    assert [one.organisation for one in reminder.reached] == [reached]
    assert {one.organisation for one in reminder.receivers} == {reached, silent}
    (notice,) = open_todos(session, actor_of(reader))
    assert (notice.title, notice.subject_name, notice.asked_by) == (TITLE, TEXT, district.name)
    assert open_todos(session, actor_of(other)) == []
    assert reminders(session, actor_of(reader)) == [reminder]
    assert reminders(session, actor_of(other)) == []


def test_who_has_read_it_is_on_record(session: Session, district: Account):
    reached = institution(session, 10)
    reader = reader_of(session, reached)
    send(session, district, reached)
    (reminder,) = reminders(session, actor_of(district))
    assert reminder.receivers[0].seen_at is None

    (notice,) = open_todos(session, actor_of(reader))
    acknowledge(session, notice.code, actor=actor_of(reader), at=NOW + timedelta(hours=1))

    assert reminder.receivers[0].seen_at == NOW + timedelta(hours=1)


def test_the_same_form_twice_sends_once(session: Session, district: Account):
    reached = institution(session, 10)
    reader = reader_of(session, reached)
    for _ in range(2):
        send(session, district, reached, key="k" * 32)
    assert len(open_todos(session, actor_of(reader))) == 1
    assert session.scalar(sa.select(sa.func.count()).select_from(CertificateReminder)) == 1

    colleague = make_account(session, Role.DISTRICT)
    with pytest.raises(KeyReused):
        send(session, colleague, reached, key="k" * 32)


@pytest.mark.parametrize(("text", "field"), [("", "text"), ("一二三", "text"), ("长" * 501, "text")])
def test_a_text_that_is_none_is_refused(session: Session, district: Account, text, field):
    with pytest.raises(InvalidInput) as refusal:
        send(session, district, institution(session, 10), text=text)
    assert refusal.value.field == field


def test_where_one_of_many_is_not_on_the_list_nobody_is_written_to_and_only_their_number_is_told(
    session: Session, district: Account
):
    listed = institution(session, 10)
    elsewhere = institution(session, 10, division_code="310104003")
    renewed = institution(session, 400)
    with pytest.raises(InvalidInput) as refusal:
        send(session, district, listed, elsewhere, renewed)
    assert refusal.value.field == "chosen"
    assert refusal.value.message is not None
    assert dict(refusal.value.message.values) == {"count": 2}
    assert session.scalar(sa.select(sa.func.count()).select_from(CertificateReminder)) == 0


def test_a_provider_sends_none(session: Session):
    organisation = institution(session, 10)
    with pytest.raises(NotVisible):
        send(session, reader_of(session, organisation), organisation)


def test_the_trail_names_whom_it_reached_and_whom_not(session: Session, district: Account):
    reached, silent = institution(session, 10, 20), institution(session, 10)
    reader_of(session, reached)
    send(session, district, reached, silent)

    entry = session.scalars(
        sa.select(AuditEntry).where(AuditEntry.action == "certificate_reminder.send")
    ).one()
    assert entry.facts["reached"] == [reached.code]
    assert entry.facts["not reached"] == [silent.code]
    assert entry.facts["certificates"] == 3


@pytest.mark.parametrize(("ends", "expected"), [("30", 1), ("90", 2), ("180", 3), ("expired", 1)])
def test_the_list_of_certificates_is_cut_by_their_end(session: Session, ends: str, expected: int):
    organisation = institution(session, 30, 90, 180, 181, 0)

    question = CERTIFICATES.ask({"ends": ends}, scope=sa.true(), on=DAY)
    rows = question.fetch(session).rows
    assert len(rows) == expected
    assert {row.institutions for row in rows} == {(organisation.name,)}
    assert all((row.days_left <= 0) == (ends == "expired") for row in rows)
