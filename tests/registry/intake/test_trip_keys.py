"""A file that was taken out of the register and lost its keys on the way, or came back with other ones."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from registry.intake.declaration import Outcome
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.preview import Preview, preview
from registry.intake.tables import RawTable, TableFormat
from registry.organisations.models import Site
from registry.sealing.keyring import KeyRing
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
from tests.registry.intake.round_trips import File, taken_people, taken_sites
from tests.registry.intake.tables import context, places, said, table
from tests.sealing import make_ring


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path)


@pytest.fixture
def site(session: Session) -> Site:
    for code in ("310101", "310101002"):
        make_division(session, code)
    return make_site(session, make_organisation(session))


@pytest.fixture
def person(session: Session, site: Site) -> Practitioner:
    who = make_practitioner(session, person_no="示例-1", name="示例甲")
    make_post(session, who, site)
    make_education(session, who)
    make_certificate(session, who, number="SW1")
    session.flush()
    return who


def as_csv(file: File, **facts: Any) -> RawTable:
    """What a spreadsheet program writes of the first sheet: the marks of required columns stay in the heads."""
    heads = [column.zh + ("*" if column.required else "") for column in file.kind.columns]
    rows = [list(row.values()) for row in file.rows]
    return table(heads, *rows, **({"format": TableFormat.CSV, "sheet": ""} | facts))


def warned(found: Preview) -> str:
    return said([problem for problem in found.warnings if problem.row == 0])


def test_an_export_saved_as_csv_is_recognised_before_anything_is_compared(
    session: Session, ring: KeyRing, person: Practitioner
):
    found = preview(session, PRACTITIONERS, as_csv(taken_people(session, ring, person)), context(seals=ring))
    assert "只按“人员编号”与登记册逐行对应，导出以后别人的改动无法核对" in warned(found)
    assert "请把改动填进导出的xlsx文件再导回" in warned(found)
    assert not found.errors


@pytest.mark.parametrize(
    "change", ["a template says what it is", "a head is missing", "nobody is registered"]
)
def test_other_files_are_not_taken_for_one(
    session: Session, ring: KeyRing, person: Practitioner, change: str
):
    file = taken_people(session, ring, person)
    if change == "nobody is registered":
        file.rows[0]["人员编号"] = "示例-8"
    raw = as_csv(file, template="practitioners" if "template" in change else "")
    if change == "a head is missing":
        raw = replace(raw, headers=(*raw.headers[:-1], "备注"))
    assert "逐行对应" not in warned(preview(session, PRACTITIONERS, raw, context(seals=ring)))


@pytest.mark.parametrize(
    ("head", "typed", "was"),
    [
        ("人员编号", "示例-7", "示例-1"),
        ("岗位", "护士", "社会工作者"),
        ("任职日期", "2021-09-01", "2020-01-01"),
        ("专业代码", "030303", "030302"),
        ("证书编号", "SW2", "SW1"),
    ],
)
def test_a_key_that_was_changed_by_hand_is_named_at_its_cell(
    session: Session, ring: KeyRing, person: Practitioner, head: str, typed: str, was: str
):
    file = taken_people(session, ring, person)
    file.rows[0][head] = typed
    found = file.back(session, ring)
    (problem,) = [one for one in found.errors if "另立一条新记录" in str(one.message)]
    assert (problem.row, problem.header) == (2, head)
    assert f"请改回“{was}”" in str(problem.remedy)
    assert found.count(Outcome.CREATE) == 0


def test_a_new_row_beside_the_old_one_is_a_new_record(session: Session, ring: KeyRing, person: Practitioner):
    file = taken_people(session, ring, person)
    file.rows.append(file.rows[0] | {"人员编号": "示例-9", "证书编号": "SW9"})
    found = file.back(session, ring)
    assert not found.errors
    assert found.count(Outcome.CREATE) == 1


def test_somebody_else_in_the_place_of_a_deleted_row_is_somebody_else(
    session: Session, ring: KeyRing, person: Practitioner
):
    file = taken_people(session, ring, person)
    file.rows[0] |= {"人员编号": "示例-9", "姓名": "示例乙", "出生年份": 1970, "证书编号": "SW9"}
    assert file.back(session, ring).count(Outcome.CREATE) == 1


@pytest.mark.parametrize("typed", ["", "zzzzzzzzzz"])
def test_a_site_without_its_code_and_under_another_name_is_named(
    session: Session, ring: KeyRing, site: Site, typed: str
):
    site.address, site.latitude, site.longitude, site.precision = (
        "示例路9号",
        31.2304567,
        121.4737123,
        "street",
    )
    session.flush()
    session.expire(site)
    file = taken_sites(session, ring, site)
    file.rows[0] |= {"站点编号": typed, "站点名称": "改了名的站点"}
    found = file.back(session, ring)
    assert (2, "站点编号") in [(row, head) for row, _letter, head in places(found.errors)]
    assert f"请改回“{site.code}”" in said(found.errors)
    assert found.count(Outcome.CREATE) == 0


def test_cells_that_were_saved_anew_have_the_same_digest():
    first = table(("甲", "乙"), ("1", "二"), ("", "三"))
    assert table(("甲", "乙"), (1.0, "二"), ("", "三"), sha256="1" * 64).content == first.content
    assert table(("甲", "乙"), ("1", "二"), ("三", "")).content != first.content
    assert table(("甲", "丙"), ("1", "二"), ("", "三")).content != first.content
