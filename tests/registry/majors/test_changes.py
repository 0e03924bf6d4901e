"""调整方案: who changes the list of majors, from when, and what is refused."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.errors import (
    InvalidInput,
    NotAllowed,
    NotVisible,
    ReasonMissing,
    RequirementUnmet,
    StaleVersion,
    StepNotOpen,
)
from registry.majors.models import MajorChangeState, MajorDeed
from registry.majors.operations import ADDED
from registry.majors.queries import changes, history_of, majors_on
from registry.majors.workflow import MajorChangeStep as Step
from registry.policy.models import Grade
from registry.workflow.queries import open_steps, open_todos
from registry.workforce.models import Catalogue, Major, MajorFamily
from tests.factories import DAY, NOW, make_account, make_major
from tests.majors_factories import (
    SOCIOLOGY,
    Bureau,
    actor_of,
    addition,
    make_bureau,
    make_major_change,
    make_proposal,
    switch,
)

NEXT_YEAR = date(2027, 1, 1)
UNDERGRADUATE = Catalogue.UNDERGRADUATE


@pytest.fixture
def bureau(session: Session) -> Bureau:
    make_major(session)
    make_major(session, code=SOCIOLOGY, name="社会学", counts=False, note="待确认")
    return make_bureau(session)


def entries(session: Session, code: str = SOCIOLOGY) -> list[tuple[bool, date, date | None]]:
    found = history_of(session, UNDERGRADUATE, code)
    return [(one.counts, one.valid_from, one.valid_to) for one in reversed(found)]


def test_publishing_ends_the_entry_with_the_day_and_begins_the_next_one(session: Session, bureau: Bureau):
    bureau.publish(valid_from=NEXT_YEAR)

    assert entries(session) == [(False, date(2000, 1, 1), NEXT_YEAR), (True, NEXT_YEAR, None)]
    new = history_of(session, UNDERGRADUATE, SOCIOLOGY)[0]
    assert (new.name, new.family, new.source, new.grade, new.approved_by) == (
        "社会学",
        MajorFamily.SOCIAL_WORK,
        "示例民〔2026〕18号",
        Grade.OFFICIAL,
        bureau.colleague.name,
    )


def test_a_draft_and_a_proposal_that_waits_change_nothing(session: Session, bureau: Bureau):
    change = bureau.draw_up()
    bureau.take(change, Step.SUBMIT, bureau.maker)

    assert entries(session) == [(False, date(2000, 1, 1), None)]


def test_several_majors_are_changed_from_one_day(session: Session, bureau: Bureau):
    make_major(session, code="071101", name="心理学")
    bureau.publish(
        switch(),
        switch("030302", MajorDeed.SWITCH_OFF),
        switch("071101", MajorDeed.END),
        addition("040203"),
        valid_from=NEXT_YEAR,
    )

    assert entries(session) == [(False, date(2000, 1, 1), NEXT_YEAR), (True, NEXT_YEAR, None)]
    assert entries(session, "030302") == [(True, date(2000, 1, 1), NEXT_YEAR), (False, NEXT_YEAR, None)]
    assert entries(session, "071101") == [(True, date(2000, 1, 1), NEXT_YEAR)]
    assert entries(session, "040203") == [(True, NEXT_YEAR, None)]
    assert {one.code for one in majors_on(session, NEXT_YEAR)} == {SOCIOLOGY, "030302", "040203"}


def test_a_change_before_a_later_one_lasts_until_that_one(session: Session, bureau: Bureau):
    bureau.publish(valid_from=NEXT_YEAR)
    bureau.publish(valid_from=DAY)

    assert entries(session) == [
        (False, date(2000, 1, 1), DAY),
        (True, DAY, NEXT_YEAR),
        (True, NEXT_YEAR, None),
    ]


def test_whoever_drew_up_saved_or_handed_in_does_not_publish_or_return(session: Session, bureau: Bureau):
    change = bureau.draw_up()
    bureau.take(change, Step.SUBMIT, bureau.colleague)

    for person in (bureau.maker, bureau.colleague):
        assert {one.step for one in open_steps(session, change, actor_of(person))} == {Step.WITHDRAW}
        for step in (Step.PUBLISH, Step.RETURN):
            with pytest.raises(NotAllowed):
                bureau.take(change, step, person, reason="请补充依据")
    bureau.take(change, Step.PUBLISH, bureau.province)
    assert change.state is MajorChangeState.PUBLISHED


def test_a_proposal_waits_for_a_colleague_and_where_there_is_none_for_the_level_above(
    session: Session, bureau: Bureau
):
    first = bureau.draw_up()
    bureau.take(first, Step.SUBMIT, bureau.maker)
    titles = [todo.title for todo in open_todos(session, actor_of(bureau.colleague))]
    assert titles == ["复核专业目录调整方案"]
    assert open_todos(session, actor_of(bureau.province)) == []
    bureau.take(first, Step.WITHDRAW, bureau.maker)

    second = bureau.draw_up()
    bureau.take(second, Step.SUBMIT, bureau.colleague)
    assert [todo.title for todo in open_todos(session, actor_of(bureau.province))] == titles
    assert open_todos(session, actor_of(bureau.colleague)) == []


def test_a_returned_proposal_waits_for_its_desk_with_the_reason_and_is_put_right(
    session: Session, bureau: Bureau
):
    change = bureau.draw_up()
    bureau.take(change, Step.SUBMIT, bureau.maker)
    with pytest.raises(ReasonMissing):
        bureau.take(change, Step.RETURN, bureau.colleague)
    bureau.take(change, Step.RETURN, bureau.colleague, reason="依据文件还没有印发")
    assert [todo.title for todo in open_todos(session, actor_of(bureau.maker))] == ["修改专业目录调整方案"]

    bureau.take(change, Step.SAVE, bureau.maker, facts=make_proposal(addition(), valid_from=NEXT_YEAR))
    bureau.take(change, Step.SUBMIT, bureau.maker)
    bureau.take(change, Step.PUBLISH, bureau.colleague)

    assert entries(session) == [(False, date(2000, 1, 1), None)]
    assert entries(session, "040203") == [(True, NEXT_YEAR, None)]


def test_a_day_of_the_past_is_refused_unless_it_is_said(session: Session, bureau: Bureau):
    yesterday = DAY - timedelta(days=1)
    with pytest.raises(InvalidInput) as refusal:
        bureau.draw_up(valid_from=yesterday)
    assert refusal.value.field == "valid_from"

    change = bureau.publish(valid_from=yesterday, is_backdated=True)

    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "major_change.publish")).one()
    assert change.is_backdated
    assert entry.facts["is backdated"] is True


def test_a_day_that_passed_while_the_proposal_waited_is_not_made_the_past_by_silence(
    session: Session, bureau: Bureau
):
    change = bureau.draw_up(valid_from=DAY)
    bureau.take(change, Step.SUBMIT, bureau.maker)

    with pytest.raises(RequirementUnmet):
        bureau.take(change, Step.PUBLISH, bureau.colleague, at=NOW + timedelta(days=1))
    assert entries(session) == [(False, date(2000, 1, 1), None)]


def test_the_tick_of_backdating_means_nothing_for_a_day_to_come(session: Session, bureau: Bureau):
    assert bureau.draw_up(valid_from=NEXT_YEAR, is_backdated=True).is_backdated is False


@pytest.mark.parametrize(
    ("line", "field"),
    [
        (switch("030302"), "major-undergraduate-030302"),
        (switch(deed=MajorDeed.SWITCH_OFF), f"major-undergraduate-{SOCIOLOGY}"),
        (switch("999999"), "major-undergraduate-999999"),
        (addition("030302"), ADDED),
        (addition("社会学"), ADDED),
        (addition("12"), ADDED),
        (addition(name=""), "added_name"),
        (addition(name="长" * 61), "added_name"),
        (addition(family=None), "added_family"),
    ],
)
def test_what_cannot_be_done_is_refused_beside_its_field(session: Session, bureau: Bureau, line, field):
    with pytest.raises(InvalidInput) as refusal:
        bureau.draw_up(line)
    assert refusal.value.field == field


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"reason": ""}, "reason"),
        ({"reason": "长" * 501}, "reason"),
        ({"source": ""}, "source"),
        ({"source": "长" * 201}, "source"),
        ({"valid_from": date(1999, 1, 1), "is_backdated": True}, f"major-undergraduate-{SOCIOLOGY}"),
        ({"valid_from": date(2000, 1, 1), "is_backdated": True}, f"major-undergraduate-{SOCIOLOGY}"),
    ],
)
def test_a_proposal_says_why_and_by_what_and_from_a_day_of_the_list(bureau: Bureau, facts, field):
    with pytest.raises(InvalidInput) as refusal:
        bureau.draw_up(**facts)
    assert refusal.value.field == field


def test_a_proposal_without_any_major_and_one_that_names_a_major_twice_are_refused(bureau: Bureau):
    with pytest.raises(InvalidInput):
        bureau.draw_up(lines=())
    with pytest.raises(InvalidInput):
        bureau.draw_up(switch(), switch(deed=MajorDeed.END))


def test_what_somebody_published_meanwhile_stands_against_the_second_proposal(
    session: Session, bureau: Bureau
):
    late = bureau.draw_up()
    bureau.take(late, Step.SUBMIT, bureau.maker)
    bureau.publish()

    with pytest.raises(RequirementUnmet):
        bureau.take(late, Step.PUBLISH, bureau.colleague)
    assert entries(session) == [(False, date(2000, 1, 1), DAY), (True, DAY, None)]


def test_a_form_of_an_older_version_is_refused_and_a_published_proposal_is_over(bureau: Bureau):
    change = bureau.draw_up()
    version = change.version
    bureau.take(change, Step.SAVE, bureau.maker, facts=make_proposal(reason="另一个理由"))
    with pytest.raises(StaleVersion):
        bureau.take(change, Step.SAVE, bureau.maker, facts=make_proposal(), version=version)
    bureau.take(change, Step.SUBMIT, bureau.maker)
    bureau.take(change, Step.PUBLISH, bureau.colleague)
    with pytest.raises(StepNotOpen):
        bureau.take(change, Step.WITHDRAW, bureau.maker)


def test_the_same_form_twice_publishes_once(session: Session, bureau: Bureau):
    change = bureau.draw_up()
    bureau.take(change, Step.SUBMIT, bureau.maker)
    for _ in range(2):
        bureau.take(change, Step.PUBLISH, bureau.colleague, idempotency_key="k" * 32)

    assert entries(session) == [(False, date(2000, 1, 1), DAY), (True, DAY, None)]


def test_a_proposal_of_another_province_is_nobodys_business(session: Session, bureau: Bureau):
    change = bureau.draw_up()
    elsewhere = make_account(session, Role.CITY, division_code="3601")
    district = make_account(session, Role.DISTRICT)

    assert changes(session, actor_of(elsewhere), tuple(MajorChangeState)) == []
    assert changes(session, actor_of(bureau.province), tuple(MajorChangeState)) == [change]
    for person in (elsewhere, district):
        with pytest.raises(NotVisible):
            bureau.take(change, Step.SUBMIT, person)


def test_the_trail_names_the_majors_the_day_and_the_source(session: Session, bureau: Bureau):
    bureau.publish()

    entry = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "major_change.publish")).one()
    assert entry.actor_code == bureau.colleague.code
    assert entry.facts["lines"] == ["switch_on undergraduate 030301"]
    assert entry.facts["valid_from"] == DAY.isoformat()
    assert entry.facts["source"] == "示例民〔2026〕18号"


def test_a_published_proposal_has_the_time_of_it_in_the_database(session: Session, bureau: Bureau):
    change = make_major_change(session, bureau.maker, state=MajorChangeState.SUBMITTED)
    change.published_at = NOW
    with pytest.raises(sa.exc.IntegrityError):
        session.flush()


def test_the_list_of_a_day_holds_what_is_in_force_on_it(session: Session, bureau: Bureau):
    bureau.publish(switch(deed=MajorDeed.END), valid_from=NEXT_YEAR)

    assert SOCIOLOGY in {one.code for one in majors_on(session, NEXT_YEAR - timedelta(days=1))}
    assert SOCIOLOGY not in {one.code for one in majors_on(session, NEXT_YEAR)}
    assert majors_on(session, date(1999, 12, 31)) == []
    assert session.scalar(sa.select(sa.func.count()).select_from(Major)) == 2
