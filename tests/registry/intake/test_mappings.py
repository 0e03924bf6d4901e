"""对应列: foreign heads are guessed, said once, remembered for the organisation or the division, and read so."""

import dataclasses
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput, StaleVersion
from registry.intake.kinds.practitioners import PRACTITIONERS
from registry.intake.kinds.sites import SITES
from registry.intake.mappings import (
    Likeness,
    as_mapped,
    fingerprint,
    forget,
    mapping_of,
    nearest_mapping,
    remember,
    suggestions,
)
from registry.intake.models import ColumnMapping
from registry.intake.preview import preview
from tests.factories import make_division
from tests.registry.intake.tables import NOW, context, said, table

TRAIL = Trail(b"key", "r1")
PROVIDER = Actor(1, "a1", "demo-provider", "示例甲", Role.PROVIDER, "310101", 7)
COLLEAGUE = dataclasses.replace(PROVIDER, account_id=2, code="a2", name="示例乙")
OTHER = dataclasses.replace(PROVIDER, account_id=3, code="a3", organisation_id=8)
DISTRICT = Actor(4, "a4", "demo-district", "示例丙", Role.DISTRICT, "310101")
NEXT_DISTRICT = dataclasses.replace(DISTRICT, account_id=5, code="a5", division_code="310104")

HEADS = ("单位", "类别", "区划代码", "电话")
COLUMNS = {"organisation_name": "单位", "kind": "类别", "located_code": "区划代码"}


def said_by(session: Session, actor: Actor, **facts: object) -> ColumnMapping:
    defaults = {"kind": "sites", "headers": HEADS, "columns": COLUMNS, "at": NOW, "trail": TRAIL}
    return remember(session, actor=actor, **(defaults | facts))


def test_exact_names_come_first_and_the_most_alike_after_them():
    found = suggestions(PRACTITIONERS.columns, ("员工姓名", "人员编号", "手机号", "入职日期", "备注"))
    assert found["人员编号"] == ("person_no", Likeness.EXACT)
    assert found["手机号"] == ("phone", Likeness.EXACT)
    assert found["员工姓名"] == ("name", Likeness.SIMILAR)
    assert found["入职日期"] == ("start_on", Likeness.SIMILAR)
    assert "备注" not in found


def test_no_column_is_suggested_for_two_heads():
    found = suggestions(PRACTITIONERS.columns, ("姓名（中文）", "姓名"))
    assert [one.key for one in found.values()].count("name") == 1
    assert found["姓名"].key == "name"


def test_the_order_and_the_width_of_heads_do_not_make_another_table():
    assert fingerprint(("姓名", "电 话*", "")) == fingerprint(("电话", "姓名"))
    assert fingerprint(("姓名", "电话")) != fingerprint(("姓名", "电话", "备注"))


def test_what_one_says_a_colleague_of_the_organisation_finds_and_nobody_else(session: Session):
    said_by(session, PROVIDER)
    found = mapping_of(session, COLLEAGUE, kind="sites", headers=HEADS[::-1])
    assert found is not None
    assert (found.columns, found.actor_name, found.version) == (COLUMNS, "示例甲", 1)
    for stranger in (OTHER, DISTRICT):
        assert mapping_of(session, stranger, kind="sites", headers=HEADS) is None
    assert mapping_of(session, COLLEAGUE, kind="reconciling", headers=HEADS) is None


def test_heads_that_are_written_a_little_otherwise_are_read_by_what_was_said(session: Session):
    said_by(session, PROVIDER)
    other = table(("区划代码*", "单　位", "类 别", "电话"), ["310101", "示例中心甲", "社区康复点", ""])
    read = as_mapped(session, SITES, other, COLLEAGUE)
    assert read.mapping == {"organisation_name": "单　位", "kind": "类 别", "located_code": "区划代码*"}


def test_of_other_heads_the_nearest_is_what_was_said_last_and_the_same_heads_come_first(session: Session):
    said_by(session, PROVIDER, kind="others")
    later = NOW + timedelta(days=1)
    said_by(session, PROVIDER, kind="others", headers=("单位",), columns={"name": "单位"}, at=later)
    nearest = [
        nearest_mapping(session, COLLEAGUE, kind="others", headers=heads)
        for heads in (HEADS, ("单位", "新列"))
    ]
    assert [one.columns for one in nearest if one] == [COLUMNS, {"name": "单位"}]
    assert nearest_mapping(session, OTHER, kind="others", headers=HEADS) is None


def test_what_a_division_says_is_not_its_organisations_nor_its_neighbours(session: Session):
    said_by(session, DISTRICT)
    assert mapping_of(session, DISTRICT, kind="sites", headers=HEADS) is not None
    assert mapping_of(session, PROVIDER, kind="sites", headers=HEADS) is None
    assert mapping_of(session, NEXT_DISTRICT, kind="sites", headers=HEADS) is None


def test_a_change_is_a_new_version_and_two_hands_do_not_pass_over_each_other(session: Session):
    said_by(session, PROVIDER)
    shorter = {"organisation_name": "单位"}
    assert said_by(session, COLLEAGUE, columns=shorter, seen=1).version == 2
    with pytest.raises(StaleVersion):
        said_by(session, PROVIDER, seen=1)
    again = said_by(session, PROVIDER, columns=shorter, seen=1)
    assert (again.version, session.scalar(sa.select(sa.func.count()).select_from(ColumnMapping))) == (2, 1)


def test_what_was_forgotten_is_asked_again(session: Session):
    forget(session, said_by(session, PROVIDER), actor=COLLEAGUE, at=NOW, trail=TRAIL)
    assert mapping_of(session, PROVIDER, kind="sites", headers=HEADS) is None
    entries = session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id)).all()
    assert [(entry.actor_code, entry.facts["what"]) for entry in entries] == [
        ("a1", "remembered"),
        ("a2", "forgotten"),
    ]
    assert entries[0].facts["columns"] == ["kind", "located_code", "organisation_name"]


@pytest.mark.parametrize("columns", [{"kind": "没有的列"}, {"kind": "类别", "address": "类别"}])
def test_a_head_that_is_not_there_or_fills_two_columns_is_refused(session: Session, columns: dict[str, str]):
    with pytest.raises(InvalidInput):
        said_by(session, PROVIDER, columns=columns)


def test_a_table_is_read_by_what_was_said_of_its_heads_and_nothing_else_of_it(session: Session):
    make_division(session, "310101")
    foreign = table(HEADS, ["示例中心甲", "社区康复点", "310101", "021-1"], mapping=COLUMNS)
    found = preview(session, SITES, foreign, context())
    assert found.problems == ()
    row = found.judged[0].row
    assert (row.organisation_name, row.located_code, row.address) == ("示例中心甲", "310101", None)


def test_a_required_column_that_nobody_mapped_is_named(session: Session):
    foreign = table(HEADS, ["示例中心甲", "社区康复点", "310101", ""], mapping={"organisation_name": "单位"})
    found = preview(session, SITES, foreign, context())
    assert "缺少2列" in said(found.errors)


def test_a_mapped_head_that_stands_twice_is_an_error(session: Session):
    foreign = table((*HEADS, "类别"), ["示例中心甲", "社区康复点", "310101", "", ""], mapping=COLUMNS)
    found = preview(session, SITES, foreign, context())
    assert [(problem.column, problem.header) for problem in found.errors] == [("E", "类别")]
