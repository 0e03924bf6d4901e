"""A refused command leaves an entry; one that was only mistyped, or worked, leaves none."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.models import Role
from registry.audit.models import AuditEntry, Result
from tests.factories import make_account
from tests.portal.commands.running import Command


def refusals(session: Session) -> list[tuple[Any, ...]]:
    session.rollback()
    refused = sa.select(AuditEntry).where(AuditEntry.result == Result.REFUSED).order_by(AuditEntry.sequence)
    found = [
        (entry.action, entry.subject_type, entry.subject_code, entry.actor_name, entry.facts)
        for entry in session.scalars(refused)
    ]
    session.rollback()
    return found


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        (("audit", "export", "trail.jsonl"), "NotAllowed"),
        (("audit", "retire", "archives", "--before", "2020-01-01"), "NotAllowed"),
        (("accounts", "invite", "new", "--name", "新", "--role", "city", "--division", "31"), "NotAllowed"),
        (("report", "briefing", "--division", "310101", "--out", "b.pdf"), "NotVisible"),
    ],
)
def test_a_refused_command_is_an_entry(
    run: Command, register: Session, tmp_path: Path, monkeypatch, words: tuple[str, ...], kind: str
) -> None:
    monkeypatch.chdir(tmp_path)
    make_account(register, Role.DISTRICT, username="li", name="李示例", division_code="310104")
    register.commit()
    register.rollback()

    assert run(*words, "--as", "li").exit_code == 2

    expected = f"{words[0]} {words[1]}"
    assert refusals(register) == [("command.run", "command", expected, "李示例", {"refusal": kind})]


@pytest.mark.parametrize(
    "words",
    [
        ("audit", "verify", "--head", "nonsense"),
        ("audit", "export", "trail.jsonl", "--as", "nobody"),
        ("figure", "no-such-figure", "--as", "demo-city"),
    ],
)
def test_a_mistyped_command_is_none(
    run: Command, register: Session, tmp_path: Path, monkeypatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)
    register.rollback()

    assert run(*words).exit_code == 2
    assert refusals(register) == []


def test_a_register_that_takes_no_entry_does_not_hide_the_refusal(
    run: Command, register: Session, tmp_path: Path, monkeypatch
) -> None:
    def full(*_arguments: object, **_options: object) -> None:
        raise sa.exc.OperationalError("INSERT", {}, Exception("the disk is full"))

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("registry.audit.operations.record_entry", full)
    register.rollback()

    refused = run("audit", "export", "trail.jsonl", "--as", "demo-city")

    assert refused.exit_code == 2
    assert "The refusal was not entered in the trail" in refused.stderr
    assert "The account may not do this" in refused.stderr
