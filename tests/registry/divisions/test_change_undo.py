"""An undo leaves no trace, or is refused where something was built on the change."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.divisions.changes import ChangeLine, ChangeRefused
from registry.divisions.models import Division
from registry.divisions.operations import undo_change
from registry.divisions.queries import division_at, successors
from registry.organisations.models import Site
from tests.factories import DAY, NOW, make_account, make_provider
from tests.registry.divisions.changing import X, dump, line, make


def scenario_merge(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [
        line("merge", "310101001", "310101002", "合并街道"),
        line("merge", "310101002", "310101002", "合并街道"),
    ]


def scenario_merge_into(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [line("merge", "310101001", "310101002")]


def scenario_split(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [
        line("split", "310101001", "310101011", "东街道", sites=sites[0].code),
        line("split", "310101001", "310101012", "西街道", sites=sites[1].code),
    ]


def scenario_rename(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [
        line("rename", "310101001", "310101001", "新名街道"),
        line("rename", "310101002", "310101022", "又名街道"),
    ]


def scenario_move(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [line("move", "310101001", "310104009"), line("move", "310101002", "310104010", "新名镇")]


def scenario_district(tree: Session, sites: Sequence[Site]) -> list[ChangeLine]:
    return [line("rename", "310101", "310120", "新区")]


SCENARIOS = [
    scenario_merge,
    scenario_merge_into,
    scenario_split,
    scenario_rename,
    scenario_move,
    scenario_district,
]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_change_and_its_undo_leave_every_table_as_before(tree: Session, scenario: Any) -> None:
    sites = [make_provider(tree, division_code="310101001") for _ in range(2)]
    make_provider(tree, division_code="310101002")
    sites[0].located_code = "310101002"
    make_account(tree, Role.STREET, division_code="310101001")
    make_account(tree, Role.DISTRICT, division_code="310101")
    before = dump(tree)

    change = make(tree, *scenario(tree, sites))
    during = dump(tree)
    undo_change(tree, change.code, at=NOW, by="李示例")

    assert during != before
    assert dump(tree) == before
    assert change.undone_by == "李示例"


def test_an_undone_change_has_no_successors(tree: Session) -> None:
    change = make(tree, line("rename", "310101001", "310101009", "新街道"))
    undo_change(tree, change.code, at=NOW, by="李示例")

    assert successors(tree, "310101001", DAY) == ("310101001",)
    assert successors(tree, "310101009", DAY) == ()


def test_an_undo_is_blocked_by_a_later_change_over_the_same_codes(tree: Session) -> None:
    first = make(tree, line("merge", "310101001", "310101002"))
    later = make(tree, line("rename", "310101002", "310101009", "新街道", on=X + timedelta(days=30)))
    make(tree, line("move", "310101003", "310104009", on=X + timedelta(days=31)))

    with pytest.raises(ChangeRefused, match=later.code):
        undo_change(tree, first.code, at=NOW, by="李示例")

    undo_change(tree, later.code, at=NOW, by="李示例")
    undo_change(tree, first.code, at=NOW, by="李示例")
    assert division_at(tree, "310101001", DAY) is not None


def test_an_undo_is_blocked_where_a_row_was_changed_since(tree: Session) -> None:
    site = make_provider(tree, division_code="310101001")
    change = make(tree, line("merge", "310101001", "310101002"))
    site.division_code = "310104001"
    tree.flush()

    with pytest.raises(ChangeRefused, match=site.name):
        undo_change(tree, change.code, at=NOW, by="李示例")


def test_an_undo_is_blocked_where_somebody_registered_in_the_new_division(tree: Session) -> None:
    change = make(tree, line("rename", "310101001", "310101009", "新街道"))
    newcomer = make_provider(tree, division_code="310101009")

    with pytest.raises(ChangeRefused, match=newcomer.name):
        undo_change(tree, change.code, at=NOW, by="李示例")


def test_a_new_name_can_be_taken_back_though_rows_hold_the_code(tree: Session) -> None:
    change = make(tree, line("rename", "310101001", "310101001", "新名街道"))
    make_provider(tree, division_code="310101001")

    undo_change(tree, change.code, at=NOW, by="李示例")

    assert [one.name for one in tree.scalars(sa.select(Division).where(Division.code == "310101001"))] == [
        "310101001街道"
    ]


def test_a_change_is_taken_back_once_and_an_unknown_one_never(tree: Session) -> None:
    change = make(tree, line("merge", "310101001", "310101002"))
    undo_change(tree, change.code, at=NOW, by="李示例")

    with pytest.raises(ChangeRefused, match="已于2026-11-23撤回"):
        undo_change(tree, change.code, at=NOW, by="李示例")
    with pytest.raises(ChangeRefused, match="nosuch"):
        undo_change(tree, "nosuch", at=NOW, by="李示例")
