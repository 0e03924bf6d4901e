"""The workbook of services: every row is a report that the district confirms; nothing is offered by a file."""

from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.intake.declaration import Outcome
from registry.intake.kinds.service_rows import weekdays
from registry.intake.kinds.services import SERVICES
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.organisations.models import Site
from registry.parsing import CellProblem
from registry.services.models import ReportKind, Service, ServiceKind, ServiceReport, ServiceReportState
from registry.services.workflow import ServiceReportStep
from registry.workflow.models import Todo
from registry.workflow.operations import take_step
from tests.factories import make_account, make_division, make_parameter, make_provider, make_site
from tests.registry.intake.tables import NOW, context, places, said, table_of
from tests.services_factories import make_service

ROW = {
    "服务类别": "生活技能训练",
    "项目名称": "生活技能小组",
    "地点": "二楼活动室",
    "开放日": "周一、周三、周五",
    "时间": "09:00–11:30",
    "名额": 12,
    "联系岗位": "值班社工",
    "联系电话": "021-00000000",
    "开始日期": "2026-12-01",
}
TAKEN: dict[str, Any] = {"at": NOW, "trail": Trail(b"k" * 32), "calendar": WorkingCalendar({})}


@pytest.fixture
def site(session: Session) -> Site:
    for code in ("31", "3101", "310101", "310101002"):
        make_division(session, code)
    make_parameter(session, "service_report.confirm_workdays", 5)
    return make_provider(session)


@pytest.fixture
def actor(session: Session, site: Site) -> Actor:
    return Actor.of(make_account(session, Role.PROVIDER, organisation=site.organisation).positions[0])


def seen(session: Session, site: Site, *rows: dict[str, Any]) -> Preview:
    return preview(
        session, SERVICES, table_of(*rows), context(organisation_id=site.organisation_id, division_code="0")
    )


def loaded(session: Session, site: Site, actor: Actor, *rows: dict[str, Any]) -> None:
    found = seen(session, site, *rows)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=actor, at=NOW)
    commit(session, found, run=run, actor=actor, at=NOW, trail=Trail(b"k" * 32))
    session.expire_all()


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def test_a_row_is_handed_in_and_nothing_is_offered_yet(session: Session, site: Site, actor: Actor) -> None:
    loaded(session, site, actor, ROW)
    report = session.scalars(sa.select(ServiceReport)).one()
    assert (report.kind, report.state) == (ReportKind.NEW, ServiceReportState.SUBMITTED)
    assert report.answers == {
        "service_kind": "RS04",
        "title": "生活技能小组",
        "place": "二楼活动室",
        "weekdays": ["1", "3", "5"],
        "hours": "09:00–11:30",
        "capacity": "12",
        "charge": "free",
        "contact": "值班社工",
        "phone": "021-00000000",
        "effective_on": "2026-12-01",
    }
    assert session.scalars(sa.select(Service)).all() == []
    assert session.scalars(sa.select(Todo.title)).all() == ["确认服务项目申报"]


def test_what_the_district_confirms_is_offered_and_the_file_says_nothing_new(
    session: Session, site: Site, actor: Actor
) -> None:
    loaded(session, site, actor, ROW | {"收费": "收费", "每次收费（元）": "5.50"})
    report = session.scalars(sa.select(ServiceReport)).one()
    officer = Actor.of(make_account(session, Role.DISTRICT).positions[0])
    take_step(session, report, ServiceReportStep.CONFIRM, actor=officer, **TAKEN)
    service = session.scalars(sa.select(Service)).one()
    assert (service.kind, service.weekdays, service.fee) == (ServiceKind.LIVING, "135", Decimal("5.50"))
    again = ROW | {"收费": "收费", "每次收费（元）": "5.50"}
    assert outcomes(seen(session, site, again)) == [Outcome.SAME]


def test_a_file_that_waits_is_not_handed_in_a_second_time(session: Session, site: Site, actor: Actor) -> None:
    loaded(session, site, actor, ROW)
    assert outcomes(seen(session, site, ROW)) == [Outcome.SAME]
    other = seen(session, site, ROW | {"名额": 20})
    assert "已有一件未办结的申报" in said(other.errors)


def test_what_is_offered_otherwise_is_reported_as_a_change(
    session: Session, site: Site, actor: Actor
) -> None:
    service = make_service(session, site)
    changed = ROW | {"名额": 20, "开始日期": "", "地点": ""}
    assert outcomes(seen(session, site, changed)) == [Outcome.UPDATE]
    loaded(session, site, actor, changed)
    report = session.scalars(sa.select(ServiceReport)).one()
    assert (report.kind, report.service_id, report.state) == (
        ReportKind.CHANGE,
        service.id,
        ServiceReportState.SUBMITTED,
    )
    assert (report.answers["capacity"], report.answers.get("place", "")) == ("20", "")
    assert service.capacity == 12


def test_the_sites_of_others_are_not_known_here(session: Session, site: Site) -> None:
    other = make_provider(session)
    found = seen(session, site, ROW | {"站点编号": other.code})
    assert [header for _row, _letter, header in places(found.errors)] == ["站点编号"]


def test_one_title_at_two_sites_is_two_services(session: Session, site: Site, actor: Actor) -> None:
    make_site(session, site.organisation, name="示例二号点")
    rows = [ROW | {"站点名称": name} for name in (site.name, "示例二号点")]
    loaded(session, site, actor, *rows)
    assert session.scalar(sa.select(sa.func.count()).select_from(ServiceReport)) == 2
    twice = seen(session, site, ROW | {"站点名称": site.name}, ROW | {"站点编号": site.code, "名额": 9})
    assert "与第2行是同一个服务项目" in said(twice.errors)


@pytest.mark.parametrize(
    ("typed", "column", "words"),
    [
        ({"服务类别": "喝茶"}, "服务类别", "不在可填的词中"),
        ({"项目名称": ""}, "项目名称", "必填"),
        ({"项目名称": "长" * 61}, "项目名称", "60"),
        ({"开放日": "周八"}, "开放日", "读不出是星期几"),
        ({"开放日": "2026-01-05"}, "开放日", "读不出是星期几"),
        ({"名额": 0}, "名额", "不能小于1"),
        ({"名额": "不限"}, "名额", "不是数字"),
        ({"收费": "收费"}, "每次收费（元）", "请填写每次收费的金额"),
        ({"收费": "免费", "每次收费（元）": 5}, "每次收费（元）", "请清空每次收费"),
        ({"每次收费（元）": "5.555"}, "每次收费（元）", "最多两位小数"),
        ({"每次收费（元）": "-5"}, "每次收费（元）", "不能为负"),
        ({"联系电话": "找小王"}, "联系电话", "不是电话号码"),
        ({"联系电话": ""}, "联系电话", "必填"),
        ({"开始日期": ""}, "开始日期", "请填写“开始日期”"),
        ({"开始日期": "2026-13-01"}, "开始日期", "没有13月"),
    ],
)
def test_dirt_is_named_in_its_place(
    session: Session, site: Site, typed: dict[str, Any], column: str, words: str
) -> None:
    found = seen(session, site, {"收费": "", "每次收费（元）": ""} | ROW | typed)
    assert [header for _row, _letter, header in places(found.errors)] == [column]
    assert words in said(found.errors)


@pytest.mark.parametrize(
    ("typed", "days"),
    [
        ("周一、周三", "13"),
        ("周一至周五", "12345"),
        ("星期二,星期日", "27"),
        ("一三五", "135"),
        ("1-5", "12345"),
        ("１，３", "13"),
        ("周六、周天", "67"),
        ("每天", "1234567"),
        (135.0, "135"),
        ("按预约", ""),
        ("By appointment", ""),
    ],
)
def test_days_of_the_week_are_read_as_people_write_them(typed: str | float, days: str) -> None:
    assert "".join(day.value for day in weekdays(typed)) == days


@pytest.mark.parametrize("typed", ["周八", "工作日", "1-9", "5-1", "0", "、"])
def test_what_is_no_day_of_the_week_is_refused(typed: str) -> None:
    with pytest.raises(CellProblem, match="读不出是星期几"):
        weekdays(typed)


def test_everything_that_is_wrong_in_a_row_is_said_at_once(session: Session, site: Site) -> None:
    typed = {"站点编号": "zzzzzzzzzz", "服务类别": "喝茶", "名额": 0, "联系电话": "找小王"}
    found = seen(session, site, ROW | typed)
    assert {header for _row, _letter, header in places(found.errors)} == set(typed)
