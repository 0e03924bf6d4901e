"""`portal intake KIND FILE` knows every kind that the page knows, with the same checks and the same scope."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.commands.intake import KINDS as OFFERED
from registry.access.models import Role
from registry.intake.kinds import KINDS
from registry.organisations.models import Organisation, Site
from registry.services.models import Activity, ServiceReport, ServiceReportState
from tests.factories import make_account, make_parameter, make_uscc
from tests.portal.commands.running import Command

ACTIVITIES = "站点编号,活动日期,服务类别,参加人数,时长\n{site},2026-01-05,家庭支持,{persons},60\n"
SERVICES = (
    "站点编号,服务类别,项目名称,时间,联系岗位,联系电话,开始日期\n"
    "{site},家庭支持,家属互助会,09:00,值班社工,021-00000000,2026-12-01\n"
)
ORGANISATIONS = "单位名称,统一社会信用代码,所属区划\n示例新单位,{uscc},{place}\n"


@pytest.fixture
def site(register: Session) -> str:
    """The code of a site whose provider has an account; nothing is held open."""
    for key, value in (("intake.max_rows", 1000), ("service_report.confirm_workdays", 5)):
        make_parameter(register, key, value)
    site = register.scalars(sa.select(Site).order_by(Site.id)).first()
    assert site is not None
    make_account(register, Role.PROVIDER, username="provider", organisation=site.organisation)
    code = site.code
    register.commit()
    return code


def count(register: Session, model: type) -> int:
    number = register.scalar(sa.select(sa.func.count()).select_from(model)) or 0
    register.rollback()  # commands write too
    return number


def test_the_command_offers_what_the_page_offers() -> None:
    assert set(OFFERED) == set(KINDS)


def test_a_provider_loads_its_activities(
    run: Command, register: Session, site: str, write: Callable[[str], str]
) -> None:
    file = write(ACTIVITIES.format(site=site, persons=5))
    dry = run("intake", "activities", file, "--as", "provider", "--dry-run", "--json")
    assert (dry.exit_code, count(register, Activity)) == (0, 0), dry.output
    done = run("intake", "activities", file, "--as", "provider", "--json")
    facts = json.loads(done.stdout)
    assert list(facts) == [
        "kind", "file", "rows", "create", "update", "same", "skip", "duplicate", "warnings", "errors",
        "committed", "run", "left_out",
    ]  # fmt: skip
    assert (facts["kind"], facts["create"], facts["committed"]) == ("activities", 1, True)
    again = json.loads(run("intake", "activities", file, "--as", "provider", "--json").stdout)
    assert (again["same"], count(register, Activity)) == (1, 1)


def test_a_fault_is_told_with_its_place_and_nothing_is_loaded(
    run: Command, register: Session, site: str, write: Callable[[str], str]
) -> None:
    file = write(ACTIVITIES.format(site=site, persons="十二"))
    refused = run("intake", "activities", file, "--as", "provider", "--json")
    error = json.loads(refused.stdout)["errors"][0]
    assert (refused.exit_code, error["row"], error["column"], error["value"]) == (1, 2, "D", "十二")
    assert count(register, Activity) == 0


def test_services_are_handed_in_and_not_yet_offered(
    run: Command, register: Session, site: str, write: Callable[[str], str]
) -> None:
    done = run("intake", "services", write(SERVICES.format(site=site)), "--as", "provider")
    assert done.exit_code == 0, done.output
    assert register.scalars(sa.select(ServiceReport.state)).all() == [ServiceReportState.SUBMITTED]


@pytest.mark.parametrize(("place", "made"), [("310101001", 1), ("31", 0)])
def test_an_officer_loads_organisations_of_his_own_place(
    run: Command, register: Session, site: str, write: Callable[[str], str], place: str, made: int
) -> None:
    before = count(register, Organisation)
    file = write(ORGANISATIONS.format(uscc=make_uscc(9700), place=place))
    done = run("intake", "organisations", file, "--as", "district")
    assert done.exit_code == 1 - made, done.output
    assert count(register, Organisation) - before == made


@pytest.mark.parametrize(
    ("kind", "who"), [("organisations", "provider"), ("activities", "district"), ("services", "demo-city")]
)
def test_a_kind_that_is_for_others_is_refused(
    run: Command, site: str, write: Callable[[str], str], kind: str, who: str
) -> None:
    refused = run("intake", kind, write(ACTIVITIES.format(site=site, persons=5)), "--as", who)
    assert refused.exit_code == 2, refused.output
    assert "locked" not in refused.output
