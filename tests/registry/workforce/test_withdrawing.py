"""A row that was entered in error goes with its reason, unless something depends on it; nothing goes silently."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.masks import Field
from registry.access.models import Role
from registry.attachments.models import Attachment, MediaType
from registry.attachments.operations import KeptFile, attach
from registry.attachments.queries import attachments_of
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.errors import NotAllowed, NotVisible, ReasonMissing, RequirementUnmet, StaleVersion
from registry.organisations.models import Site
from registry.policy.models import InstitutionSnapshot
from registry.workflow.models import WorkflowStep
from registry.workflow.queries import open_todos, steps_of
from registry.workforce.counting import QUALIFYING_DIPLOMA
from registry.workforce.models import (
    Certificate,
    Education,
    Post,
    Practitioner,
    Training,
)
from registry.workforce.training import hours_in_year
from registry.workforce.verifying import VERIFY_WORKDAYS, report_education
from registry.workforce.withdrawing import assessed_days, withdraw, withdrawn_of
from registry.workforce.withdrawn import RowKind, WithdrawnRow
from registry.workforce.writing import Hand
from tests.factories import (
    NOW,
    make_actor,
    make_certificate,
    make_education,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.registry.workforce.test_verifying import STUDIED

TRAIL, CALENDAR = Trail(b"key of the tests"), WorkingCalendar({})
WHY = "登记到了同名的另一人名下"


@pytest.fixture
def site(session: Session) -> Site:
    make_parameter(session, VERIFY_WORKDAYS, 10)
    return make_provider(session)


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    person = make_practitioner(session, person_no="P-1")
    make_post(session, person, site)
    session.refresh(person)
    return person


@pytest.fixture
def hand(session: Session, site: Site) -> Hand:
    place = site.organisation.division_code
    actor = make_actor(session, Role.PROVIDER, division_code=place, organisation=site.organisation)
    return Hand(actor, NOW, TRAIL)


def course(session: Session, person: Practitioner) -> Training:
    course = Training(
        practitioner_id=person.id,
        held_on=date(NOW.year, 3, 1),
        hours=Decimal(12),
        subject="康复实务",
        organiser="示例中心",
        proof_no="示例培2026001",
        is_rehabilitation=True,
        is_continuing=False,
    )
    session.add(course)
    session.flush()
    return course


def second_post(session: Session, person: Practitioner, site: Site) -> Post:
    post = make_post(session, person, site, start_on=date(2015, 1, 1), end_on=date(2016, 1, 1))
    session.refresh(person)
    return post


def withdrawn(session: Session, person: Practitioner, row: Any, hand: Hand, **how: Any) -> WithdrawnRow:
    kind = RowKind(type(row).__tablename__)
    facts = {"reason": WHY, "version": person.version} | how
    return withdraw(session, person, kind, row.code, hand=hand, **facts)


def row_of(session: Session, person: Practitioner, site: Site, kind: RowKind) -> Any:
    if kind is RowKind.POST:
        return second_post(session, person, site)
    if kind is RowKind.EDUCATION:
        return make_education(session, person, verification="rejected", verified_on=None)
    return make_certificate(session, person) if kind is RowKind.CERTIFICATE else course(session, person)


@pytest.mark.parametrize("kind", list(RowKind))
def test_each_kind_goes_with_its_reason_and_the_trail_tells_what_it_said(
    session, site, person, hand, kind: RowKind
) -> None:
    row = row_of(session, person, site, kind)
    code, model = row.code, type(row)

    gone = withdrawn(session, person, row, hand)

    assert session.scalar(sa.select(model.id).where(model.code == code)) is None
    assert [(one.kind, one.row_code, one.reason) for one in withdrawn_of(session, person, None)] == [
        (kind, code, WHY)
    ]
    assert gone.withdrawn_by == hand.actor.name
    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.action, entry.subject_code, entry.reason) == ("practitioner_row.withdraw", person.code, WHY)
    assert (entry.facts["kind"], entry.facts["row"]) == (kind.value, code)
    assert entry.facts["before"]


def test_numbers_on_papers_are_not_told_to_the_trail(session, person, hand) -> None:
    withdrawn(session, person, make_certificate(session, person, number="SW-616"), hand)

    assert "SW-616" not in str(session.scalars(sa.select(AuditEntry)).one().facts)


def test_the_same_click_twice_withdraws_once(session, person, hand) -> None:
    row, version = course(session, person), person.version
    first = withdrawn(session, person, row, hand, version=version)

    second = withdraw(
        session, person, RowKind.TRAINING, first.row_code, reason=WHY, version=version, hand=hand
    )

    assert second is first
    assert len(session.scalars(sa.select(AuditEntry)).all()) == 1


def test_on_a_record_that_others_changed_since_nothing_goes(session, person, hand) -> None:
    row = course(session, person)

    with pytest.raises(StaleVersion):
        withdrawn(session, person, row, hand, version=person.version - 1)


def test_without_a_reason_nothing_goes(session, person, hand) -> None:
    with pytest.raises(ReasonMissing):
        withdrawn(session, person, course(session, person), hand, reason=" ")


def test_a_verified_diploma_stays(session, person, hand) -> None:
    with pytest.raises(RequirementUnmet):
        withdrawn(session, person, make_education(session, person), hand)


def test_the_only_post_stays(session, person, hand) -> None:
    with pytest.raises(RequirementUnmet):
        withdrawn(session, person, person.posts[0], hand)


def test_another_institution_withdraws_nothing(session, person) -> None:
    other = make_provider(session, name="徐汇别家康复中心").organisation
    actor = make_actor(session, Role.PROVIDER, division_code=other.division_code, organisation=other)

    with pytest.raises(NotVisible):
        withdrawn(session, person, course(session, person), Hand(actor, NOW, TRAIL))


def test_whoever_let_him_go_withdraws_no_papers(session, site, person, hand) -> None:
    row = course(session, person)
    person.posts[0].end_on = date(2026, 1, 1)
    session.flush()

    with pytest.raises(NotAllowed):
        withdrawn(session, person, row, hand)


def test_a_row_of_somebody_else_is_not_there(session, site, person, hand) -> None:
    other = make_practitioner(session, person_no="P-2")
    make_post(session, other, site)
    row = course(session, other)

    with pytest.raises(NotVisible):
        withdrawn(session, person, row, hand)


def test_figures_of_past_days_are_read_as_if_it_had_never_been(session, person, hand) -> None:
    row = course(session, person)
    assert hours_in_year(session, [person.id], NOW.date())[person.id] == Decimal(12)

    withdrawn(session, person, row, hand)

    assert hours_in_year(session, [person.id], NOW.date())[person.id] == Decimal(0)
    assert person.id not in session.scalars(QUALIFYING_DIPLOMA.holders(NOW.date())).all()


def test_nobody_waits_for_a_diploma_that_was_withdrawn_and_its_scan_is_erased(session, person, hand) -> None:
    officer = make_actor(session, Role.DISTRICT)
    told = report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR, key="k" * 32)
    attach(
        session,
        told,
        KeptFile("学历证书.jpg", "f" * 48, MediaType.JPEG, 3, "0" * 64),
        field=Field.EDUCATION_PROOF,
        division_code="310101",
        actor=hand.actor,
        at=NOW,
        trail=TRAIL,
        form_key="a" * 32,
    )

    withdrawn(session, person, told, hand)

    session.expire_all()
    assert open_todos(session, officer) == []
    assert session.scalars(sa.select(Attachment)).one().erased_for == "所附的记录已撤回"


def test_a_new_diploma_inherits_nothing_of_the_withdrawn_one(session, person, hand) -> None:
    told = report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR, key="k" * 32)
    withdrawn(session, person, told, hand)

    anew = report_education(session, person, STUDIED, hand=hand, calendar=CALENDAR, key="m" * 32)

    session.expire_all()
    assert len(steps_of(session, "education", [anew.id])) == 1
    assert attachments_of(session, anew) == []
    assert len(session.scalars(sa.select(WorkflowStep)).all()) == 2


def test_an_institution_does_not_read_of_posts_withdrawn_elsewhere(session, site, person, hand) -> None:
    elsewhere = make_provider(session, name="徐汇别家康复中心")
    post = second_post(session, person, elsewhere)
    theirs = make_actor(session, Role.PROVIDER, division_code="310104", organisation=elsewhere.organisation)
    withdrawn(session, person, post, Hand(theirs, NOW, TRAIL))

    assert withdrawn_of(session, person, site.organisation_id) == []
    assert len(withdrawn_of(session, person, elsewhere.organisation_id)) == 1


def test_the_days_of_assessment_on_which_a_post_was_held_are_named(session, site, person) -> None:
    for year in (2023, 2024, 2025):
        session.add(
            InstitutionSnapshot(
                figure_code="qualified-share",
                counting_rule="programme",
                on=date(year, 12, 31),
                organisation_code=site.organisation.code,
                division_code=site.organisation.division_code,
                numerator=1,
                denominator=2,
                computed_at=NOW,
                computed_by="portal jobs",
            )
        )
    post = make_post(session, person, site, start_on=date(2024, 2, 1), end_on=date(2025, 12, 31))

    assert assessed_days(session, post) == [date(2024, 12, 31)]
    assert Certificate.__tablename__ == RowKind.CERTIFICATE
    assert Education.__tablename__ == RowKind.EDUCATION
