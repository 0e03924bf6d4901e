"""The workbook of institutions and sites, and the shipped file of the 117 real institutions."""

import csv
import math
from collections.abc import Sequence
from datetime import date
from importlib import resources

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.divisions.loading import load_divisions
from registry.intake.coordinates import Crs
from registry.intake.declaration import Outcome
from registry.intake.kinds.sites import SITES
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.intake.tables import RawTable, TableFormat
from registry.organisations.models import (
    Organisation,
    OrganisationKind,
    Precision,
    Site,
    SiteKind,
    SitePlacement,
)
from tests.factories import make_division, make_organisation, make_site, make_uscc
from tests.registry.intake.tables import NOW, TODAY, context, places, said, table, table_of

ACTOR = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
ONE = {"机构名称": "示例中心", "类型": "社区康复点", "所在区划": "310101"}


@pytest.fixture
def divided(session: Session) -> Session:
    for code in ("31", "3101", "310101", "310115", "310101002"):
        make_division(session, code)
    return session


def seen(session: Session, raw: RawTable, **facts: object) -> Preview:
    return preview(session, SITES, raw, context(**facts))


def loaded(session: Session, raw: RawTable, **facts: object) -> Preview:
    found = seen(session, raw, **facts)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    commit(session, found, run=run, actor=ACTOR, at=NOW, trail=Trail(b"key"))
    session.expire_all()
    return found


def outcomes(found: Preview) -> list[Outcome]:
    return [judged.outcome for judged in found.judged]


def sites(session: Session) -> Sequence[Site]:
    return session.scalars(sa.select(Site).order_by(Site.id)).all()


def shipped(*, lat: str = "lat", lng: str = "lng") -> RawTable:
    """The shipped file with its points taken from the named columns."""
    text = resources.files("registry.organisations").joinpath("data", "osm_mental_health_institutions_cn.csv")
    rows = list(csv.DictReader(text.read_text("utf-8").splitlines()))
    return table(
        list(rows[0]),
        *([{**row, "lat": row[lat], "lng": row[lng]}[head] for head in rows[0]] for row in rows),
        sheet="",
        format=TableFormat.CSV,
    )


def metres(first: Site, second: Site) -> float:
    assert first.latitude
    assert first.longitude
    assert second.latitude
    assert second.longitude
    north = math.radians(second.latitude - first.latitude)
    east = math.radians(second.longitude - first.longitude) * math.cos(math.radians(first.latitude))
    return 6_371_000 * math.hypot(north, east)


# --- the shipped file ---------------------------------------------------------------------------------------------


@pytest.fixture
def country(session: Session) -> Session:
    load_divisions(session, at=NOW, by="测试")
    return session


def test_all_117_institutions_load_as_hospitals_of_unidentified_organisations(country: Session):
    found = loaded(country, shipped())
    assert (found.count(Outcome.CREATE), len(found.errors)) == (117, 0)
    assert len(sites(country)) == 117
    assert {site.kind for site in sites(country)} == {SiteKind.HOSPITAL}
    assert {site.organisation.kind for site in sites(country)} == {OrganisationKind.UNIDENTIFIED}
    assert {site.source for site in sites(country)} == {"© OpenStreetMap contributors, ODbL 1.0"}
    assert sum(site.division_code.startswith("31") for site in sites(country)) == 20


def test_hong_kongs_three_fall_back_to_81_with_a_warning_each(country: Session):
    found = loaded(country, shipped())
    assert [(problem.row, problem.header, problem.value) for problem in found.warnings] == [
        (105, "district_adcode", "810008"),
        (106, "district_adcode", "810017"),
        (107, "district_adcode", "810011"),
    ]
    assert sum(site.division_code == "81" for site in sites(country)) == 3


def test_the_zhangjiabang_site_lies_in_pudong_and_answers_to_huangpu(country: Session):
    loaded(country, shipped())
    site = country.scalars(sa.select(Site).where(Site.name.contains("张家浜"))).one()
    assert (site.division_code, site.located_code) == ("310101", "310115")
    assert [placement.division_code for placement in site.placements] == ["310101"]


def test_points_read_as_gcj02_land_within_three_and_a_half_metres_of_the_wgs84_ones(country: Session):
    loaded(country, shipped())
    stored = {site.source_ref: (site.latitude, site.longitude) for site in sites(country)}
    loaded(country, shipped(lat="gcj_lat", lng="gcj_lng"), crs=Crs.GCJ02)
    for site in sites(country):
        before = Site(latitude=stored[site.source_ref][0], longitude=stored[site.source_ref][1])
        assert metres(before, site) < 3.5


def test_the_same_file_loaded_again_changes_nothing(country: Session):
    loaded(country, shipped())
    again = seen(country, shipped())
    assert again.count(Outcome.SAME) == 117


def test_the_open_directory_loads_for_the_whole_country_whoever_loads_it(country: Session):
    found = seen(country, shipped(), division_code="31")
    assert found.is_committable


# --- our own columns ----------------------------------------------------------------------------------------------


def test_a_row_becomes_an_organisation_a_site_and_its_placement(divided: Session):
    uscc = make_uscc(900001)
    row = {
        "机构名称": "示例康复服务中心",
        "统一社会信用代码": uscc,
        "站点名称": "南京东路服务点",
        "类型": "社区康复点",
        "所在区划": "310115",
        "责任区划": "310101",
        "地址": "示例路１号",
        "纬度": 31.2304,
        "经度": "121.4737",
        "启用日期": "2024年3月1日",
    }
    loaded(divided, table_of(row))
    site = sites(divided)[0]
    assert (site.name, site.kind, site.address) == ("南京东路服务点", SiteKind.REHABILITATION, "示例路1号")
    assert (site.division_code, site.located_code) == ("310101", "310115")
    assert (site.latitude, site.longitude, site.precision) == (31.2304, 121.4737, Precision.EXACT)
    assert (site.organisation.name, site.organisation.uscc) == ("示例康复服务中心", uscc)
    assert site.organisation.kind is OrganisationKind.SOCIAL_SERVICE  # 52…: social service agency
    assert [(p.division_code, p.today_code, p.valid_from) for p in site.placements] == [
        ("310101", "310101", date(2024, 3, 1))
    ]
    assert len(site.code) == len(site.organisation.code) == 10


def test_two_sites_of_one_credit_code_belong_to_one_organisation(divided: Session):
    uscc = make_uscc(900002)
    first = ONE | {"统一社会信用代码": uscc, "站点名称": "甲点"}
    loaded(divided, table_of(first, first | {"站点名称": "乙点"}))
    assert len(divided.scalars(sa.select(Organisation)).all()) == 1
    assert [site.name for site in sites(divided)] == ["甲点", "乙点"]


def test_a_wrong_check_digit_is_an_error_at_its_cell(divided: Session):
    right = make_uscc(900003)
    wrong = right[:-1] + ("0" if right[-1] != "0" else "1")
    found = seen(divided, table_of(ONE | {"统一社会信用代码": wrong}))
    assert places(found.errors) == [(2, "D", "统一社会信用代码")]
    assert "校验位不对" in said(found.errors)


def test_one_credit_code_under_two_names_is_an_error_that_names_the_first_row(divided: Session):
    uscc = make_uscc(900004)
    first = ONE | {"统一社会信用代码": uscc}
    found = seen(divided, table_of(first, first | {"机构名称": "另一家中心"}))
    assert places(found.errors) == [(3, "D", "统一社会信用代码")]
    assert "与第2行的统一社会信用代码重复" in said(found.errors)


def test_a_credit_code_that_is_registered_under_another_name_is_an_error(divided: Session):
    organisation = make_organisation(divided, name="示例登记名称")
    found = seen(divided, table_of(ONE | {"统一社会信用代码": organisation.uscc or ""}))
    assert "已登记在“示例登记名称”名下" in said(found.errors)


def test_an_unknown_division_is_an_error_with_the_nearest_one(divided: Session):
    found = seen(divided, table_of(ONE | {"所在区划": "310199"}))
    assert places(found.errors) == [(2, "C", "所在区划")]
    assert "3101" in said(found.errors)


def test_swapped_coordinates_are_said_to_be_swapped_at_both_cells_and_nothing_more(divided: Session):
    found = seen(divided, table_of(ONE | {"纬度": "121.4737", "经度": "31.2304"}))
    assert places(found.errors) == [(2, "D", "纬度"), (2, "E", "经度")]
    assert said(found.errors).count("填反") == 2


def test_half_a_point_is_an_error_at_the_missing_half(divided: Session):
    found = seen(divided, table_of(ONE | {"纬度": "31.2304", "经度": ""}))
    assert places(found.errors) == [(2, "E", "经度")]


def test_a_site_that_closes_before_it_opens_is_an_error(divided: Session):
    found = seen(divided, table_of(ONE | {"启用日期": "2024-03-01", "停用日期": "2024-03-01"}))
    assert places(found.errors) == [(2, "E", "停用日期")]


def test_a_day_that_does_not_exist_is_an_error(divided: Session):
    found = seen(divided, table_of(ONE | {"启用日期": "2026/2/30"}))
    assert "日期不存在" in said(found.errors)


def test_a_row_outside_the_loaders_divisions_is_an_error(divided: Session):
    found = seen(divided, table_of(ONE | {"所在区划": "310115"}), division_code="310101")
    assert "责任区划不在您的管辖范围内" in said(found.errors)


def test_an_existing_site_outside_the_loaders_divisions_may_not_be_taken_over(divided: Session):
    site = make_site(divided, make_organisation(divided), division_code="310115")
    found = seen(divided, table_of(ONE | {"站点编号": site.code}), division_code="310101")
    assert "责任区划不在您的管辖范围内" in said(found.errors)


def test_an_institution_loads_its_own_sites_only(divided: Session):
    own, other = make_organisation(divided), make_organisation(divided)
    rows = [
        ONE | {"机构名称": body.name, "统一社会信用代码": body.uscc or "", "站点名称": "新点"}
        for body in (own, other)
    ]
    found = seen(divided, table_of(*rows), organisation_id=own.id)
    assert {problem.row for problem in found.errors} == {3}
    assert "不是您所在的机构" in said(found.errors)


# --- loading again ------------------------------------------------------------------------------------------------


def test_a_changed_address_updates_the_site_and_begins_a_new_placement_today(divided: Session):
    site = make_site(divided, make_organisation(divided), division_code="310101002")
    row = {
        "站点编号": site.code,
        "机构名称": site.organisation.name,
        "站点名称": site.name,
        "类型": "社区康复点",
        "所在区划": "310101002",
        "地址": "示例路99号",
    }
    found = loaded(divided, table_of(row))
    assert outcomes(found) == [Outcome.UPDATE]
    again = sites(divided)[0]
    assert (again.address, again.version) == ("示例路99号", 2)
    assert [(p.address, p.valid_from, p.valid_to) for p in again.placements] == [
        ("示例路1号", date(2020, 1, 1), TODAY),
        ("示例路99号", TODAY, None),
    ]


def test_a_blank_cell_keeps_what_the_register_has(divided: Session):
    site = make_site(
        divided,
        make_organisation(divided),
        division_code="310101",
        latitude=31.2,
        longitude=121.4,
        precision=Precision.EXACT,
    )
    row = {
        "站点编号": site.code,
        "机构名称": site.organisation.name,
        "站点名称": "新名称",
        "类型": "社区康复点",
        "所在区划": "310101",
        "地址": "",
        "纬度": "",
        "经度": "",
    }
    loaded(divided, table_of(row))
    again = sites(divided)[0]
    assert (again.name, again.address, again.latitude) == ("新名称", "示例路1号", 31.2)
    assert len(divided.scalars(sa.select(SitePlacement)).all()) == 1


def test_an_unknown_site_code_is_an_error(divided: Session):
    found = seen(divided, table_of(ONE | {"站点编号": "nosuchcode"}))
    assert "没有这个站点编号" in said(found.errors)


def test_a_kind_may_be_told_in_english_or_by_the_words_of_the_open_directory(divided: Session):
    for word in ("hospital", "精神专科医院", "心理/精神卫生中心", "精神卫生相关机构", "医院"):
        found = seen(divided, table_of(ONE | {"类型": word}))
        assert found.judged[0].row.kind is SiteKind.HOSPITAL
