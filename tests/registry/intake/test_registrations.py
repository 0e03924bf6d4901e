"""A file that tells of a registration: the latest one put right, its renewal added, an older file changing nothing."""

from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.preview import preview
from registry.intake.traces import Why
from registry.organisations.models import Site
from registry.workforce.models import Certificate
from registry.workforce.registration import RENEWAL_MONTHS, VALID_MONTHS
from tests.factories import make_division, make_organisation, make_parameter, make_site, make_uscc
from tests.registry.intake.tables import context, said, table_of
from tests.registry.intake.test_undoing import load, person, picture, undone

Days = tuple[str, str]
OLD, NEW = ("2021-01-01", "2024-01-01"), ("2024-03-01", "2027-03-01")
SOCIAL_WORKERS, NURSES = "社会工作者职业水平证书", "护士执业证书"


@pytest.fixture
def site(session: Session) -> Site:
    for code in ("31", "3101", "310101", "310104"):
        make_division(session, code)
    for key, value in (("intake.undo_days", 7), (VALID_MONTHS, 36), (RENEWAL_MONTHS, 3)):
        make_parameter(session, key, value)
    return make_site(session, make_organisation(session, uscc=make_uscc(1)), name="示例服务点")


def row(site: Site, days: Days, *, kind: str = SOCIAL_WORKERS, number: str = "示例0001") -> dict[str, Any]:
    paper = {"证书种类": kind, "证书编号": number, "发证日期": "2020-06-01"}
    return person(1, site) | paper | dict(zip(("有效期起", "有效期止"), days, strict=True))


def told(session: Session, site: Site, *days: Days, kind: str = SOCIAL_WORKERS) -> list[list[str]]:
    """What the register holds after these were loaded one after the other."""
    for one in days:
        load(session, PRACTITIONERS, row(site, one, kind=kind))
        session.expire_all()
    return held(session)


def held(session: Session) -> list[list[str]]:
    certificate = session.scalars(sa.select(Certificate)).one()
    return [[str(one.start), str(one.end)] for one in certificate.registrations]


def faults(session: Session, site: Site, days: Days, *, kind: str = SOCIAL_WORKERS) -> list[tuple[str, str]]:
    found = preview(session, PRACTITIONERS, table_of(row(site, days, kind=kind)), context())
    return [(one.header, str(one.message)) for one in found.errors]


@pytest.mark.parametrize("start", ["2024-03-01", "2024-01-01", "2023-10-01"])
def test_a_renewal_is_added(session: Session, site: Site, start: str) -> None:
    assert told(session, site, OLD, (start, "2027-01-01")) == [[*OLD], [start, "2027-01-01"]]

    (earlier,) = session.scalars(sa.select(Certificate)).one().earlier
    assert earlier.source == "工作簿导入"


@pytest.mark.parametrize("days", [("2021-01-01", "2024-06-01"), ("2021-02-01", "2024-02-01")])
def test_other_days_of_the_same_registration_are_a_correction(
    session: Session, site: Site, days: Days
) -> None:
    assert told(session, site, OLD, days) == [[*days]]


@pytest.mark.parametrize(
    ("loads", "expected"),
    [
        ([("2021-01-01", "")], [["2021-01-01", "2024-01-01"]]),
        ([OLD, ("2024-03-01", "")], [[*OLD], ["2024-03-01", "2027-03-01"]]),
        ([OLD, ("", "2024-02-01")], [["2021-01-01", "2024-02-01"]]),
        ([OLD, ("2021-02-01", "")], [["2021-02-01", "2024-01-01"]]),
        ([("", ""), ("2024-03-01", "")], [["2024-03-01", "2027-03-01"]]),
    ],
    ids=["first", "renewal", "the end alone", "the start alone", "never registered before"],
)
def test_an_end_that_nobody_told_is_the_known_one_or_that_of_the_usual_term(
    session: Session, site: Site, loads: list[Days], expected: list[list[str]]
) -> None:
    assert told(session, site, *loads) == expected


def test_other_certificates_without_an_end_do_not_end(session: Session, site: Site) -> None:
    assert told(session, site, ("2021-01-01", ""), kind=NURSES) == [["2021-01-01", "None"]]


def test_without_the_parameter_the_end_is_asked_for(session: Session) -> None:
    make_division(session, "310101")
    site = make_site(session, make_organisation(session))

    assert faults(session, site, ("2021-01-01", "")) == [("有效期止", "填了有效期起，没有填有效期止。")]


@pytest.mark.parametrize("kind", [SOCIAL_WORKERS, NURSES])
def test_an_end_without_a_start_is_asked_for_the_start(session: Session, site: Site, kind: str) -> None:
    found = preview(session, PRACTITIONERS, table_of(row(site, ("", "2022-01-01"), kind=kind)), context())

    assert [(one.row, one.column, one.header) for one in found.errors] == [(2, "L", "有效期起")]
    assert said(found.errors) == "填了有效期止，没有填有效期起。请对照证书补填。"


@pytest.mark.parametrize(
    ("issued", "expected"),
    [
        ("2027-01-01", [("发证日期", "发证日期在今天之后。"), ("有效期起", "有效期起早于发证日期。")]),
        ("2021-01-02", [("有效期起", "有效期起早于发证日期。")]),
        ("2021-01-01", []),
    ],
)
def test_days_that_the_form_refuses_are_refused_in_a_file(
    session: Session, site: Site, issued: str, expected: list[tuple[str, str]]
) -> None:
    paper = row(site, OLD) | {"发证日期": issued}

    found = preview(session, PRACTITIONERS, table_of(paper), context())

    assert [(one.header, str(one.message)) for one in found.errors] == expected


@pytest.mark.parametrize("head", ["发证日期", "有效期起", "有效期止", "离任日期"])
def test_a_day_that_never_comes_is_refused_though_the_cell_is_a_date(
    session: Session, site: Site, head: str
) -> None:
    days = row(site, ("2021-01-01", "")) | {head: date(9999, 12, 31)}

    found = preview(session, PRACTITIONERS, table_of(days), context())

    assert [(one.header, str(one.message)) for one in found.errors] == [
        (head, "年份9999不在1900至2100之间。")
    ]


@pytest.mark.parametrize("end", ["", "2022-01-01"])
def test_an_old_certificate_that_lacks_its_start_blocks_nothing_else(
    session: Session, site: Site, end: str
) -> None:
    told(session, site, ("", ""))
    session.scalars(sa.select(Certificate)).one().valid_to = date(2022, 1, 1)
    session.flush()

    load(session, PRACTITIONERS, row(site, ("", end)) | {"证书级别": "社会工作师", "离任日期": "2026-01-01"})

    session.expire_all()
    assert session.scalars(sa.select(Certificate.grade)).one() == "社会工作师"


def test_an_older_file_loaded_again_changes_nothing(session: Session, site: Site) -> None:
    assert told(session, site, OLD, NEW, OLD) == [[*OLD], [*NEW]]

    again = preview(session, PRACTITIONERS, table_of(row(site, OLD)), context())
    assert [one.outcome for one in again.judged] == [Outcome.SAME]


def test_a_registration_that_was_renewed_is_not_told_otherwise(session: Session, site: Site) -> None:
    told(session, site, OLD, NEW)

    assert faults(session, site, ("2021-01-01", "2024-02-01")) == [
        ("有效期止", "这一次登记已办理再登记，止日与登记的不同。")
    ]
    assert faults(session, site, ("2022-01-01", "2025-01-01")) == [
        ("有效期起", "有效期起早于上一次登记的有效期止。")
    ]


def test_undoing_takes_the_renewal_away_and_brings_the_old_registration_back(
    session: Session, site: Site
) -> None:
    told(session, site, OLD)
    before = picture(session)
    run = load(session, PRACTITIONERS, row(site, NEW))

    done = undone(session, run)

    assert (done.removed, done.restored) == ({"certificate_registration": 1}, {"certificate": 1})
    assert picture(session) == before


def test_a_renewal_that_was_renewed_again_since_stays(session: Session, site: Site) -> None:
    told(session, site, OLD)
    run = load(session, PRACTITIONERS, row(site, NEW))
    told(session, site, ("2027-03-01", "2030-03-01"))

    done = undone(session, run)

    assert [(one.table, one.why) for one in done.kept] == [("practitioner", Why.CHANGED)]
    assert held(session) == [[*OLD], [*NEW], ["2027-03-01", "2030-03-01"]]


def test_both_registrations_of_a_first_load_and_its_renewal_go_with_the_person(
    session: Session, site: Site
) -> None:
    first = load(session, PRACTITIONERS, row(site, OLD))
    second = load(session, PRACTITIONERS, row(site, NEW))

    undone(session, second)
    undone(session, first)

    assert session.scalars(sa.select(Certificate)).all() == []


def test_the_day_of_a_renewal_is_kept(session: Session, site: Site) -> None:
    told(session, site, OLD, NEW)

    (earlier,) = session.scalars(sa.select(Certificate)).one().earlier
    assert earlier.recorded_at.date() == date(2026, 11, 23)
