"""`portal intake`: the rows without errors, and a load taken back by its code."""

import json
from pathlib import Path
from typing import NamedTuple

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.cli import Refused
from portal.commands.intake import read_whole
from registry.audit.models import AuditEntry
from registry.intake.models import IntakeRun, IntakeState
from registry.organisations.models import Site
from tests.factories import make_parameter
from tests.portal.commands.running import Command

GOOD = "示例甲中心,社区康复点,310101\n"
BAD = "示例乙中心,咖啡馆,310101\n"


@pytest.fixture
def file(register: Session, tmp_path: Path) -> Path:
    for key, value in (("intake.max_rows", "1000"), ("intake.undo_days", "7")):
        make_parameter(register, key, value)
    register.commit()
    path = tmp_path / "场所.csv"
    path.write_text("机构名称,类型,所在区划\n" + GOOD + BAD, encoding="utf-8")
    return path


def names(session: Session) -> list[str]:
    """As another process left them."""
    found = list(session.scalars(sa.select(Site.name).order_by(Site.id)))
    session.rollback()
    return [name for name in found if name.startswith("示例")]


class Run(NamedTuple):
    code: str
    state: IntakeState
    left_out_rows: list[list[int]]


def newest(session: Session) -> Run:
    columns = (IntakeRun.code, IntakeRun.state, IntakeRun.left_out_rows)
    found = session.execute(sa.select(*columns).order_by(IntakeRun.id.desc()).limit(1)).one()
    session.rollback()
    return Run(*found)


def test_without_a_word_about_errors_nothing_is_loaded(run: Command, register: Session, file: Path) -> None:
    before = names(register)
    result = run("intake", "sites", str(file))
    assert result.exit_code == 1, result.output
    assert "1 errors; nothing was loaded." in result.output
    assert names(register) == before


def test_the_rows_without_errors_are_loaded_when_asked_for(
    run: Command, register: Session, file: Path
) -> None:
    before = names(register)
    result = run("intake", "sites", str(file), "--skip-errors", "--json")

    assert result.exit_code == 1, result.output
    facts = json.loads(result.output.splitlines()[0])
    assert (facts["committed"], facts["left_out"], facts["run"]) == (True, 1, newest(register).code)
    assert names(register) == [*before, "示例甲中心"]
    assert newest(register).left_out_rows == [[3, 3]]


@pytest.mark.parametrize(
    ("known", "counts", "address"),
    [
        ("update", {"create": 1, "update": 1, "skip": 0}, "示例路2号"),
        ("skip", {"create": 1, "update": 0, "skip": 1}, "示例路1号"),
    ],
)
def test_rows_that_the_register_has_are_updated_or_left_out(
    run: Command, register: Session, file: Path, known: str, counts: dict[str, int], address: str
) -> None:
    head = "机构名称,类型,所在区划,地址\n"
    file.write_text(head + "示例甲中心,社区康复点,310101,示例路1号\n", encoding="utf-8")
    assert run("intake", "sites", str(file)).exit_code == 0
    both = "示例甲中心,社区康复点,310101,示例路2号\n示例丙中心,社区康复点,310101,示例路3号\n"
    file.write_text(head + both, encoding="utf-8")

    result = run("intake", "sites", str(file), "--known", known, "--json")

    facts = json.loads(result.output.splitlines()[0])
    assert {name: facts[name] for name in counts} == counts
    assert (facts["rows"], facts["committed"]) == (2, True)
    asked = sa.select(Site.address).where(Site.name == "示例甲中心")
    assert register.scalars(asked).one() == address
    register.rollback()


def test_a_load_is_taken_back_by_the_code_that_it_printed(
    run: Command, register: Session, file: Path
) -> None:
    before = names(register)
    made = run("intake", "sites", str(file), "--skip-errors")
    code = newest(register).code
    assert f"To undo it: portal intake undo {code}" in made.output

    ahead = run("intake", "undo", code, "--dry-run")
    still = names(register)
    undone = run("intake", "undo", code)
    again = run("intake", "undo", code)

    assert (ahead.exit_code, undone.exit_code, again.exit_code) == (0, 0, 2), ahead.output + undone.output
    assert f"{code}: 3 removed, 0 restored, 0 kept" in undone.output
    assert still == [*before, "示例甲中心"]
    assert names(register) == before
    assert newest(register).state is IntakeState.UNDONE
    actions = register.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.id)).all()
    assert [action for action in actions if action.startswith("intake")][:2] == ["intake.run", "intake.undo"]


def test_a_load_of_another_place_is_not_found(run: Command, register: Session, file: Path) -> None:
    run("intake", "sites", str(file), "--skip-errors")
    code = newest(register).code
    assert run("intake", "undo", code, "--as", "elsewhere").exit_code == 2
    assert newest(register).state is IntakeState.COMMITTED


def test_a_file_that_is_not_there_is_named(run: Command, register: Session) -> None:
    result = run("intake", "sites", "nowhere.csv")
    assert result.exit_code == 2
    assert "nowhere.csv" in result.output


def test_a_file_that_grows_while_it_is_read_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_bytes = Path.read_bytes

    def slowly(path: Path) -> bytes:
        data = read_bytes(path)
        path.write_bytes(data + GOOD.encode())
        return data

    monkeypatch.setattr(Path, "read_bytes", slowly)
    with pytest.raises(Refused, match="written while it was read"):
        read_whole(file)
    monkeypatch.undo()
    assert read_whole(file).endswith(GOOD.encode())
