"""The rows of a judged file, as a page lists them."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.errors import InvalidInput
from registry.intake.declaration import Outcome
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.sites import SITES
from registry.intake.lines import Line, ShownChange, as_seen, packed_sheet, sheet_from, sheet_of
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.operations import commit, record_preview
from registry.intake.partial import as_ranges, may_be_loaded_in_part, rows_in_error, without_errors
from registry.intake.preview import Preview, preview
from registry.organisations.models import Site
from tests.factories import make_division, make_organisation, make_site
from tests.registry.intake.tables import NOW, context, table_of
from tests.registry.intake.test_undoing import person, place
from tests.sealing import make_ring

CITY = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
TRAIL = Trail(b"k" * 32)


@pytest.fixture
def site(session: Session) -> Site:
    for code in ("31", "3101", "310101"):
        make_division(session, code)
    return make_site(session, make_organisation(session), name="示例服务点")


def load(session: Session, found: Preview) -> IntakeRun:
    run = record_preview(session, found, actor=CITY, at=NOW)
    part, left_out = without_errors(session, found)
    commit(session, part, run=run, actor=CITY, at=NOW, trail=TRAIL, left_out=left_out)
    return run


def test_every_row_is_in_one_class_and_an_update_names_its_fields(session: Session, site: Site) -> None:
    load(session, preview(session, PRACTITIONERS, table_of(person(1, site), person(2, site)), context()))
    rows = (
        person(1, site, 姓名="示例壹", 离任日期="2026-10-01"),
        person(2, site),
        person(2, site),
        person(3, site),
        person(4, site, 岗位="心理师"),
    )

    sheet = sheet_of(preview(session, PRACTITIONERS, table_of(*rows), context()))

    assert [(line.number, line.outcome, line.names) for line in sheet.lines] == [
        (2, Outcome.UPDATE, ("示例-0001", "示例壹")),
        (3, Outcome.SAME, ("示例-0002", "示例2")),
        (4, Outcome.DUPLICATE, ("示例-0002", "示例2")),
        (5, Outcome.CREATE, ("示例-0003", "示例3")),
        (6, Outcome.ERROR, ("示例-0004", "示例4")),
    ]
    assert sheet.lines[0].changes == (
        ShownChange("name", "示例1", "示例壹"),
        ShownChange("end_on", "", "2026-10-01"),
    )


def test_the_sheet_is_read_back_as_it_was_kept(session: Session, site: Site) -> None:
    load(session, preview(session, PRACTITIONERS, table_of(person(1, site)), context()))
    rows = (person(1, site, 用工形式="兼职"), person(2, site, 岗位="心理师"))
    sheet = sheet_of(preview(session, PRACTITIONERS, table_of(*rows), context()))

    again = sheet_from(packed_sheet(sheet))

    change = again.lines[0].changes[0]
    assert (change.key, change.before.zh, change.after.en) == ("engagement", "专职", "part-time")  # type: ignore[union-attr]
    assert [str(problem.message) for problem in again.problems] == [
        str(problem.message) for problem in sheet.problems
    ]


def test_a_sealed_column_is_named_and_never_repeated(session: Session, site: Site, tmp_path: Path) -> None:
    sealing = context(seals=make_ring(tmp_path))
    load(session, preview(session, PRACTITIONERS, table_of(person(1, site, 联系电话="15400000001")), sealing))
    newer = table_of(person(1, site, 联系电话="15400000002"))

    sheet = sheet_of(preview(session, PRACTITIONERS, newer, sealing))

    assert sheet.lines[0].changes == (ShownChange("phone", "******", "******"),)


def test_who_may_not_read_the_file_sees_neither_names_nor_values() -> None:
    line = Line(2, Outcome.UPDATE, ("示例-0001", "示例甲"), (ShownChange("name", "示例一", "示例甲"),))
    assert as_seen([line], PRACTITIONERS, is_readable=False) == [
        Line(2, Outcome.UPDATE, ("示例-0001", "******"), (ShownChange("name", "", ""),))
    ]
    assert as_seen([line], PRACTITIONERS, is_readable=True) == [line]


def test_a_site_is_known_by_its_institution_and_its_name(session: Session, site: Site) -> None:
    load(session, preview(session, SITES, table_of(place("示例中心", 地址="甲路1号")), context()))
    sheet = sheet_of(preview(session, SITES, table_of(place("示例中心", 地址="乙路2号")), context()))
    assert sheet.lines == (
        Line(2, Outcome.UPDATE, ("示例中心", ""), (ShownChange("address", "甲路1号", "乙路2号"),)),
    )


def test_the_rows_without_errors_are_loaded_and_the_others_are_noted(session: Session, site: Site) -> None:
    rows = (person(1, site), person(2, site, 岗位="心理师"), person(3, site, 出生年份="x"), person(4, site))
    found = preview(session, PRACTITIONERS, table_of(*rows), context())
    assert may_be_loaded_in_part(found)
    assert rows_in_error(found) == [3, 4]

    run = load(session, found)

    assert (run.state, run.create, run.left_out, run.left_out_rows) == (IntakeState.COMMITTED, 2, 2, [[3, 4]])
    assert run.rows == run.create + run.update + run.same + run.duplicate + run.error_rows
    again = preview(
        session, PRACTITIONERS, table_of(rows[0], person(2, site), person(3, site), rows[3]), context()
    )
    assert [judged.outcome for judged in again.judged] == [
        Outcome.SAME,
        Outcome.CREATE,
        Outcome.CREATE,
        Outcome.SAME,
    ]


def test_what_a_faulty_row_alone_says_is_not_loaded(session: Session, site: Site) -> None:
    """The person of the second row is right and his post is not: nothing of him comes in."""
    rows = (person(1, site), person(2, site, 站点编号="zzzzzzzzzz"))
    load(session, preview(session, PRACTITIONERS, table_of(*rows), context()))
    again = preview(session, PRACTITIONERS, table_of(person(1, site), person(2, site)), context())
    assert [judged.outcome for judged in again.judged] == [Outcome.SAME, Outcome.CREATE]


def test_a_file_that_is_wrong_as_a_whole_is_not_loaded_in_part(session: Session, site: Site) -> None:
    rows = table_of(person(1, site), person(2, site))
    assert not may_be_loaded_in_part(preview(session, PRACTITIONERS, rows, context(max_rows=1)))
    only_errors = table_of(person(1, site, 岗位="心理师"))
    assert not may_be_loaded_in_part(preview(session, PRACTITIONERS, only_errors, context()))


def test_errors_are_never_loaded_beside_the_rest(session: Session, site: Site) -> None:
    found = preview(
        session, PRACTITIONERS, table_of(person(1, site), person(2, site, 岗位="心理师")), context()
    )
    run = record_preview(session, found, actor=CITY, at=NOW)
    with pytest.raises(InvalidInput, match="没有导入任何一行"):
        commit(session, found, run=run, actor=CITY, at=NOW, trail=TRAIL, left_out=[3])


def test_numbers_in_a_row_are_told_as_one_range() -> None:
    assert as_ranges([3, 4, 5, 9]) == [[3, 5], [9, 9]]
    assert as_ranges([]) == []
