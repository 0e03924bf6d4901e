"""What a file says of diplomas waits for the district; only a regulator says that they were verified."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.errors import NotAllowed
from registry.intake.declaration import Context
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.models import IntakeRun
from registry.intake.operations import commit, record_preview
from registry.intake.preview import preview
from registry.intake.undoing import undo
from registry.organisations.models import Site
from registry.policy.queries import working_calendar
from registry.workflow.operations import take_step
from registry.workflow.queries import open_todos
from registry.workflow.reminders import REMINDERS, remind
from registry.workforce.models import Education, Practitioner, Training, Verification
from registry.workforce.verifying import VERIFY_WORKDAYS, EducationStep
from tests.factories import make_actor, make_parameter, make_provider
from tests.registry.intake.tables import NOW, context, said, table_of

TRAIL = Trail(b"key")
ROW = {
    "人员编号": "示例-0001",
    "姓名": "示例甲",
    "出生年份": "1990",
    "岗位": "社会工作者",
    "用工形式": "专职",
    "是否从事社区康复服务": "是",
    "任职日期": "2020-01-01",
    "学历层次": "本科",
    "专业目录": "本科专业目录",
    "专业代码": "030302",
    "专业名称": "社会工作",
    "毕业院校": "示例大学",
    "取得日期": "2012-07-01",
}
PENDING = {"核验情况": "核验中"}
VERIFIED = {"核验情况": "已核验", "核验日期": "2026-11-20"}


@pytest.fixture
def site(session: Session) -> Site:
    make_parameter(session, VERIFY_WORKDAYS, 10)
    return make_provider(session)


@pytest.fixture
def officer(session: Session) -> Actor:
    return make_actor(session, Role.DISTRICT)


def load(session: Session, site: Site, actor: Actor, reach: Context, **row: str) -> Education:
    run_of(session, site, actor, reach, **row)
    return session.scalars(sa.select(Education)).one()


def run_of(session: Session, site: Site, actor: Actor, reach: Context, **row: str) -> IntakeRun:
    found = preview(session, PRACTITIONERS, table_of(ROW | {"站点编号": site.code} | row), reach)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=actor, at=NOW)
    commit(session, found, run=run, actor=actor, at=NOW, trail=TRAIL)
    session.expire_all()
    return run


def own(site: Site) -> Context:
    return context(organisation_id=site.organisation_id)


def employer(session: Session, site: Site) -> Actor:
    place = site.organisation.division_code
    return make_actor(session, Role.PROVIDER, division_code=place, organisation=site.organisation)


def test_it_waits_for_the_district_once_however_often_the_file_comes(session, site, officer) -> None:
    maker = employer(session, site)
    for _twice in range(2):
        told = load(session, site, maker, own(site), **PENDING)

    assert told.verification is Verification.PENDING
    assert [one.title for one in open_todos(session, officer)] == ["核验学历"]


def test_whoever_loaded_it_does_not_verify_it(session, site) -> None:
    maker = employer(session, site)
    told = load(session, site, maker, own(site), **PENDING)

    with pytest.raises(NotAllowed):
        take_step(
            session,
            told,
            EducationStep.VERIFY,
            actor=maker,
            at=NOW,
            trail=TRAIL,
            calendar=working_calendar(session),
        )


def test_a_regulators_file_that_says_it_was_verified_closes_what_waited(session, site, officer) -> None:
    load(session, site, employer(session, site), own(site), **PENDING)

    told = load(session, site, officer, context(), **VERIFIED)

    assert (told.verification, told.verified_on) == (Verification.VERIFIED, date(2026, 11, 20))
    assert open_todos(session, officer) == []


def test_what_a_regulator_loads_unverified_waits_for_the_district_too(session, site, officer) -> None:
    city = make_actor(session, Role.CITY)
    for _twice in range(2):
        load(session, site, city, context(), **PENDING)

    assert [(one.title, one.due_on is not None) for one in open_todos(session, officer)] == [
        ("核验学历", True)
    ]
    assert open_todos(session, city) == []


def test_an_officer_who_loaded_it_does_not_verify_it_and_his_colleague_does(session, site, officer) -> None:
    told = load(session, site, officer, context(), **PENDING)
    how = {"at": NOW, "trail": TRAIL, "calendar": working_calendar(session)}

    with pytest.raises(NotAllowed):
        take_step(session, told, EducationStep.VERIFY, actor=officer, **how)
    take_step(session, told, EducationStep.VERIFY, actor=make_actor(session, Role.DISTRICT), **how)

    assert told.verification is Verification.VERIFIED


def test_a_rejected_one_that_the_file_tells_anew_waits_for_the_district_again(session, site, officer) -> None:
    maker = employer(session, site)
    told = load(session, site, maker, own(site), **PENDING)
    how = {"at": NOW, "trail": TRAIL, "calendar": working_calendar(session)}
    take_step(session, told, EducationStep.REJECT, actor=officer, reason="编号查不到", **how)
    session.flush()
    assert [one.title for one in open_todos(session, maker)] == ["补正未通过核验的学历"]

    told = load(session, site, maker, own(site), **PENDING)

    assert told.verification is Verification.PENDING
    assert [one.title for one in open_todos(session, officer)] == ["核验学历"]
    assert open_todos(session, maker) == []


def test_undoing_that_leaves_somebody_leaves_his_diploma_before_the_district(session, site, officer) -> None:
    make_parameter(session, "intake.undo_days", 7)
    maker = employer(session, site)
    run = run_of(session, site, maker, own(site), **PENDING)
    person = session.scalars(sa.select(Practitioner)).one()
    course = {
        "held_on": date(2026, 11, 20),
        "hours": Decimal(8),
        "subject": "示例课",
        "organiser": "示例中心",
    }
    course |= {"is_rehabilitation": True, "is_continuing": False}
    session.add(Training(practitioner_id=person.id, **course))
    session.flush()

    done = undo(session, run, actor=maker, at=NOW + timedelta(days=1), trail=TRAIL)

    assert done.removed == {}
    assert [one.table for one in done.kept] == ["practitioner"]
    assert [one.title for one in open_todos(session, officer)] == ["核验学历"]


def test_a_reminder_of_the_portal_keeps_nobody_from_being_undone(session, site, officer) -> None:
    make_parameter(session, "intake.undo_days", 7)
    make_parameter(session, REMINDERS, [7])
    maker = employer(session, site)
    run = run_of(session, site, maker, own(site), **PENDING)
    later = NOW + timedelta(days=6)
    assert remind(session, on=later.date(), at=later).reminders == 1

    done = undo(session, run, actor=maker, at=later, trail=TRAIL)

    assert done.kept == ()
    assert session.scalars(sa.select(Practitioner)).all() == []
    assert open_todos(session, officer) == []


def test_what_was_verified_stays_verified_when_the_institution_loads_its_list_again(
    session, site, officer
) -> None:
    maker = employer(session, site)
    load(session, site, maker, own(site), **PENDING)
    load(session, site, officer, context(), **VERIFIED)

    told = load(session, site, maker, own(site), **PENDING)

    assert (told.verification, told.verified_on) == (Verification.VERIFIED, date(2026, 11, 20))
    assert open_todos(session, officer) == []


def test_what_was_verified_is_not_reworded_by_the_institution(session, site, officer) -> None:
    maker = employer(session, site)
    load(session, site, maker, own(site), **PENDING)
    load(session, site, officer, context(), **VERIFIED)
    row = ROW | {"站点编号": site.code} | PENDING | {"取得日期": "2013-07-01"}

    found = preview(session, PRACTITIONERS, table_of(row), own(site))

    assert said(found.errors).startswith("这一学历已核验，专业名称或取得日期却与登记的不同。")
