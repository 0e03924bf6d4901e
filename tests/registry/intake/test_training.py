"""The workbook of training: who attended what; found by register number or by identity number."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.intake.declaration import Outcome
from registry.intake.kinds.training import TRAINING
from registry.intake.operations import commit, record_preview
from registry.intake.preview import Preview, preview
from registry.intake.tables import RawTable
from registry.parsing import Cell
from registry.sealing.keyring import KeyRing
from registry.workforce.models import Practitioner, Training
from tests.factories import make_post, make_practitioner, make_provider
from tests.registry.intake.tables import NOW, context, places, said, table_of
from tests.sealing import identity_number, make_ring, seal_identity

ACTOR = Actor(1, "a1", "demo-city", "示例", Role.CITY, "31")
NUMBER = identity_number(3)
Row = dict[str, Cell]
ROW: Row = {
    "人员编号": "P-1",
    "姓名": "示例甲",
    "培训结束日期": "2026-06-30",
    "学时": "7.5",
    "培训内容": "康复实务",
    "主办单位": "示例中心",
    "证明编号": "PX-1",
    "康复培训": "是",
    "继续教育": "否",
    "身份证号": "",
}


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return make_ring(tmp_path / "keys")


@pytest.fixture
def person(session: Session, ring: KeyRing) -> Practitioner:
    person = make_practitioner(session, person_no="P-1", name="示例甲")
    make_post(session, person, make_provider(session))
    seal_identity(session, ring, person, identity=NUMBER)
    return person


def seen(session: Session, ring: KeyRing, raw: RawTable, **facts: object) -> Preview:
    return preview(session, TRAINING, raw, context(seals=ring, **facts))


def loaded(session: Session, ring: KeyRing, raw: RawTable) -> Preview:
    found = seen(session, ring, raw)
    assert not found.errors, said(found.errors)
    run = record_preview(session, found, actor=ACTOR, at=NOW)
    commit(session, found, run=run, actor=ACTOR, at=NOW, trail=Trail(b"key"))
    session.expire_all()
    return found


def outcomes(found: Preview) -> list[Outcome]:
    return [one.outcome for one in found.judged]


def test_a_row_becomes_a_course_and_the_same_file_changes_nothing(session, ring, person) -> None:
    loaded(session, ring, table_of(ROW))

    (course,) = session.scalars(sa.select(Training)).all()
    assert (course.practitioner_id, course.held_on, course.hours) == (
        person.id,
        date(2026, 6, 30),
        Decimal("7.5"),
    )
    assert (course.is_rehabilitation, course.is_continuing, course.proof_no) == (True, False, "PX-1")
    assert outcomes(seen(session, ring, table_of(ROW))) == [Outcome.SAME]


def test_other_hours_change_the_course_and_a_blank_number_does_not(session, ring, person) -> None:
    loaded(session, ring, table_of(ROW))
    found = loaded(session, ring, table_of(ROW | {"学时": "8", "证明编号": ""}))

    (course,) = session.scalars(sa.select(Training)).all()
    assert (outcomes(found), course.hours, course.proof_no) == ([Outcome.UPDATE], 8, "PX-1")


def test_the_identity_number_finds_the_person(session, ring, person) -> None:
    loaded(session, ring, table_of(ROW | {"人员编号": "", "身份证号": NUMBER}))

    assert session.scalars(sa.select(Training.practitioner_id)).all() == [person.id]


def test_one_course_of_one_person_named_in_two_ways_is_one(session, ring, person) -> None:
    rows = table_of(ROW, ROW | {"人员编号": "", "身份证号": NUMBER})

    found = loaded(session, ring, rows)

    assert outcomes(found) == [Outcome.CREATE, Outcome.SAME]
    assert session.scalar(sa.select(sa.func.count()).select_from(Training)) == 1


@pytest.mark.parametrize(
    ("changed", "place", "sentence"),
    [
        ({"人员编号": ""}, (2, "A", "人员编号"), "没有写明是谁的培训"),
        ({"人员编号": "P-7"}, (2, "A", "人员编号"), "没有这名人员"),
        ({"姓名": "示例乙"}, (2, "B", "姓名"), "姓名与登记的不同"),
        ({"培训结束日期": "2026-11-24"}, (2, "C", "培训结束日期"), "在今天之后"),
        ({"学时": "0"}, (2, "D", "学时"), "学时应大于0"),
        ({"学时": "7.25"}, (2, "D", "学时"), "最多一位小数"),
        ({"康复培训": "否"}, (2, "H", "康复培训"), "都填了“否”"),
        ({"身份证号": identity_number(4)}, (2, "J", "身份证号"), "没有这名人员"),
    ],
)
def test_a_fault_is_named_with_its_cell_and_remedy(session, ring, person, changed, place, sentence) -> None:
    found = seen(session, ring, table_of(ROW | changed))

    assert place in places(found.errors)
    assert sentence in said(found.errors)


def test_two_rows_that_tell_one_course_differently_contradict_each_other(session, ring, person) -> None:
    found = seen(session, ring, table_of(ROW, ROW | {"学时": "9"}))

    assert places(found.errors) == [(3, "E", "培训内容")]


def test_two_numbers_of_two_people_contradict_each_other(session, ring, person) -> None:
    other = make_practitioner(session, person_no="P-2", name="示例甲")
    make_post(session, other, make_provider(session))

    found = seen(session, ring, table_of(ROW | {"人员编号": "P-2", "身份证号": NUMBER}))

    assert "不是同一人" in said(found.errors)


def test_people_of_others_are_not_there_for_an_institution(session, ring, person) -> None:
    other = make_provider(session)

    found = seen(session, ring, table_of(ROW), organisation_id=other.organisation_id)

    assert "没有这名人员" in said(found.errors)
