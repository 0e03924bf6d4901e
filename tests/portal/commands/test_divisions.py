"""`portal divisions`: a file of changes previewed, made, refused, taken back."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.models import DivisionChange
from tests.portal.commands.running import MERGE, Command, codes_of_sites


def test_a_dry_run_shows_what_would_move_and_writes_nothing(
    run: Command, register: Session, write: Any
) -> None:
    result = run("divisions", "change", write(MERGE), "--dry-run")

    assert result.exit_code == 0, result.output
    assert "merge  310101001 310101001街道 -> 310101002 310101002街道" in result.output
    assert "服务场所的责任区划: 1" in result.output
    assert codes_of_sites(register) == ["310101001", "310101002"]


def test_a_change_is_made_and_taken_back_by_its_code(run: Command, register: Session, write: Any) -> None:
    made = run("divisions", "change", write(MERGE))
    after = codes_of_sites(register)
    code = register.scalars(sa.select(DivisionChange.code)).one()
    register.rollback()
    undone = run("divisions", "undo", code)

    assert (made.exit_code, undone.exit_code) == (0, 0), made.output + undone.output
    assert f"portal divisions undo {code}" in made.output
    assert after == ["310101002", "310101002"]
    assert codes_of_sites(register) == ["310101001", "310101002"]
    register.rollback()
    assert f"{code}\t2026-07-01\ttaken back\tmerge 310101001 310101002" in run("divisions", "list").output
    assert run("audit", "verify").output.startswith("The trail holds: 2 entries")


def test_refused_lines_are_listed_with_their_rows_and_end_with_1(
    run: Command, register: Session, write: Any
) -> None:
    result = run("divisions", "change", write(MERGE + "合并,310101099,310101002,,2026-07-01,示例批复,\n"))

    assert result.exit_code == 1
    assert "error  row 3  没有区划代码310101099" in result.output
    assert codes_of_sites(register) == ["310101001", "310101002"]


@pytest.mark.parametrize(("text", "words"), [("", "空"), ("甲,乙\n1,2\n", "缺少列")])
def test_a_file_that_is_no_table_of_changes_is_refused(
    run: Command, register: Session, write: Any, text: str, words: str
) -> None:
    result = run("divisions", "change", write(text))

    assert result.exit_code == 1
    assert words in result.output


def test_a_change_that_was_not_made_cannot_be_taken_back(run: Command, register: Session) -> None:
    result = run("divisions", "undo", "nosuch")

    assert result.exit_code == 1
    assert "没有编号为nosuch的区划变更" in result.output


@pytest.mark.parametrize("name", ["elsewhere", "district", "nobody"])
def test_a_change_outside_the_accounts_permission_ends_with_2(
    run: Command, register: Session, write: Any, name: str
) -> None:
    result = run("divisions", "change", write(MERGE), "--as", name)

    assert result.exit_code == 2
    assert codes_of_sites(register) == ["310101001", "310101002"]
