"""What a file may not change: a site past its district, people of others, and diplomas on an institution's own word."""

from datetime import date

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Context, Outcome
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.sites import SITES
from registry.intake.preview import Preview, preview
from registry.organisations.models import Precision, Site
from registry.workforce.models import Practitioner
from tests.factories import (
    make_certificate,
    make_division,
    make_education,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
)
from tests.registry.intake.tables import context, said, table_of

STREET, NEXT_STREET, OTHER_DISTRICT = "310101002", "310101013", "310115005"


@pytest.fixture
def own(session: Session) -> Site:
    """A site in 黄浦 with an address and a point."""
    for code in ("31", "3101", "310101", STREET, NEXT_STREET, "310115", OTHER_DISTRICT):
        make_division(session, code)
    facts = {"latitude": 31.23, "longitude": 121.47, "precision": Precision.EXACT}
    return make_site(session, make_organisation(session), division_code=STREET, address="示例路1号", **facts)


def sites_file(session: Session, own: Site, *, of_organisation: bool = True, **changed: str) -> Preview:
    row = {
        "机构名称": own.organisation.name,
        "统一社会信用代码": own.organisation.uscc,
        "站点编号": own.code,
        "站点名称": own.name,
        "类型": own.kind,
        "所在区划": own.located_code,
        "责任区划": own.division_code,
        "地址": own.address,
        "纬度": str(own.latitude),
        "经度": str(own.longitude),
    }
    reach = context(organisation_id=own.organisation_id if of_organisation else None)
    return preview(session, SITES, table_of(row | changed), reach)


@pytest.mark.parametrize(
    "moved",
    [{"地址": "示例路2号"}, {"所在区划": NEXT_STREET}, {"责任区划": OTHER_DISTRICT}, {"纬度": "31.24"}],
    ids=lambda moved: next(iter(moved)),
)
def test_an_organisation_cannot_move_its_site_by_file(
    session: Session, own: Site, moved: dict[str, str]
) -> None:
    found = sites_file(session, own, **moved)

    assert [(problem.row, problem.header) for problem in found.errors] == [(2, next(iter(moved)))]
    assert "地址变更" in said(found.errors)


def test_an_organisation_goes_on_keeping_the_name_of_its_site_by_file(session: Session, own: Site) -> None:
    found = sites_file(session, own, 站点名称="新的名称")

    assert [judged.outcome for judged in found.judged] == [Outcome.UPDATE]


def test_the_register_keepers_file_moves_a_site(session: Session, own: Site) -> None:
    found = sites_file(session, own, of_organisation=False, 地址="示例路2号")

    assert [judged.outcome for judged in found.judged] == [Outcome.UPDATE]


# --- people -------------------------------------------------------------------------------------------------------


@pytest.fixture
def shared(session: Session, own: Site) -> Practitioner:
    """Somebody of the institution who also worked in another district, with a diploma and a certificate."""
    person = make_practitioner(session, person_no="共用-1", name="示例甲", birth_year=1990)
    make_post(session, person, own, start_on=date(2024, 1, 1))
    elsewhere = make_site(session, make_organisation(session), division_code=OTHER_DISTRICT)
    make_post(session, person, elsewhere, start_on=date(2020, 1, 1), end_on=date(2022, 1, 1))
    make_education(session, person, school="示例大学")
    make_certificate(session, person, number="证-1")
    return person


@pytest.fixture
def mine(session: Session, own: Site) -> Practitioner:
    """Somebody who never worked elsewhere."""
    person = make_practitioner(session, person_no="本机构-1", name="示例乙", birth_year=1991)
    make_post(session, person, own, start_on=date(2024, 1, 1))
    return person


DIPLOMA = {
    "学历层次": "本科",
    "专业目录": "本科专业目录",
    "专业代码": "030302",
    "专业名称": "社会工作",
    "毕业院校": "另一所示例大学",
    "取得日期": "2012-07-01",
}
VERIFIED = {"核验情况": "已核验", "核验日期": "2026-11-20"}
PENDING = {"核验情况": "核验中"}


def people_file(
    session: Session, person: Practitioner, own: Site, *, reach: Context, **changed: str
) -> Preview:
    row = {
        "人员编号": person.person_no,
        "姓名": person.name,
        "出生年份": str(person.birth_year),
        "站点编号": own.code,
        "岗位": "社会工作者",
        "用工形式": "专职",
        "是否从事社区康复服务": "是",
        "任职日期": "2024-01-01",
    }
    return preview(session, PRACTITIONERS, table_of(row | changed), reach)


def test_an_organisation_does_not_rename_somebody_who_is_registered_elsewhere_too(
    session: Session, own: Site, shared: Practitioner
) -> None:
    reach = context(organisation_id=own.organisation_id)

    found = people_file(session, shared, own, reach=reach, 姓名="改名者")

    assert [problem.header for problem in found.errors] == ["人员编号"]
    assert "示例甲" not in said(found.errors)


def test_a_district_does_not_rename_somebody_who_never_worked_there(
    session: Session, own: Site, shared: Practitioner
) -> None:
    street = make_site(session, make_organisation(session), division_code=NEXT_STREET)

    found = people_file(session, shared, street, reach=context(division_code=NEXT_STREET), 姓名="改名者")

    assert [problem.header for problem in found.errors] == ["人员编号"]


def test_the_division_above_both_mends_the_name(session: Session, own: Site, shared: Practitioner) -> None:
    found = people_file(session, shared, own, reach=context(division_code="31"), 姓名="示例佳")

    assert found.is_committable
    assert [judged.outcome for judged in found.judged] == [Outcome.UPDATE]


def test_an_organisation_mends_the_name_of_its_own_people(
    session: Session, own: Site, mine: Practitioner
) -> None:
    found = people_file(session, mine, own, reach=context(organisation_id=own.organisation_id), 姓名="示例怡")

    assert found.is_committable


@pytest.mark.parametrize(
    ("header", "said_of"),
    [
        ("专业代码", DIPLOMA | PENDING | {"毕业院校": "示例大学", "取得日期": "2001-07-01"}),
        (
            "证书编号",
            {
                "证书种类": "社会工作者职业水平证书",
                "证书级别": "别的级别",
                "证书编号": "证-1",
                "发证日期": "2018-06-01",
            },
        ),
    ],
    ids=["diploma", "certificate"],
)
def test_an_organisation_does_not_rewrite_what_others_registered_of_a_person(
    session: Session, own: Site, shared: Practitioner, header: str, said_of: dict[str, str]
) -> None:
    found = people_file(session, shared, own, reach=context(organisation_id=own.organisation_id), **said_of)

    assert header in {problem.header for problem in found.errors}


@pytest.mark.parametrize("word", [VERIFIED, {"核验情况": "核验未通过"}], ids=["verified", "rejected"])
def test_an_organisation_does_not_verify_the_diplomas_that_make_it_reach_the_target(
    session: Session, own: Site, mine: Practitioner, word: dict[str, str]
) -> None:
    reach = context(organisation_id=own.organisation_id)

    found = people_file(session, mine, own, reach=reach, **DIPLOMA, **word)

    assert [problem.header for problem in found.errors] == ["核验情况"]
    assert "核验中" in said(found.errors)


def test_an_organisation_hands_in_a_diploma_to_be_verified_and_its_district_verifies_it(
    session: Session, own: Site, mine: Practitioner
) -> None:
    handed_in = people_file(
        session, mine, own, reach=context(organisation_id=own.organisation_id), **DIPLOMA, **PENDING
    )
    verified = people_file(session, mine, own, reach=context(division_code="310101"), **DIPLOMA, **VERIFIED)

    assert handed_in.is_committable
    assert verified.is_committable


def test_an_organisation_may_send_again_what_the_district_verified(
    session: Session, own: Site, mine: Practitioner
) -> None:
    verified_on = date(2026, 11, 20)
    make_education(
        session, mine, school="另一所示例大学", obtained_on=date(2012, 7, 1), verified_on=verified_on
    )

    found = people_file(
        session, mine, own, reach=context(organisation_id=own.organisation_id), **DIPLOMA, **VERIFIED
    )

    assert found.is_committable
