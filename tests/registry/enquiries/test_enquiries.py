"""An enquiry from its form to its answer: sealed, with a deadline, looked up by two codes that nobody guesses."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.rules import may
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.clock import WorkingCalendar
from registry.enquiries.answering import Answer
from registry.enquiries.checking import check_code
from registry.enquiries.models import Enquiry, EnquiryState
from registry.enquiries.queries import enquiries, enquiry_looked_up
from registry.enquiries.sealed_fields import ANSWER, CONTACT, TEXT, opened
from registry.enquiries.workflow import EnquiryStep
from registry.errors import InvalidInput, NotVisible, StepNotOpen
from registry.sealing.keyring import KeyRing
from registry.sealing.providers import SealProvider
from registry.workflow.models import Todo, WorkflowStep
from registry.workflow.operations import take_step
from registry.workflow.queries import open_todos
from tests.enquiry_factories import AT, SECRET, TRAIL, make_enquiry
from tests.factories import make_account, make_organisation, make_site
from tests.sealing import fixed_keys

CALENDAR = WorkingCalendar.of([])


@pytest.fixture(scope="module")
def seals(tmp_path_factory: pytest.TempPathFactory) -> SealProvider:
    return KeyRing(fixed_keys(tmp_path_factory.mktemp("keys")))


def officer(session: Session, division_code: str = "310101", role: Role = Role.DISTRICT) -> Actor:
    return Actor.of(make_account(session, role, division_code=division_code).positions[0])


def step(session: Session, enquiry: Enquiry, what: EnquiryStep, actor: Actor, facts: Answer) -> WorkflowStep:
    return take_step(session, enquiry, what, actor=actor, at=AT, trail=TRAIL, calendar=CALENDAR, facts=facts)


def answered(enquiry: Enquiry, seals: SealProvider, text: str = "周六上午开门。") -> Answer:
    return Answer(sealed=ANSWER.values(seals, text, enquiry.code)["answer_sealed"])


def test_what_was_written_is_sealed_and_opens_for_this_enquiry_alone(
    session: Session, seals: SealProvider
) -> None:
    enquiry = make_enquiry(session, seals, text="李小明想问周末开门吗", contact="13900000000").enquiry

    stored = session.execute(sa.select(Enquiry.text_sealed, Enquiry.contact_sealed)).one()
    assert all("李小明".encode() not in value and b"139" not in value for value in stored)
    texts = opened(session, seals, enquiry, (TEXT, CONTACT, ANSWER))
    assert texts == {
        "enquiry.text": "李小明想问周末开门吗",
        "enquiry.contact": "13900000000",
        "enquiry.answer": "",
    }


def test_the_trail_and_the_to_do_hold_nothing_of_it(session: Session, seals: SealProvider) -> None:
    make_enquiry(session, seals, text="李小明", contact="13900000000")

    entry = session.scalars(sa.select(AuditEntry)).one()
    todo = session.scalars(sa.select(Todo)).one()
    assert (entry.actor_code, entry.actor_name, entry.action) == ("", "公众", "enquiry.receive")
    assert "李小明" not in f"{entry.facts} {entry.reason} {todo.subject_name} {todo.asked_by}"


def test_the_district_of_the_place_has_ten_working_days(session: Session, seals: SealProvider) -> None:
    site = make_site(session, make_organisation(session), division_code="310101002")
    make_enquiry(session, seals, site=site, division_code=site.division_code)

    (todo,) = open_todos(session, officer(session))
    assert (todo.title, todo.due_on) == ("答复公众的咨询投诉", date(2026, 12, 10))
    assert open_todos(session, officer(session, "310104")) == []


def test_the_same_form_sent_twice_is_one_enquiry_with_one_receipt(
    session: Session, seals: SealProvider
) -> None:
    first = make_enquiry(session, seals, form_key="k" * 32)
    again = make_enquiry(session, seals, form_key="k" * 32, text="别的内容")

    assert (again.enquiry.id, again.check_code) == (first.enquiry.id, first.check_code)
    assert session.scalar(sa.select(sa.func.count()).select_from(Enquiry)) == 1


def test_a_receipt_is_looked_up_by_both_codes_and_by_nothing_less(
    session: Session, seals: SealProvider
) -> None:
    receipt, other = make_enquiry(session, seals), make_enquiry(session, seals)
    code = receipt.enquiry.code

    assert enquiry_looked_up(session, code, receipt.check_code) is receipt.enquiry
    assert enquiry_looked_up(session, code, other.check_code) is None
    assert enquiry_looked_up(session, code, "") is None
    assert enquiry_looked_up(session, "2222222222", receipt.check_code) is None


def test_the_check_code_depends_on_the_portal_s_secret() -> None:
    assert check_code(SECRET, "k" * 32) == check_code(SECRET, "k" * 32)
    assert check_code(SECRET, "k" * 32) != check_code("another one", "k" * 32)
    assert check_code(SECRET, "k" * 32) != check_code(SECRET, "l" * 32)
    assert len(check_code(SECRET, "k" * 32)) == 10


def test_the_district_answers_and_the_to_do_is_done(session: Session, seals: SealProvider) -> None:
    enquiry, actor = make_enquiry(session, seals).enquiry, officer(session)
    step(session, enquiry, EnquiryStep.ANSWER, actor, answered(enquiry, seals))

    assert enquiry.state is EnquiryState.ANSWERED
    assert enquiry.answered_at == AT
    assert opened(session, seals, enquiry, (ANSWER,)) == {"enquiry.answer": "周六上午开门。"}
    assert open_todos(session, actor) == []


def test_what_was_passed_on_can_still_be_answered(session: Session, seals: SealProvider) -> None:
    enquiry, actor = make_enquiry(session, seals).enquiry, officer(session)
    step(session, enquiry, EnquiryStep.PASS_ON, actor, Answer(passed_to="黄浦区卫生健康委员会"))
    assert (enquiry.state, enquiry.passed_to) == (EnquiryState.PASSED_ON, "黄浦区卫生健康委员会")
    (todo,) = open_todos(session, actor)  # the district still owes the answer
    assert todo.due_on == date(2026, 12, 10)

    step(session, enquiry, EnquiryStep.ANSWER, actor, answered(enquiry, seals))
    assert enquiry.state is EnquiryState.ANSWERED


def test_an_empty_answer_and_an_unnamed_department_are_refused(session: Session, seals: SealProvider) -> None:
    enquiry, actor = make_enquiry(session, seals).enquiry, officer(session)

    for what, field in ((EnquiryStep.ANSWER, "answer"), (EnquiryStep.PASS_ON, "passed_to")):
        with pytest.raises(InvalidInput) as refusal:
            step(session, enquiry, what, actor, Answer())
        assert refusal.value.field == field
    assert enquiry.state is EnquiryState.RECEIVED


def test_what_is_answered_is_answered_once(session: Session, seals: SealProvider) -> None:
    enquiry, actor = make_enquiry(session, seals).enquiry, officer(session)
    step(session, enquiry, EnquiryStep.ANSWER, actor, answered(enquiry, seals))

    for what in (EnquiryStep.ANSWER, EnquiryStep.PASS_ON):
        with pytest.raises(StepNotOpen):
            step(session, enquiry, what, actor, answered(enquiry, seals))


def test_nobody_but_the_district_reads_it(session: Session, seals: SealProvider) -> None:
    enquiry = make_enquiry(session, seals).enquiry

    assert enquiries(session, officer(session), list(EnquiryState)) == [enquiry]
    assert enquiries(session, officer(session, "310104"), list(EnquiryState)) == []
    for role in set(Role) - {Role.DISTRICT}:
        assert not may(_anybody(role), Action.ENQUIRY_SEE, enquiry), role
    with pytest.raises(NotVisible):
        step(session, enquiry, EnquiryStep.ANSWER, officer(session, "310104"), answered(enquiry, seals))


def _anybody(role: Role) -> Actor:
    return Actor(1, "a", "a", "a", role, "31", 1)
