"""The workbook of activities: entered as if typed, of one's own sites alone, without a word about any client."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.intake.declaration import Outcome
from registry.intake.kinds.activities import ACTIVITIES
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.organisations.models import Site
from registry.services.models import Activity, ActivityState, ServiceKind
from tests.factories import make_account, make_division, make_provider, make_site
from tests.registry.intake.tables import NOW, TODAY, context, places, said, table_of
from tests.services_factories import make_activity, make_service

ROW = {"活动日期": "2026-11-20", "服务类别": "生活技能训练", "参加人数": 12, "时长（分钟）": 90}


@pytest.fixture
def site(session: Session) -> Site:
    for code in ("31", "3101", "310101", "310101002"):
        make_division(session, code)
    return make_provider(session)


def seen(session: Session, site: Site, *rows: dict[str, Any]) -> Preview:
    return preview(
        session, ACTIVITIES, table_of(*rows), context(organisation_id=site.organisation_id, division_code="0")
    )


def loaded(session: Session, site: Site, *rows: dict[str, Any]) -> Actor:
    actor = Actor.of(make_account(session, Role.PROVIDER, organisation=site.organisation).positions[0])
    found = seen(session, site, *rows)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=actor, at=NOW)
    commit(session, found, run=run, actor=actor, at=NOW, trail=Trail(b"k" * 32))
    session.expire_all()
    return actor


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def test_a_row_is_a_record_of_whoever_loads_it(session: Session, site: Site) -> None:
    actor = loaded(session, site, ROW | {"人次": 15, "备注": "手工组"})
    made = session.scalars(sa.select(Activity)).one()
    assert (made.site_id, made.organisation_id, made.division_code) == (
        site.id,
        site.organisation_id,
        site.division_code,
    )
    assert (made.held_on, made.kind) == (date(2026, 11, 20), ServiceKind.LIVING)
    assert (made.persons, made.person_times, made.minutes, made.note) == (12, 15, 90, "手工组")
    assert (made.entered_on, made.entered_by_code, made.is_late) == (TODAY, actor.code, True)
    assert session.scalars(sa.select(AuditEntry.action)).all() == ["intake.run"]


def test_without_person_times_everybody_came_once(session: Session, site: Site) -> None:
    loaded(session, site, ROW)
    assert session.scalars(sa.select(Activity.person_times)).one() == 12


def test_the_same_file_again_records_nothing_twice(session: Session, site: Site) -> None:
    service = make_service(session, site)
    rows = [ROW, ROW | {"服务项目": service.title, "备注": "乙组"}]
    loaded(session, site, *rows)
    assert outcomes(seen(session, site, *rows)) == [Outcome.SAME, Outcome.SAME]


def test_a_second_group_of_the_day_is_asked_about(session: Session, site: Site) -> None:
    make_activity(session, site, held_on=date(2026, 11, 20), kind=ServiceKind.LIVING, persons=3)
    found = seen(session, site, ROW)
    assert (outcomes(found), found.errors) == ([Outcome.CREATE], ())
    assert "这一天已登记过同类的活动" in said(found.warnings)


def test_what_was_struck_out_may_be_recorded_again(session: Session, site: Site) -> None:
    make_activity(
        session, site, held_on=date(2026, 11, 20), kind=ServiceKind.LIVING, persons=12, person_times=12,
        minutes=90, note="", state=ActivityState.VOIDED,
    )  # fmt: skip
    assert outcomes(seen(session, site, ROW)) == [Outcome.CREATE]


def test_of_several_sites_one_is_named(session: Session, site: Site) -> None:
    other = make_site(session, site.organisation, name="示例二号点")
    assert "认不出是本机构的哪一个站点" in said(seen(session, site, ROW).errors)
    for naming in ({"站点编号": other.code}, {"站点名称": "示例二号点"}):
        loaded(session, site, ROW | naming | {"备注": str(naming)})
    assert set(session.scalars(sa.select(Activity.site_id))) == {other.id}


def test_the_sites_and_services_of_others_are_not_known_here(session: Session, site: Site) -> None:
    other = make_provider(session)
    make_service(session, other, title="别家的小组")
    found = seen(session, site, ROW | {"站点编号": other.code}, ROW | {"服务项目": "别家的小组"})
    assert [(row, header) for row, _letter, header in places(found.errors)] == [
        (2, "站点编号"),
        (3, "服务项目"),
    ]
    assert other.name not in said(found.errors)


@pytest.mark.parametrize(
    ("typed", "column", "words"),
    [
        ({"活动日期": "2026-11-24"}, "活动日期", "不能晚于今天"),
        ({"活动日期": "2026-11-31"}, "活动日期", "2026年11月只有30天"),
        ({"参加人数": 10001}, "参加人数", "0到10000"),
        ({"参加人数": -1}, "参加人数", "0到10000"),
        ({"参加人数": "十二"}, "参加人数", "不是数字"),
        ({"参加人数": 1.5}, "参加人数", "不是整数"),
        ({"参加人数": ""}, "参加人数", "必填"),
        ({"人次": 11}, "人次", "人次不能少于人数"),
        ({"时长（分钟）": 0}, "时长（分钟）", "1到1440"),
        ({"时长（分钟）": 1441}, "时长（分钟）", "1到1440"),
        ({"服务类别": "喝茶"}, "服务类别", "不在可填的词中"),
        ({"备注": "张某15400000001迟到"}, "备注", "不写个人的证件号码和手机号码"),
        ({"备注": "11010519491231002X"}, "备注", "不写个人的证件号码和手机号码"),
    ],
)
def test_dirt_is_named_in_its_place(
    session: Session, site: Site, typed: dict[str, Any], column: str, words: str
) -> None:
    found = seen(session, site, {"人次": "", "备注": ""} | ROW | typed)
    assert [header for _row, _letter, header in places(found.errors)] == [column]
    assert words in said(found.errors)


def test_an_activity_belongs_to_a_service_of_its_kind_that_was_offered(session: Session, site: Site) -> None:
    make_service(session, site, started_on=date(2026, 11, 21))
    early = seen(session, site, ROW | {"服务项目": "生活技能小组"})
    assert "自2026-11-21起开设" in said(early.errors)
    other = seen(
        session, site, ROW | {"服务项目": "生活技能小组", "服务类别": "家庭支持", "活动日期": "2026-11-22"}
    )
    assert "类别不同" in said(other.errors)


def test_full_width_digits_and_other_dates_are_read(session: Session, site: Site) -> None:
    loaded(
        session,
        site,
        ROW | {"活动日期": "２０２６年１１月２０日", "参加人数": "１２", "时长（分钟）": " 90 "},
    )
    made = session.scalars(sa.select(Activity)).one()
    assert (made.held_on, made.persons, made.minutes) == (date(2026, 11, 20), 12, 90)


def test_everything_that_is_wrong_in_a_row_is_said_at_once(session: Session, site: Site) -> None:
    typed = {
        "站点编号": "zzzzzzzzzz",
        "活动日期": "2026-12-31",
        "服务类别": "喝茶",
        "参加人数": "十二",
        "时长（分钟）": 0,
    }
    found = seen(session, site, ROW | typed | {"备注": "找15400000001"})
    assert {header for _row, _letter, header in places(found.errors)} == {*typed, "备注"}


def test_what_somebody_typed_of_a_client_is_named_and_never_kept(session: Session, site: Site) -> None:
    """District, city and province read the findings of a run, and its row of the database goes into the backups."""
    actor = Actor.of(make_account(session, Role.PROVIDER, organisation=site.organisation).positions[0])
    note = {"服务项目": "", "备注": "张某11010519491231002X手机154 0000 0001迟到"}
    found = seen(session, site, ROW | note, ROW | {"服务项目": "11010519491231002X", "备注": ""})

    run = record_preview(session, found, actor=actor, at=NOW)

    assert [(one["header"], one["value"]) for one in run.problems] == [
        ("备注", "******"),
        ("服务项目", "110*************2X"),
    ]
