"""A file above the cap: asked for by one, let go by another, taken once, exactly as it was released."""

from datetime import date, timedelta

import pytest

from registry.access.actors import Actor
from registry.access.delegations import actor_standing_in
from registry.access.models import Delegation, Extent, Role
from registry.audit.verification import examine_trail
from registry.errors import (
    NotAllowed,
    NotVisible,
    ReasonMissing,
    RequirementUnmet,
    StepNotOpen,
    TooManyExports,
)
from registry.releases.deciding import ABOVE
from registry.releases.lapsing import lapse_overdue
from registry.releases.models import FileKind, ReleaseState
from registry.releases.workflow import ReleaseStep
from registry.workflow.queries import history
from tests.factories import DAY, HUANGPU, NANJING_EAST_ROAD, NOW, make_position
from tests.registry.releases.conftest import TRAIL, Bureau

RELEASE, REFUSE = ReleaseStep.RELEASE, ReleaseStep.REFUSE
REVIEW, FETCH, NO = "复核超限导出", "取走已批准的导出文件", "超限导出未获批准"


def test_a_released_file_is_taken_once_and_every_entry_names_both(bureau: Bureau) -> None:
    maker, second = bureau.people["district"], bureau.people["colleague"]
    release = bureau.ask()
    assert bureau.waits_for(release) == [(Role.DISTRICT, HUANGPU, None, REVIEW, False)]

    bureau.decide(release, RELEASE, "colleague")
    assert bureau.waits_for(release) == [(Role.DISTRICT, HUANGPU, None, FETCH, False)]
    bureau.take(release)

    assert release.state is ReleaseState.TAKEN
    assert bureau.waits_for(release) == []
    asked, released, taken, exported = bureau.entries()
    assert [one.action for one in (asked, released, taken, exported)] == [
        "release.ask",
        "release.release",
        "release.take",
        "practitioner.export",
    ]
    assert (asked.actor_code, asked.facts["rows"], asked.facts["note"]) == (
        maker.code,
        5,
        "2026年第四季度报送",
    )
    assert (released.actor_code, released.facts["asked by"]) == (second.code, maker.code)
    assert (exported.actor_code, exported.facts["released by"]) == (maker.code, second.code)
    assert (exported.facts["released by name"], exported.facts["release"]) == (second.name, release.code)
    assert (exported.facts["rows"], exported.reason) == (5, "2026年第四季度报送")
    assert examine_trail(bureau.session, key=TRAIL.key).broken is None

    with pytest.raises(StepNotOpen):
        bureau.take(release)


def test_a_refusal_says_why_and_reaches_whoever_asked(bureau: Bureau) -> None:
    release = bureau.ask("provider")
    own = bureau.people["provider"].positions[0].organisation_id
    assert bureau.waits_for(release) == [(Role.PROVIDER, HUANGPU, own, REVIEW, False)]
    with pytest.raises(ReasonMissing):
        bureau.decide(release, REFUSE, "colleague at the provider")

    bureau.decide(release, REFUSE, "colleague at the provider", reason="请按街道分批导出")

    assert release.state is ReleaseState.REFUSED
    assert history(bureau.session, release)[-1].reason == "请按街道分批导出"
    assert bureau.waits_for(release) == [(Role.PROVIDER, HUANGPU, own, NO, True)]
    assert bureau.entries()[-1].facts["asked by"] == bureau.people["provider"].code
    with pytest.raises(StepNotOpen):
        bureau.take(release, "provider")


@pytest.mark.parametrize(
    ("maker", "second"),
    [
        ("district", "colleague"),
        ("district", "city"),
        ("city", "province"),
        ("street", "district"),
        ("provider", "colleague at the provider"),
        ("provider", "district"),
        ("hr", "hr of the city"),
    ],
)
def test_a_colleague_or_one_level_above_may_release(bureau: Bureau, maker: str, second: str) -> None:
    release = bureau.ask(maker)

    bureau.decide(release, RELEASE, second)

    assert release.state is ReleaseState.RELEASED


@pytest.mark.parametrize(
    ("maker", "second", "refusal"),
    [
        ("district", "district", NotAllowed),
        ("district", "province", NotAllowed),
        ("district", "hr", NotAllowed),
        ("district", "district elsewhere", NotVisible),
        ("district", "street", NotVisible),
        ("district", "provider", NotVisible),
        ("district", "health", NotVisible),
        ("district", "secadmin", NotVisible),
        ("provider", "other provider", NotVisible),
        ("provider", "hr", NotAllowed),
        ("city", "district", NotVisible),
        ("hr", "city", NotAllowed),
        ("hr of the city", "hr", NotVisible),
    ],
)
def test_nobody_else_decides_and_least_of_all_the_maker(
    bureau: Bureau, maker: str, second: str, refusal: type[Exception]
) -> None:
    release = bureau.ask(maker)

    for step in (RELEASE, REFUSE):
        with pytest.raises(refusal):
            bureau.decide(release, step, second, reason="不同意")

    assert release.state is ReleaseState.ASKED


def test_the_maker_does_not_release_from_another_position_of_his(bureau: Bureau) -> None:
    release = bureau.ask()
    above = make_position(bureau.session, bureau.people["district"], Role.CITY)

    with pytest.raises(NotAllowed):
        bureau.decide(release, RELEASE, Actor.of(above))


def deputy_of(bureau: Bureau, holder: str, delegate: str) -> Actor:
    given = Delegation(
        position=bureau.people[holder].positions[0],
        delegate=bureau.people[delegate],
        extent=Extent.FULL,
        from_on=DAY,
        until_on=DAY,
        reason="年休假",
        given_at=NOW,
    )
    return actor_standing_in(given)


def test_a_deputy_neither_releases_nor_takes(bureau: Bureau) -> None:
    release = bureau.ask()
    with pytest.raises(NotAllowed):
        bureau.decide(release, RELEASE, deputy_of(bureau, "colleague", "district elsewhere"))
    bureau.decide(release, RELEASE, "colleague")

    with pytest.raises(NotAllowed):
        bureau.take(release, deputy_of(bureau, "district", "colleague"))
    with pytest.raises(NotAllowed):
        bureau.take(release, "colleague")


def test_the_maker_takes_it_in_the_charge_in_which_he_asked(bureau: Bureau) -> None:
    release = bureau.ask()
    bureau.decide(release, RELEASE, "colleague")
    other = make_position(bureau.session, bureau.people["district"], Role.CITY)

    with pytest.raises(NotAllowed):
        bureau.take(release, Actor.of(other))


OTHER_FILES = (
    {"asked_for": {"division": "31", "on": "2026-11-23"}},
    {"asked_for": {"division": HUANGPU, "on": "2026-11-24"}},
    {"asked_for": {"division": HUANGPU, "on": "2026-11-23", "sort": "name"}},
    {"path": "/figures/qualified-share/export"},
    {"kind": FileKind.CSV},
    {"rows": 6},
)


def test_only_the_released_file_leaves_and_with_no_more_people(bureau: Bureau) -> None:
    release = bureau.ask()
    bureau.decide(release, RELEASE, "colleague")

    for changed in OTHER_FILES:
        with pytest.raises(RequirementUnmet):
            bureau.take(release, **changed)

    assert release.state is ReleaseState.RELEASED
    bureau.take(release, rows=4, asked_for={"on": "2026-11-23", "division": HUANGPU})


def test_a_file_leaves_only_after_it_was_released(bureau: Bureau) -> None:
    release = bureau.ask()

    with pytest.raises(StepNotOpen):
        bureau.take(release)


def test_a_release_counts_among_the_files_of_the_day(bureau: Bureau) -> None:
    bureau.session.connection().exec_driver_sql(
        "UPDATE parameter SET value = '0' WHERE key = 'export.per_day'"
    )
    release = bureau.ask()
    bureau.decide(release, RELEASE, "colleague")

    with pytest.raises(TooManyExports), bureau.session.begin_nested():
        bureau.take(release)

    bureau.session.refresh(release)
    assert release.state is ReleaseState.RELEASED, "nothing is used up"


def test_the_days_run_from_asking_and_anew_from_the_release(bureau: Bureau) -> None:
    """NOW is 23 November; seven days each."""
    release = bureau.ask()
    assert release.valid_until == DAY + timedelta(days=7)
    bureau.decide(release, RELEASE, "colleague", at=NOW + timedelta(days=7))
    assert release.valid_until == DAY + timedelta(days=14)

    with pytest.raises(RequirementUnmet, match=str(DAY + timedelta(days=14))):
        bureau.take(release, at=NOW + timedelta(days=15))
    bureau.take(release, at=NOW + timedelta(days=14))


def test_nobody_releases_what_has_lapsed(bureau: Bureau) -> None:
    release = bureau.ask()

    with pytest.raises(RequirementUnmet):
        bureau.decide(release, RELEASE, "colleague", at=NOW + timedelta(days=8))


def lapse(bureau: Bureau, on: date) -> int:
    return lapse_overdue(bureau.session, on=on, at=NOW + timedelta(days=8), trail=TRAIL, by="portal jobs")


def test_the_night_ends_what_nobody_decided_or_took(bureau: Bureau) -> None:
    undecided, untaken = bureau.ask(), bureau.ask("street")
    bureau.decide(untaken, RELEASE, "district")

    assert lapse(bureau, DAY + timedelta(days=7)) == 0, "the last day still counts"
    assert lapse(bureau, DAY + timedelta(days=8)) == 2
    assert lapse(bureau, DAY + timedelta(days=8)) == 0

    for release, who in ((undecided, "district"), (untaken, "street")):
        assert release.state is ReleaseState.LAPSED
        assert bureau.waits_for(release) == []
        assert history(bureau.session, release)[-1].actor_name == "portal jobs"
        with pytest.raises(StepNotOpen):
            bureau.take(release, who)
    assert [one.action for one in bureau.entries()][-2:] == ["release.lapse"] * 2


@pytest.mark.parametrize(("rows", "again"), [(3, False), (5, True)])
def test_nobody_asks_below_the_cap_or_twice_for_one_file(bureau: Bureau, rows: int, again: bool) -> None:
    if again:
        bureau.ask()

    with pytest.raises(RequirementUnmet):
        bureau.ask(rows=rows)


def test_what_was_refused_may_be_asked_for_again(bureau: Bureau) -> None:
    bureau.decide(bureau.ask(), REFUSE, "colleague", reason="请缩小范围")

    assert bureau.ask().state is ReleaseState.ASKED


@pytest.mark.parametrize("who", ["health", "secadmin"])
def test_a_role_that_takes_nobody_along_does_not_ask(bureau: Bureau, who: str) -> None:
    with pytest.raises((NotAllowed, NotVisible)):
        bureau.ask(who)


def test_a_deputy_does_not_ask(bureau: Bureau) -> None:
    with pytest.raises(NotAllowed):
        bureau.ask(deputy_of(bureau, "street", "colleague"))


def test_where_nobody_could_release_nobody_is_left_waiting(bureau: Bureau) -> None:
    with pytest.raises(RequirementUnmet):
        bureau.ask("province")


def test_one_who_is_alone_has_the_second_person_one_level_above(bureau: Bureau) -> None:
    release = bureau.ask("street")

    assert [(role, place) for role, place, *_ in bureau.waits_for(release)] == [
        (Role.DISTRICT, NANJING_EAST_ROAD)
    ]


def test_every_role_that_takes_people_along_has_somebody_above_but_the_highest() -> None:
    """By hand: the province's second person is a colleague."""
    assert set(ABOVE) == {Role.STATION, Role.PROVIDER, Role.STREET, Role.DISTRICT, Role.CITY, Role.HR}
