"""An activity is recorded once, corrected with a reason, struck out with a reason."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from registry.access.models import Role
from registry.access.rules import may
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.errors import (
    InvalidInput,
    KeyReused,
    NotAllowed,
    NotVisible,
    ReasonMissing,
    RequirementUnmet,
    StaleVersion,
)
from registry.organisations.models import SitePlacement
from registry.services.activities import (
    Held,
    correct_activity,
    faults,
    responsible_on,
    void_activity,
)
from registry.services.listings import ACTIVITIES
from registry.services.models import Activity, ServiceKind
from registry.services.queries import last_activity, totals_of
from tests.factories import LONG_AGO, NOW, make_actor, make_provider
from tests.registry.services.conftest import HELD, TODAY, TRAIL, Scene
from tests.services_factories import make_activity, make_service


def test_what_took_place_today_is_recorded_with_who_entered_it(scene: Scene) -> None:
    activity = scene.record()
    assert (activity.person_times, activity.entered_on, activity.is_late) == (12, TODAY, False)
    assert activity.entered_by_code == scene.people["provider"].code
    assert activity.division_code == scene.site.division_code


def test_what_is_entered_later_says_so(scene: Scene) -> None:
    assert scene.record(replace(HELD, held_on=TODAY - timedelta(days=3))).is_late


@pytest.mark.parametrize(
    ("held", "field"),
    [
        (replace(HELD, held_on=TODAY + timedelta(days=1)), "held_on"),
        (replace(HELD, held_on=LONG_AGO - timedelta(days=1)), "held_on"),
        (replace(HELD, persons=-1), "persons"),
        (replace(HELD, persons=10_001, person_times=10_001), "persons"),
        (replace(HELD, persons=10, person_times=9), "person_times"),
        (replace(HELD, minutes=0), "minutes"),
        (replace(HELD, minutes=1441), "minutes"),
    ],
)
def test_what_cannot_have_taken_place_is_refused_beside_its_field(
    scene: Scene, held: Held, field: str
) -> None:
    assert [fault.field for fault in faults(scene.site, held, today=TODAY)] == [field]
    with pytest.raises(InvalidInput):
        scene.record(held)


def test_nothing_takes_place_at_a_closed_site(scene: Scene) -> None:
    scene.site.closed_on = TODAY
    assert [fault.field for fault in faults(scene.site, HELD, today=TODAY)] == ["held_on"]


def test_an_activity_to_which_nobody_came_may_be_recorded(scene: Scene) -> None:
    assert scene.record(replace(HELD, persons=0, person_times=0)).persons == 0


def test_the_same_form_sent_twice_makes_one_record(scene: Scene) -> None:
    assert scene.record() is scene.record()
    assert scene.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 1


def test_a_form_that_says_something_else_the_second_time_is_refused(scene: Scene) -> None:
    scene.record()
    with pytest.raises(KeyReused):
        scene.record(replace(HELD, persons=11))
    with pytest.raises(KeyReused):
        scene.record(who="colleague")


def test_another_form_that_says_the_very_same_is_asked_what_is_different(scene: Scene) -> None:
    scene.record()
    with pytest.raises(InvalidInput, match="已登记相同的活动") as asked:
        scene.record(form_key="g" * 32, who="colleague")
    assert asked.value.field == "is_another"
    scene.record(form_key="g" * 32, who="colleague", is_another=True)
    scene.record(replace(HELD, note="下午场"), form_key="h" * 32)
    assert scene.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 3


def test_what_was_struck_out_is_no_twin(scene: Scene) -> None:
    struck_out(scene, scene.record())
    assert scene.record(form_key="i" * 32).form_key == "i" * 32


@pytest.mark.parametrize(
    ("days", "said"),
    [
        ({"started_on": TODAY + timedelta(days=1)}, "自2026-11-24起开设"),
        ({"ended_on": TODAY}, "开设期为2020-01-01至2026-11-22"),
    ],
)
def test_a_service_has_no_activity_before_it_began_or_after_it_ended(
    scene: Scene, days: dict[str, date], said: str
) -> None:
    service = make_service(scene.session, scene.site, **({"started_on": date(2020, 1, 1)} | days))
    with pytest.raises(InvalidInput, match=said) as refused:
        scene.record(service=service)
    assert refused.value.field == "held_on"

    activity = scene.record()
    with pytest.raises(InvalidInput, match=said):
        corrected(scene, activity, HELD, service=service)


def test_a_service_has_activities_on_its_first_and_on_its_last_day(scene: Scene) -> None:
    first_and_last = {"started_on": TODAY, "ended_on": TODAY + timedelta(days=1)}
    service = make_service(scene.session, scene.site, **first_and_last)
    assert scene.record(service=service).service is service


SOMEBODY = [
    "张三（31010119900101123X，未到）",
    "电话13800138000",
    "电话138 0013 8000",
    "证号310101 19900101 1234",
]


@pytest.mark.parametrize("words", SOMEBODY)
def test_a_note_holds_no_number_of_somebody(scene: Scene, words: str) -> None:
    assert [fault.field for fault in faults(scene.site, replace(HELD, note=words), today=TODAY)] == ["note"]
    with pytest.raises(InvalidInput, match="请删去；参加的人记在签到表上"):
        scene.record(replace(HELD, note=words))
    with pytest.raises(InvalidInput) as refused:
        corrected(scene, scene.record(), replace(HELD, persons=1), reason=words)
    assert refused.value.field == "reason"


@pytest.mark.parametrize("words", ["2026年11月23日第2场", "办公电话021-63212345", "器材编号20261123001"])
def test_a_note_may_hold_other_numbers(scene: Scene, words: str) -> None:
    assert scene.record(replace(HELD, note=words)).note == words


@pytest.mark.parametrize("who", ["other provider", "street", "district"])
def test_only_the_organisation_itself_records(scene: Scene, who: str) -> None:
    with pytest.raises(NotAllowed):
        scene.record(who=who)


def test_a_service_of_another_site_is_refused(scene: Scene) -> None:
    elsewhere = make_service(scene.session, make_provider(scene.session))
    with pytest.raises(InvalidInput):
        scene.record(service=elsewhere)


def corrected(scene: Scene, activity: Activity, held: Held, **more) -> None:
    facts = {"reason": "人次数错了", "version": activity.version, "actor": scene.people["colleague"]} | more
    correct_activity(scene.session, activity, held, at=NOW, trail=TRAIL, **facts)


def test_a_correction_keeps_what_was_said_before_and_why(scene: Scene) -> None:
    activity = scene.record()
    corrected(scene, activity, replace(HELD, person_times=15))
    (kept,) = activity.corrections
    assert (activity.person_times, activity.corrected_on) == (15, TODAY)
    assert (kept.before["person_times"], kept.reason) == (12, "人次数错了")
    assert kept.by_code == scene.people["colleague"].code


def test_a_correction_enters_the_trail_with_both_versions(scene: Scene) -> None:
    corrected(scene, scene.record(), replace(HELD, person_times=15))
    entry = scene.session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "activity.correct")).one()
    assert (entry.facts["before"]["person_times"], entry.facts["after"]["person_times"]) == (12, 15)


def test_a_correction_without_reason_change_or_the_newest_version_is_refused(scene: Scene) -> None:
    activity = scene.record()
    with pytest.raises(ReasonMissing):
        corrected(scene, activity, replace(HELD, persons=1), reason=" ")
    with pytest.raises(StaleVersion):
        corrected(scene, activity, replace(HELD, persons=1), version=99)
    with pytest.raises(RequirementUnmet):
        corrected(scene, activity, HELD)


def test_a_stranger_learns_of_no_activity(scene: Scene) -> None:
    with pytest.raises(NotVisible):
        corrected(scene, scene.record(), replace(HELD, persons=1), actor=scene.people["other provider"])


def struck_out(scene: Scene, activity: Activity, who: str = "provider") -> None:
    facts = {"reason": "重复登记", "version": activity.version, "actor": scene.people[who]}
    void_activity(scene.session, activity, at=NOW, trail=TRAIL, **facts)


def test_what_was_struck_out_stays_readable_and_counts_nowhere(scene: Scene) -> None:
    activity = scene.record()
    scene.record(replace(HELD, persons=1, person_times=1), form_key="g" * 32)
    struck_out(scene, activity)
    question = ACTIVITIES.ask({}, scope=sa.true(), on=TODAY)
    assert question.count(scene.session).number == 2
    totals = totals_of(scene.session, question)
    assert (totals.activities, totals.person_times, totals.minutes) == (1, 1, 90)
    assert activity.corrections[-1].is_void


def test_what_was_struck_out_is_changed_no_more(scene: Scene) -> None:
    activity = scene.record()
    struck_out(scene, activity)
    with pytest.raises(RequirementUnmet):
        struck_out(scene, activity)
    with pytest.raises(RequirementUnmet):
        corrected(scene, activity, replace(HELD, persons=1))


def test_an_activity_belongs_to_the_division_that_answered_on_its_day(scene: Scene) -> None:
    move = date(2026, 11, 1)
    (first,) = scene.site.placements
    first.valid_to = move
    placed = {"division_code": "310115005", "today_code": "310115005", "address": "新址", "valid_from": move}
    scene.session.add(SitePlacement(site=scene.site, **placed))
    scene.session.flush()
    scene.session.refresh(scene.site)
    assert responsible_on(scene.site, move) == "310115005"
    assert responsible_on(scene.site, move - timedelta(days=1)) == first.today_code


def test_officers_see_the_activities_of_their_divisions(scene: Scene) -> None:
    activity = scene.record()
    may_see = {who: may(actor, Action.ACTIVITY_SEE, activity) for who, actor in scene.people.items()}
    assert {who for who, sees in may_see.items() if sees} == {
        "provider",
        "colleague",
        "station",
        "street",
        "district",
    }


def test_other_departments_see_no_activity(scene: Scene) -> None:
    health = make_actor(scene.session, Role.HEALTH, division_code="31")
    assert not may(health, Action.ACTIVITY_SEE, scene.record())


def test_the_last_record_of_somebody_is_his_own_and_counts(scene: Scene) -> None:
    scene.record()
    newer = scene.record(replace(HELD, kind=ServiceKind.FAMILY), form_key="g" * 32)
    struck_out(scene, newer)
    provider = scene.people["provider"]
    where = {"organisation_id": scene.site.organisation_id}
    last = last_activity(scene.session, actor_code=provider.code, **where)
    assert last is not None
    assert last.kind is ServiceKind.LIVING
    assert last_activity(scene.session, actor_code=scene.people["colleague"].code, **where) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"month": "2026-11"}, 2),
        ({"month": "2026-10"}, 1),
        ({"year": "2026"}, 3),
        ({"kind": "RS09"}, 1),
        ({"lateness": "late"}, 1),
        ({"division": "310115"}, 0),
    ],
)
def test_a_list_of_activities_is_cut_by(scene: Scene, typed: dict[str, str], found: int) -> None:
    make_activity(scene.session, scene.site)
    make_activity(scene.session, scene.site, kind=ServiceKind.FAMILY)
    make_activity(scene.session, scene.site, held_on=date(2026, 10, 31))
    question = ACTIVITIES.ask(typed, scope=sa.true(), on=TODAY)
    assert question.count(scene.session).number == found


@pytest.mark.parametrize(
    "typed", [{"month": "2026-13"}, {"month": "十一月"}, {"year": "26"}, {"kind": "RS99"}]
)
def test_a_filter_with_nonsense_is_refused(typed: dict[str, str]) -> None:
    with pytest.raises(InvalidInput):
        ACTIVITIES.ask(typed, scope=sa.true(), on=TODAY)
