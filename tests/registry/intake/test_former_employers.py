"""A workbook of an institution: it says nothing of whom it let go but what happened there, and overwrites no other."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.training import TRAINING
from registry.intake.preview import Preview, preview
from registry.organisations.models import Site
from registry.parsing import Cell
from registry.sealing.keyring import KeyRing
from registry.workforce.models import Practitioner
from tests.factories import make_post, make_practitioner, make_provider, make_training
from tests.registry.intake.tables import context, places, said, table_of
from tests.registry.intake.test_practitioners import CERTIFICATE, EDUCATION, Row, row
from tests.registry.intake.test_training import ROW as COURSE
from tests.sealing import make_ring

PENDING = EDUCATION | {"核验情况": "核验中", "核验日期": ""}
LEFT_ON = date(2025, 1, 1)
GONE = "已从本机构离任"


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path / "keys")


@pytest.fixture
def former(session: Session) -> Site:
    return make_provider(session)


@pytest.fixture
def present(session: Session) -> Site:
    return make_provider(session)


@pytest.fixture
def person(session: Session, former: Site, present: Site) -> Practitioner:
    """Left one institution and works at another, which told of a course of 20 hours."""
    person = make_practitioner(session, person_no="示例-0001", name="示例甲")
    make_post(session, person, former, end_on=LEFT_ON)
    make_post(session, person, present, start_on=LEFT_ON)
    make_training(session, person, held_on=date(2026, 6, 30), subject="康复实务")
    return person


def course(**more: Cell) -> Row:
    return COURSE | {"人员编号": "示例-0001"} | more


def courses(session: Session, ring: KeyRing, site: Site | None, *rows: Row) -> Preview:
    own = site and site.organisation_id
    return preview(session, TRAINING, table_of(*rows), context(seals=ring, organisation_id=own))


def papers(session: Session, site: Site | None, *rows: Row) -> Preview:
    own = site and site.organisation_id
    return preview(session, PRACTITIONERS, table_of(*rows), context(organisation_id=own))


def test_a_former_employer_changes_no_course(session, ring, former, person) -> None:
    found = courses(session, ring, former, course(学时="1", 主办单位="甲改"))

    assert places(found.errors) == [(2, "E", "培训内容")]
    assert GONE in said(found.errors)
    assert "由其现任职机构或区县登记" in said(found.errors)


@pytest.mark.parametrize(
    ("held_on", "is_taken"),
    [("2019-12-31", False), ("2020-06-30", True), ("2024-12-31", True), ("2025-01-01", False)],
)
def test_a_former_employer_adds_courses_of_its_own_time_only(
    session, ring, former, person, held_on, is_taken
) -> None:
    found = courses(session, ring, former, course(培训结束日期=held_on))

    assert places(found.errors) == ([] if is_taken else [(2, "C", "培训结束日期")])
    assert is_taken or GONE in said(found.errors)


def test_a_course_that_a_former_employer_repeats_word_for_word_changes_nothing(
    session, ring, former, person
) -> None:
    same = course(学时="20", 主办单位="示例培训中心", 证明编号="")

    found = courses(session, ring, former, same)

    assert not found.errors
    assert [one.outcome for one in found.judged] == [Outcome.SAME]


def test_whoever_keeps_somebody_together_with_others_adds_courses_and_changes_none_by_a_file(
    session, ring, present, person
) -> None:
    found = courses(session, ring, present, course(学时="1"), course(培训内容="新的培训"))

    assert places(found.errors) == [(2, "E", "培训内容")]
    assert "也在其他单位登记" in said(found.errors)
    assert "请在人员页面更正" in said(found.errors)


def test_whoever_alone_keeps_somebody_and_a_regulator_change_his_courses(
    session, ring, present, person
) -> None:
    alone = make_practitioner(session, person_no="示例-0002", name="示例乙")
    make_post(session, alone, present)
    make_training(session, alone, held_on=date(2026, 6, 30), subject="康复实务")
    own = course(人员编号="示例-0002", 姓名="示例乙", 学时="1")

    for site, changed in ((present, own), (None, course(学时="1"))):
        found = courses(session, ring, site, changed)
        assert not found.errors, said(found.errors)
        assert [one.outcome for one in found.judged] == [Outcome.UPDATE]


@pytest.mark.parametrize(
    ("paper", "place"), [(PENDING, (2, "L", "专业代码")), (CERTIFICATE, (2, "L", "证书编号"))]
)
def test_a_former_employer_adds_no_papers(session, former, person, paper, place) -> None:
    found = papers(session, former, row(former, 离任日期="2025-01-01") | paper)

    assert places(found.errors) == [place]
    assert "不能由本机构补登学历或证书" in said(found.errors)
    assert "由其现任职机构或区县登记" in said(found.errors)


@pytest.mark.parametrize("paper", [PENDING, CERTIFICATE])
def test_the_present_employer_and_a_regulator_add_papers(session, former, present, person, paper) -> None:
    now = row(present, 任职日期="2025-01-01") | paper
    then = row(former, 离任日期="2025-01-01") | paper

    for site, told in ((present, now), (None, then)):
        found = papers(session, site, told)
        assert not found.errors, said(found.errors)


def test_papers_come_with_whoever_returns_and_with_whoever_leaves_in_the_same_file(
    session, former, present, person
) -> None:
    old = row(former, 离任日期="2025-01-01") | CERTIFICATE
    back = row(former, 任职日期="2026-10-01")
    leaving = row(present, 任职日期="2025-01-01", 离任日期="2026-11-01") | CERTIFICATE

    assert not papers(session, former, old, back).errors
    assert not papers(session, present, leaving).errors


def test_whom_the_register_does_not_know_is_told_of_with_his_papers_though_he_left(session, former) -> None:
    found = papers(session, former, row(former, 离任日期="2025-01-01") | PENDING | CERTIFICATE)

    assert not found.errors, said(found.errors)
