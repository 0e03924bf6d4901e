"""Two register numbers, one person: proposed by a load, said by one officer, confirmed by another."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.masks import Field
from registry.access.models import Role
from registry.attachments.models import MediaType
from registry.attachments.operations import KeptFile, attach
from registry.attachments.queries import attachments_of
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.errors import NotAllowed, NotVisible, ReasonMissing, RequirementUnmet, StepNotOpen
from registry.sealing.keyring import KeyRing
from registry.workflow.models import Todo
from registry.workflow.operations import take_step
from registry.workflow.queries import open_todos
from registry.workforce.merging import MergeStep, former_numbers_of, propose_merges
from registry.workforce.models import (
    Certificate,
    Education,
    FormerNumber,
    MergeState,
    PersonMerge,
    Post,
    Practitioner,
    Training,
)
from registry.workforce.sealed_fields import PHONE
from tests.factories import (
    NANJING_EAST_ROAD,
    NOW,
    make_actor,
    make_certificate,
    make_education,
    make_post,
    make_practitioner,
    make_provider,
    make_renewed,
)
from tests.sealing import identity_number, make_ring, seal_identity

TRAIL, CALENDAR = Trail(b"key of the tests"), WorkingCalendar({})
OPEN_PHONE = "15400000777"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path / "keys")


@pytest.fixture
def people(session: Session, ring: KeyRing) -> tuple[Practitioner, Practitioner]:
    """The older record with a post and a diploma; the newer one elsewhere, with more of everything and a phone."""
    kept, other = (make_practitioner(session, person_no=number, name="张示例甲") for number in ("P-1", "P-2"))
    make_post(session, kept, make_provider(session))
    make_post(session, other, make_provider(session), start_on=date(2024, 1, 1))
    for person in (kept, other):
        make_education(session, person)
        seal_identity(session, ring, person, identity=identity_number(7))
    make_education(session, other, major_code="040203", major_name="应用心理学")
    make_renewed(session, make_certificate(session, other), date(2015, 1, 1), date(2018, 1, 1))
    seal_identity(session, ring, other, phone=OPEN_PHONE)
    session.expire_all()
    return kept, other


def officer(session: Session) -> Actor:
    return make_actor(session, Role.DISTRICT)


@pytest.fixture
def merge(session: Session, people: tuple[Practitioner, Practitioner]) -> PersonMerge:
    (made,) = propose_merges(session, [("P-2", "P-1")], actor=officer(session), at=NOW, trail=TRAIL)
    return made


def took(
    session: Session, merge: PersonMerge, step: MergeStep, actor: Actor, ring: KeyRing, reason: str = ""
) -> None:
    take_step(
        session, merge, step, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, reason=reason, facts=ring
    )


def merged(session: Session, merge: PersonMerge, ring: KeyRing) -> Practitioner:
    took(session, merge, MergeStep.ASSERT, officer(session), ring)
    took(session, merge, MergeStep.CONFIRM, officer(session), ring)
    session.expire_all()
    return merge.kept


def test_the_older_record_stays_and_takes_everything(session, ring, merge, people) -> None:
    kept = merged(session, merge, ring)

    assert (merge.state, merge.other, kept.person_no) == (MergeState.MERGED, None, "P-1")
    assert [post.start_on for post in kept.posts] == [date(2020, 1, 1), date(2024, 1, 1)]
    assert sorted(one.major_code for one in kept.education) == ["030302", "040203"]
    (certificate,) = kept.certificates
    assert [one.valid_from for one in certificate.earlier] == [date(2015, 1, 1)]
    assert session.scalars(sa.select(Practitioner.person_no)).all() == ["P-1"]
    counts = [
        session.scalar(sa.select(sa.func.count()).select_from(one)) for one in (Post, Education, Certificate)
    ]
    assert counts == [2, 2, 1]


def test_what_was_sealed_for_the_other_record_opens_in_the_one_that_stays(session, ring, merge) -> None:
    kept = merged(session, merge, ring)

    sealed = session.scalar(sa.select(Practitioner.phone_sealed).where(Practitioner.id == kept.id))
    assert PHONE.opened(ring, sealed, kept.code) == OPEN_PHONE


def test_the_other_number_stays_as_a_former_number(session, ring, merge, people) -> None:
    code = people[1].code
    kept = merged(session, merge, ring)

    former = session.scalars(sa.select(FormerNumber)).one()
    assert (former.person_no, former.code, former.practitioner_id) == ("P-2", code, kept.id)
    assert former_numbers_of(session, kept) == ["P-2"]


def test_every_step_is_in_the_trail_and_no_number_of_a_person(session, ring, merge, people) -> None:
    kept_code, other_code = people[0].code, people[1].code
    merged(session, merge, ring)

    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence)).all()
    assert [one.action for one in entries] == [
        "person_merge.propose",
        "person_merge.assert",
        "person_merge.confirm",
    ]
    facts = entries[-1].facts
    assert (facts["kept"], facts["former"], facts["former_number"]) == (kept_code, other_code, "P-2")
    assert (facts["posts"], facts["education"], facts["certificates"], facts["told_twice"]) == (1, 1, 1, 1)
    assert facts["carried"] == ["practitioner.phone"]
    assert OPEN_PHONE not in str(facts)
    assert identity_number(7) not in str(facts)


def test_whoever_said_it_does_not_confirm_it(session, ring, merge) -> None:
    maker = officer(session)
    took(session, merge, MergeStep.ASSERT, maker, ring)

    with pytest.raises(NotAllowed):
        took(session, merge, MergeStep.CONFIRM, maker, ring)
    assert session.scalar(sa.select(sa.func.count()).select_from(Practitioner)) == 2


def test_nothing_is_merged_on_one_word(session, ring, merge) -> None:
    with pytest.raises(StepNotOpen):
        took(session, merge, MergeStep.CONFIRM, officer(session), ring)


@pytest.mark.parametrize(
    ("role", "division"),
    [(Role.STREET, NANJING_EAST_ROAD), (Role.CITY, "31"), (Role.DISTRICT, "310104"), (Role.SYSADMIN, "31")],
)
def test_nobody_else_decides(session, ring, merge, role, division) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        took(session, merge, MergeStep.ASSERT, make_actor(session, role, division_code=division), ring)


@pytest.mark.parametrize("step", [MergeStep.DISMISS, MergeStep.RETURN])
def test_saying_no_is_explained(session, ring, merge, step) -> None:
    if step is MergeStep.RETURN:
        took(session, merge, MergeStep.ASSERT, officer(session), ring)

    with pytest.raises(ReasonMissing):
        took(session, merge, step, officer(session), ring)


def test_a_returned_one_can_be_said_again(session, ring, merge) -> None:
    took(session, merge, MergeStep.ASSERT, officer(session), ring)
    took(session, merge, MergeStep.RETURN, officer(session), ring, "照片不符，请再核对")

    assert merge.state is MergeState.PROPOSED
    assert merged(session, merge, ring).person_no == "P-1"


def test_what_was_dismissed_is_not_proposed_again(session, ring, merge, people) -> None:
    took(session, merge, MergeStep.DISMISS, officer(session), ring, "两人只是同名，号码录入有误")

    assert propose_merges(session, [("P-1", "P-2")], actor=officer(session), at=NOW, trail=TRAIL) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Practitioner)) == 2


def test_one_post_that_both_tell_differently_is_put_right_first(session, ring, merge, people) -> None:
    kept, other = people
    make_post(session, other, kept.posts[0].site, end_on=date(2025, 1, 1))
    session.expire_all()

    with pytest.raises(RequirementUnmet):
        took(session, merge, MergeStep.ASSERT, officer(session), ring)


def test_one_post_that_both_tell_alike_stays_once(session, ring, merge, people) -> None:
    kept, other = people
    make_post(session, other, kept.posts[0].site)
    session.expire_all()

    assert len(merged(session, merge, ring).posts) == 2


def test_a_third_record_follows_to_the_one_that_stays(session, ring, merge, people) -> None:
    third = make_practitioner(session, person_no="P-3")
    make_post(session, third, make_provider(session))
    (further,) = propose_merges(session, [("P-2", "P-3")], actor=officer(session), at=NOW, trail=TRAIL)

    kept = merged(session, merge, ring)
    assert (further.kept, further.other) == (kept, third)
    merged(session, further, ring)

    assert former_numbers_of(session, kept) == ["P-2", "P-3"]


def test_it_waits_in_the_inbox_of_the_district_and_of_nobody_else(session, ring, merge) -> None:
    here, elsewhere = officer(session), make_actor(session, Role.DISTRICT, division_code="310104")

    assert {todo.subject_code for todo in open_todos(session, here)} == {merge.code}
    assert open_todos(session, elsewhere) == []
    merged(session, merge, ring)
    assert session.scalars(sa.select(Todo).where(Todo.closed_at.is_(None))).all() == []


def test_courses_move_along_and_one_that_both_tell_stays_once(session, ring, merge, people) -> None:
    kept, other = people
    for person, hours in ((kept, 8), (other, 6)):
        make_course(session, person, date(2026, 3, 1), hours)
    make_course(session, other, date(2026, 4, 1), 5)
    session.expire_all()

    merged(session, merge, ring)

    courses = session.execute(sa.select(Training.held_on, Training.hours).order_by(Training.held_on)).all()
    assert [tuple(one) for one in courses] == [(date(2026, 3, 1), 8), (date(2026, 4, 1), 5)]
    assert [one.held_on for one in kept.training] == [date(2026, 3, 1), date(2026, 4, 1)]


def test_posts_that_differ_in_direct_service_are_put_right_first(session, ring, merge, people) -> None:
    kept, other = people
    make_post(session, other, kept.posts[0].site, direct_service=False)
    session.expire_all()

    with pytest.raises(RequirementUnmet):
        took(session, merge, MergeStep.ASSERT, officer(session), ring)


def make_course(session: Session, person: Practitioner, on: date, hours: int) -> None:
    course = Training(
        practitioner_id=person.id,
        held_on=on,
        hours=Decimal(hours),
        subject="康复实务",
        organiser="示例中心",
        is_rehabilitation=True,
        is_continuing=False,
    )
    session.add(course)
    session.flush()


def test_a_scan_of_a_diploma_that_both_told_stays_with_the_one_that_stays(
    session, ring, merge, people
) -> None:
    twin = people[1].education[0]
    kept_file = KeptFile("学历证书.jpg", "f" * 48, MediaType.JPEG, 3, "0" * 64)
    attach(
        session,
        twin,
        kept_file,
        field=Field.EDUCATION_PROOF,
        division_code="310101",
        actor=officer(session),
        at=NOW,
        trail=TRAIL,
        form_key="k" * 32,
    )

    kept = merged(session, merge, ring)

    (stays,) = [one for one in kept.education if one.major_code == "030302"]
    assert [one.file_name for one in attachments_of(session, stays)] == ["学历证书.jpg"]
