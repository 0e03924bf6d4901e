"""Issued documents: check codes as people type them, the record with its entry in the trail, who sees what."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.access.rules import Action, may
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.documents.codes import grouped, typed_code
from registry.documents.models import DocumentState, IssuedDocument, MakingStep, Printed, PrintedPart
from registry.documents.operations import (
    ask_for_document,
    begin_making,
    fail_document,
    finish_document,
    issue_document,
    reason_of,
)
from registry.documents.queries import codes_in_hand, issued_under, own_documents
from registry.messages import message
from tests.factories import DAY, NOW, make_actor, make_question

TRAIL = Trail(b"a key")
CODE = "7f3k9ab2c4"
PRINTED = Printed(
    numerator=80,
    denominator=267,
    percent="29.96%",
    parts=[PrintedPart("310101002", "南京东路街道", 80, 267)],
    sha256="a" * 64,
    size=1000,
)


def issued(session: Session, **facts: object) -> IssuedDocument:
    actor = make_actor(session, Role.DISTRICT)
    return issue_document(
        session, make_question(**facts), PRINTED, code=CODE, actor=actor, at=NOW, trail=TRAIL
    )


def test_a_check_code_is_printed_in_two_groups() -> None:
    assert grouped(CODE) == "7f3k9-ab2c4"


@pytest.mark.parametrize(
    "typed",
    ["7f3k9ab2c4", "7f3k9-ab2c4", " 7F3K9 AB2C4 ", "7f3k9－ab2c4", "７ｆ３ｋ９ａｂ２ｃ４", "7f3k9—ab2c4"],
)
def test_a_check_code_is_read_however_it_is_typed(typed: str) -> None:
    assert typed_code(typed) == CODE


@pytest.mark.parametrize(
    "typed", ["", "7f3k9", "7f3k9-ab2c40", "7f3k9-ab2c0", "7f3k9-ab2cl", "核验码七位一二三四"]
)
def test_what_cannot_be_a_check_code_is_none(typed: str) -> None:
    assert typed_code(typed) is None


def test_an_issued_document_keeps_what_it_printed(session: Session) -> None:
    issued(session)
    session.expire_all()

    kept = issued_under(session, CODE)

    assert kept is not None
    assert (kept.numerator, kept.denominator, kept.percent) == (80, 267, "29.96%")
    assert kept.printed_parts == (PrintedPart("310101002", "南京东路街道", 80, 267),)
    assert kept.question == make_question()


def test_issuing_leaves_an_entry_with_the_digest_in_the_trail(session: Session) -> None:
    issued(session)

    entry = session.scalars(sa.select(AuditEntry)).one()

    assert (entry.action, entry.subject_code, entry.division_code) == ("document.issue", CODE, "310101")
    assert (entry.facts["sha256"], entry.facts["on"]) == ("a" * 64, DAY.isoformat())


@pytest.mark.parametrize(
    "change",
    [{"sha256": None}, {"issued_at": None}, {"state": DocumentState.FAILED}, {"numerator": 268}],
)
def test_the_database_refuses_a_record_that_contradicts_itself(session: Session, change: dict) -> None:
    document = issued(session)
    for name, value in change.items():
        setattr(document, name, value)

    with pytest.raises(sa.exc.IntegrityError), session.begin_nested():
        session.flush()


def test_a_document_that_a_job_makes_waits_works_and_is_done(session: Session) -> None:
    actor = make_actor(session, Role.DISTRICT)
    document = ask_for_document(session, make_question(), pages=12, actor=actor, at=NOW)
    assert (document.state, codes_in_hand(session)) == (DocumentState.WAITING, [document.code])
    assert issued_under(session, document.code) is None

    begin_making(document, at=NOW)
    assert (document.state, document.step) == (DocumentState.WORKING, MakingStep.READING)
    assert codes_in_hand(session) == [document.code]

    finish_document(session, document, PRINTED, at=NOW, trail=TRAIL)
    assert issued_under(session, document.code) is document
    assert codes_in_hand(session) == []


def test_a_document_that_could_not_be_made_says_why(session: Session) -> None:
    document = ask_for_document(
        session, make_question(), pages=12, actor=make_actor(session, Role.DISTRICT), at=NOW
    )

    fail_document(document, message("磁盘已满：%(folder)s", folder="/srv"))
    session.flush()
    session.expire_all()

    assert (document.state, str(reason_of(document))) == (DocumentState.FAILED, "磁盘已满：/srv")


def test_whoever_answers_for_the_place_sees_the_document_and_nobody_else(session: Session) -> None:
    document = issued(session)
    who = {
        (Role.CITY, "31"): True,
        (Role.DISTRICT, "310101"): True,
        (Role.DISTRICT, "310104"): False,
        (Role.STREET, "310101002"): False,
    }

    seen = {
        (role, code): may(make_actor(session, role, division_code=code), Action.DOCUMENT_SEE, document)
        for role, code in who
    }

    assert seen == who


def test_own_documents_are_those_of_the_last_thirty_days(session: Session) -> None:
    actor, other = make_actor(session, Role.DISTRICT), make_actor(session, Role.DISTRICT)
    days = {0: actor, 29: actor, 31: actor, 1: other}
    asked = {
        day: ask_for_document(session, make_question(), pages=1, actor=who, at=NOW - timedelta(days=day))
        for day, who in days.items()
    }

    assert own_documents(session, actor, at=NOW) == [asked[29], asked[0]]
