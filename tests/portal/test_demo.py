"""The demonstration world has the values that it was designed to have: checked in plain SQL, not with the figures."""

from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path

import pytest
import sqlalchemy as sa
from shapely.geometry import Point
from sqlalchemy.orm import Session
from stdnum.cn import uscc

from portal.demo.accounts import PASSWORD
from portal.demo.build import WORLD_DAY, build_demo
from portal.demo.cases import INSTITUTION_CASES, PERSON_CASES, InstitutionCase, PersonCase
from portal.demo.districts import ASSESSED_ON, DISTRICTS, READINGS, District
from portal.demo.named_providers import NAMES
from portal.demo.plan import Census
from portal.demo.streets import shanghai_streets
from portal.demo.world import plan_world
from registry.access.models import Account
from registry.access.passwords import matches
from registry.divisions.codes import Level
from registry.organisations.models import Organisation, Precision, Site
from registry.policy.models import FigureSnapshot, InstitutionSnapshot, SnapshotKind
from registry.sealing.keyring import KeyRing
from reports.coverage.boundaries import district_boundaries
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import share
from tests.demonstration import TRAIL
from tests.portal.demo_sql import count

TODAY = {
    "黄浦区": (26, 95), "徐汇区": (39, 125), "长宁区": (28, 97), "静安区": (45, 117),
    "普陀区": (25, 78), "虹口区": (24, 80), "杨浦区": (24, 92), "闵行区": (22, 110),
    "宝山区": (27, 108), "嘉定区": (30, 95), "浦东新区": (80, 267), "金山区": (9, 34),
    "松江区": (33, 112), "青浦区": (17, 64), "奉贤区": (14, 61), "崇明区": (8, 42),
}  # fmt: skip
"""Written down a second time, by hand: a change of the design is a change of this table and of the documentation."""


def scalar(session: Session, statement: str, **facts: object) -> object:
    return session.execute(sa.text(statement), facts).scalar_one()


@pytest.mark.parametrize("case", INSTITUTION_CASES, ids=lambda case: f"{case.key}-{case.on or 'today'}")
def test_a_named_institution_has_the_count_it_was_designed_to_have(
    demo_session: Session, case: InstitutionCase
):
    of_case = partial(count, demo_session, case.on or WORLD_DAY, name=case.name)

    assert of_case() == (case.count.qualified, case.count.staff)
    if case.all_staff is not None:
        assert of_case(all_staff=True) == (case.all_staff.qualified, case.all_staff.staff)


@pytest.mark.parametrize("case", PERSON_CASES, ids=lambda case: case.key)
def test_a_named_person_is_where_the_table_says_and_counts_or_not(demo_session: Session, case: PersonCase):
    found = demo_session.execute(
        sa.text(
            """
            SELECT DISTINCT practitioner.birth_year, EXISTS (
                SELECT 1 FROM education
                JOIN major ON major.catalogue = education.catalogue AND major.code = education.major_code
                WHERE education.practitioner_id = practitioner.id AND major.counts = :yes
                    AND form = 'diploma' AND verification = 'verified' AND verified_on <= :day)
            FROM practitioner
            JOIN post ON post.practitioner_id = practitioner.id
            JOIN site ON site.id = post.site_id
            JOIN organisation ON organisation.id = site.organisation_id
            WHERE practitioner.name = :name AND organisation.name = :institution
            """
        ).bindparams(sa.bindparam("yes", True), sa.bindparam("day", WORLD_DAY)),
        {"name": case.name, "institution": NAMES[case.institution]},
    ).all()

    assert case.counts in {bool(counts) for _birth_year, counts in found}
    assert len(found) == (2 if case.name == "王芳" else 1)


@pytest.mark.parametrize("district", DISTRICTS, ids=lambda district: district.name)
def test_a_district_follows_its_course_exactly(demo_session: Session, district: District):
    days = (*READINGS, WORLD_DAY)

    counted = [count(demo_session, day, division=district.code) for day in days]

    assert counted == [(one.qualified, one.staff) for one in district.counts]
    assert counted[-1] == TODAY[district.name]


def test_the_city_stands_at_28_6_percent_and_came_from_20_7(demo_session: Session):
    assert count(demo_session, WORLD_DAY) == (450, 1576)
    assert count(demo_session, date(2023, 1, 1)) == (241, 1164)
    # Ma Rui works in two districts: the parts add up to one more than the city.
    assert (sum(n for n, _ in TODAY.values()), sum(d for _, d in TODAY.values())) == (451, 1577)


def test_the_share_of_the_city_moves_by_less_than_one_point_a_month(demo_session: Session):
    months = [date(year, month, 1) for year in (2023, 2024, 2025, 2026) for month in range(1, 13)]
    counts = [count(demo_session, day) for day in months if day <= WORLD_DAY]

    steps = [abs(a[0] / a[1] - b[0] / b[1]) for a, b in pairwise(counts)]

    assert max(steps) < 0.01


def test_the_two_counting_rules_differ_in_putuo(demo_session: Session):
    assert count(demo_session, WORLD_DAY, division="310107") == (25, 78)  # 32.1%: met
    assert count(demo_session, WORLD_DAY, division="310107", all_staff=True) == (35, 174)  # 20.1%: not met


def test_the_figures_of_the_product_agree_for_every_district(demo_session: Session):
    reading = share(
        demo_session,
        QUALIFIED_SHARE,
        division="31",
        on=WORLD_DAY,
        rule=QUALIFIED_SHARE.default_rule,
        by=Level.DISTRICT,
    )

    assert {part.name: (part.share.numerator, part.share.denominator) for part in reading.parts} == TODAY
    assert (reading.share.numerator, reading.share.denominator) == (450, 1576)


def test_the_frozen_reading_of_2025_differs_from_the_live_one_where_it_was_corrected(demo_session: Session):
    frozen = {
        row.division_code: (row.numerator, row.denominator)
        for row in demo_session.scalars(
            sa.select(FigureSnapshot).where(
                FigureSnapshot.kind == SnapshotKind.FROZEN,
                FigureSnapshot.on == ASSESSED_ON,
                FigureSnapshot.figure_code == QUALIFIED_SHARE.code,
                FigureSnapshot.counting_rule == "assigned",
            )
        )
    }

    assert frozen["310106"] == (42, 111)
    assert count(demo_session, ASSESSED_ON, division="310106") == (41, 112)
    assert frozen["31"] == (414, 1511)
    assert count(demo_session, ASSESSED_ON) == (413, 1512)
    assert frozen["310104"] == count(demo_session, ASSESSED_ON, division="310104") == (33, 116)


def test_every_institution_is_frozen_and_the_corrected_one_keeps_what_was_read(demo_session: Session):
    frozen = {
        code: (row.numerator, row.denominator)
        for row, code in demo_session.execute(
            sa.select(InstitutionSnapshot, Organisation.name)
            .join(Organisation, Organisation.code == InstitutionSnapshot.organisation_code)
            .where(
                InstitutionSnapshot.counting_rule == "assigned",
                InstitutionSnapshot.figure_code == QUALIFIED_SHARE.code,
                InstitutionSnapshot.on == ASSESSED_ON,
            )
        )
    }
    listed = demo_session.execute(
        sa.text(
            """
            SELECT count(DISTINCT organisation_id) FROM standing
            WHERE kind = 'provider' AND granted_on <= '2025-12-31' AND coalesce(ended_on, '2099-01-01') > '2025-12-31'
            """
        )
    ).scalar_one()

    assert len(frozen) == listed
    assert frozen["静安彩虹社区康复服务中心（示例）"] == (5, 14)


def test_most_streets_have_a_provider_and_the_blank_ones_are_those_of_the_design(demo_session: Session):
    blank = demo_session.execute(
        sa.text(
            """
            SELECT district.name, division.name FROM division
            JOIN division AS district ON district.code = substr(division.code, 1, 6)
            WHERE division.code LIKE '31%' AND division.level = 'township' AND division.valid_to IS NULL
                AND division.kind IN ('subdistrict', 'town', 'township')
                AND NOT EXISTS (
                    SELECT 1 FROM site JOIN standing ON standing.organisation_id = site.organisation_id
                    WHERE site.division_code = division.code AND standing.kind = 'provider')
            """
        )
    )

    assert set(blank) == {(one.name, street) for one in DISTRICTS for street in one.blank_streets}
    assert sum(len(one.blank_streets) for one in DISTRICTS) == 39  # of 215


def test_the_world_is_as_large_as_promised(demo_session: Session):
    listed = (
        "SELECT COUNT(DISTINCT organisation_id) FROM standing WHERE kind = 'provider' AND ended_on IS NULL"
    )
    employed = "SELECT COUNT(DISTINCT practitioner_id) FROM post"
    moved = "SELECT COUNT(*) FROM post WHERE end_on IS NOT NULL AND end_on > '2023-01-01'"

    assert scalar(demo_session, listed) >= 160
    assert scalar(demo_session, employed) >= 1800
    assert scalar(demo_session, moved) >= 400
    assert scalar(demo_session, "SELECT COUNT(*) FROM site WHERE is_example = :no", no=False) == 117


def test_only_two_listed_providers_have_nobody_on_their_staff(demo_session: Session):
    names = demo_session.scalars(
        sa.text("SELECT name FROM organisation JOIN standing ON organisation_id = organisation.id"
                " WHERE standing.kind = 'provider' AND standing.ended_on IS NULL")
    )  # fmt: skip

    empty = {name for name in names if count(demo_session, WORLD_DAY, name=name) == (0, 0)}

    assert empty == {"青浦新芽社区康复服务中心（示例）", "奉贤守望志愿康复服务站（示例）"}


def test_minhang_would_reach_the_target_if_the_diplomas_in_hand_were_verified(demo_session: Session):
    pending = """
        SELECT COUNT(DISTINCT education.practitioner_id) FROM education
        JOIN post ON post.practitioner_id = education.practitioner_id AND post.end_on IS NULL
        JOIN site ON site.id = post.site_id
        WHERE verification = 'pending' AND form = 'diploma' AND site.division_code LIKE '310112%'
    """

    assert count(demo_session, WORLD_DAY, division="310112") == (22, 110)
    assert scalar(demo_session, pending) == 19  # 41 of 110 is 37.3%


@pytest.mark.parametrize(("district", "reached", "judged"), [("310113", 10, 11), ("310114", 1, 10)])
def test_pooled_share_and_share_of_institutions_tell_two_stories(
    demo_session: Session, district: str, reached: int, judged: int
):
    names = demo_session.scalars(
        sa.text("SELECT name FROM organisation WHERE division_code LIKE :inside"), {"inside": f"{district}%"}
    )
    counts = [pair for name in names if (pair := count(demo_session, WORLD_DAY, name=name)) != (0, 0)]

    assert (sum(10 * n >= 3 * d for n, d in counts), len(counts)) == (reached, judged)


def test_a_real_site_is_the_responsibility_of_another_district_than_its_own(demo_session: Session):
    site = demo_session.scalars(sa.select(Site).where(Site.name.contains("张家浜"))).one()

    assert (site.division_code, site.located_code, site.is_example) == ("310101", "310115", False)


def test_everything_invented_is_marked_and_everything_real_is_not(demo_session: Session):
    organisations = demo_session.scalars(sa.select(Organisation)).all()

    assert all(("示例" in one.name) == one.is_example for one in organisations)
    assert all(one.uscc is None for one in organisations if not one.is_example)
    assert scalar(demo_session, "SELECT COUNT(*) FROM practitioner WHERE is_example <> :yes", yes=True) == 0
    assert scalar(demo_session, "SELECT COUNT(*) FROM account WHERE is_example <> :yes", yes=True) == 0


def test_example_credit_codes_are_well_formed_and_recognisable(demo_session: Session):
    codes = demo_session.scalars(sa.select(Organisation.uscc).where(Organisation.uscc.is_not(None))).all()

    assert all(uscc.is_valid(code) and code[8:12] == "0000" for code in codes)


def test_example_points_lie_in_the_district_of_the_site(demo_session: Session):
    areas = district_boundaries()
    sites = demo_session.scalars(sa.select(Site).where(Site.is_example.is_(True))).all()
    placed = [site for site in sites if site.latitude is not None]

    assert all(areas[site.located_code[:6]].contains(Point(site.longitude, site.latitude)) for site in placed)
    assert {site.precision for site in sites} == {Precision.EXACT, Precision.STREET, None}


def test_street_populations_are_examples_that_sum_to_the_census_of_their_district(demo_session: Session):
    whole = scalar(demo_session, "SELECT residents FROM population WHERE division_code = '310101'")
    parts = scalar(
        demo_session,
        "SELECT SUM(residents) FROM population WHERE division_code LIKE '310101___' AND is_example = :yes",
        yes=True,
    )

    assert whole == parts == 662030


def test_nobody_works_before_the_site_opened_or_twice_at_once_in_one_institution(demo_session: Session):
    early = "SELECT COUNT(*) FROM post JOIN site ON site.id = site_id WHERE start_on < site.opened_on"
    twice = """
        SELECT COUNT(*) FROM post AS a JOIN site AS sa ON sa.id = a.site_id
        JOIN post AS b ON b.practitioner_id = a.practitioner_id AND b.id > a.id
        JOIN site AS sb ON sb.id = b.site_id AND sb.organisation_id = sa.organisation_id
        WHERE (a.end_on IS NULL OR a.end_on > b.start_on) AND (b.end_on IS NULL OR b.end_on > a.start_on)
    """

    assert scalar(demo_session, early) == 0
    assert scalar(demo_session, twice) == 0


def test_nothing_was_obtained_verified_or_begun_after_the_day_of_the_world(demo_session: Session):
    later = """
        SELECT (SELECT COUNT(*) FROM post WHERE start_on > :day)
             + (SELECT COUNT(*) FROM education WHERE obtained_on > :day OR verified_on > :day)
             + (SELECT COUNT(*) FROM education WHERE verified_on < obtained_on)
             + (SELECT COUNT(*) FROM certificate WHERE issued_on > :day OR valid_from > :day)
             + (SELECT COUNT(*) FROM site WHERE opened_on > :day)
    """

    assert scalar(demo_session, later, day=WORLD_DAY) == 0


def test_certificates_and_a_post_end_about_now(demo_session: Session):
    ended = demo_session.execute(
        sa.text(
            "SELECT practitioner.name FROM certificate JOIN practitioner ON practitioner.id = practitioner_id"
            " WHERE valid_to = :day"
        ),
        {"day": WORLD_DAY},
    ).scalars()
    soon = "SELECT COUNT(*) FROM certificate WHERE valid_to > '2026-11-23' AND valid_to <= '2027-02-21'"
    ending = (
        "SELECT end_on FROM post JOIN practitioner ON practitioner.id = practitioner_id WHERE name = '高秀英'"
    )

    assert "许国强" in set(ended)
    assert scalar(demo_session, soon) > 20
    assert str(scalar(demo_session, ending)) == "2026-12-15"
    assert count(demo_session, date(2026, 12, 15), name=NAMES["ends-next-month"]) == (3, 12)


def test_the_seat_of_a_provider_stood_in_a_street_that_was_merged_away(demo_session: Session):
    placements = demo_session.execute(
        sa.text(
            "SELECT site_placement.division_code, today_code FROM site_placement JOIN site ON site.id = site_id"
            " WHERE site.name = '浦东惠明精神康复服务社花木服务点（示例）' ORDER BY valid_from"
        )
    )

    assert list(placements) == [("310115098", "310115016"), ("310115016", "310115016")]


def test_changes_of_address_wait_were_returned_and_were_confirmed(demo_session: Session):
    states = demo_session.scalars(sa.text("SELECT state FROM address_change ORDER BY id")).all()
    waiting = demo_session.execute(
        sa.text(
            "SELECT role, division_code, milestone FROM todo"
            " WHERE closed_at IS NULL AND subject_type = 'address_change' ORDER BY role, id"
        )
    )

    assert states == ["confirmed", "returned", "submitted"]
    assert list(waiting) == [
        ("district", "310101018", None),
        ("district", "310101018", 3),  # a reminder of the one before
        ("provider", "310101013", None),
    ]


def test_every_role_has_an_account_that_opens_with_the_printed_password(demo_session: Session):
    accounts = {one.username: one for one in demo_session.scalars(sa.select(Account))}

    assert sorted(accounts) == [
        "demo-association", "demo-auditadmin", "demo-charity", "demo-city", "demo-district", "demo-district-b",
        "demo-district-former",
        "demo-dpf", "demo-finance", "demo-health", "demo-hr", "demo-police", "demo-provider", "demo-province",
        "demo-secadmin", "demo-socialwork", "demo-station", "demo-street", "demo-sysadmin",
    ]  # fmt: skip
    held = [(one.role, one.division_code) for one in accounts["demo-district-b"].positions]
    assert held == [("district", "310101"), ("street", "310101013")]
    assert matches(accounts["demo-provider"].password_hash, PASSWORD)
    assert accounts["demo-provider"].positions[0].organisation.name == "黄浦暖阳社区康复服务中心（示例）"
    assert accounts["demo-station"].positions[0].organisation.name == "外滩街道社会工作服务站（示例）"


def test_the_same_day_gives_the_same_world(demo_session: Session):
    streets = shanghai_streets(demo_session, WORLD_DAY)

    assert plan_world(streets, today=WORLD_DAY) == plan_world(streets, today=WORLD_DAY)


def test_a_later_start_moves_the_last_reading_to_its_own_day(demo_session: Session):
    leap_day = date(2028, 2, 29)
    census = Census(plan_world(shanghai_streets(demo_session, WORLD_DAY), today=leap_day))

    assert [census.of_division(one.code, leap_day) for one in DISTRICTS] == [
        one.counts[-1] for one in DISTRICTS
    ]
    assert [census.of_division(one.code, ASSESSED_ON) for one in DISTRICTS] == [
        one.counts[-2] for one in DISTRICTS
    ]


def test_the_world_cannot_be_built_for_a_day_before_its_histories_end(session: Session, tmp_path: Path):
    with pytest.raises(ValueError, match="2026-11-23"):
        build_demo(session, trail=TRAIL, seals=KeyRing(tmp_path), today=date(2026, 11, 22))
