"""`portal audit`: verified, exported, held against what was kept; and what an upgrade brings along."""

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from portal import trail
from portal.cli import main
from portal.settings import Profile, Settings
from registry.access.models import Role
from registry.audit.models import AuditCheck, AuditEntry, AuditHead
from tests.factories import NOW, make_account
from tests.portal.commands.running import MERGE, Command


def test_a_cut_trail_is_found_against_its_kept_head(run: Command, register: Session, write: Any) -> None:
    register.rollback()
    run("divisions", "change", write(MERGE))
    head = run("audit", "verify").output.splitlines()[-1]
    register.execute(sa.update(AuditHead).values(sequence=0, entry_hash="0" * 64))
    register.commit()

    assert run("audit", "verify", "--head", head).exit_code == 1
    assert "cut off" in run("audit", "verify").output


@pytest.mark.parametrize("head", ["", "1", "1:abc", "x:" + "0" * 64])
def test_a_head_that_is_no_head_ends_with_2(run: Command, register: Session, head: str) -> None:
    assert run("audit", "verify", "--head", head).exit_code == 2


def test_each_verification_is_put_on_record(run: Command, register: Session, write: Any) -> None:
    register.rollback()
    run("divisions", "change", write(MERGE))

    run("audit", "verify")

    check = register.scalars(sa.select(AuditCheck)).one()
    assert (check.sequence, check.by, check.holds, check.setbacks) == (1, "portal audit verify", True, 0)


def test_a_kept_head_shows_what_was_cut_off_since(
    run: Command, register: Session, write: Any, tmp_path: Path
) -> None:
    register.rollback()
    run("divisions", "change", write(MERGE))
    folder = tmp_path / "kept"

    exported = run("audit", "export-head", str(folder))
    assert exported.exit_code == 0, exported.output
    sealed, page = (Path(line) for line in exported.output.splitlines())
    assert json.loads(sealed.read_text())["sequence"] == 1
    assert page.read_bytes().startswith(b"%PDF")
    assert run("audit", "verify", "--heads", str(folder)).exit_code == 0

    sealed.write_text(sealed.read_text().replace('"sequence": 1', '"sequence": 2'))
    forged = run("audit", "verify", "--heads", str(folder))
    assert forged.exit_code == 2
    assert sealed.name in forged.output


def test_no_head_of_a_broken_trail_is_exported(
    run: Command, register: Session, write: Any, tmp_path: Path
) -> None:
    register.rollback()
    run("divisions", "change", write(MERGE))
    register.execute(sa.update(AuditHead).values(entry_hash="0" * 64))
    register.commit()

    refused = run("audit", "export-head", str(tmp_path / "kept"))

    assert refused.exit_code == 1
    assert "Entry 2 (" in refused.output
    assert "No head was written" in refused.output
    assert not (tmp_path / "kept").exists()


def test_the_trail_is_exported_by_its_auditor_alone_and_that_is_an_entry(
    run: Command, register: Session, write: Any, tmp_path: Path
) -> None:
    make_account(register, Role.AUDITADMIN, username="auditor")
    register.commit()
    register.rollback()
    run("divisions", "change", write(MERGE))
    file = tmp_path / "trail.jsonl"

    assert run("audit", "export", str(file), "--as", "demo-city").exit_code == 2
    assert not file.exists()
    assert run("audit", "export", str(file), "--as", "auditor").exit_code == 0

    told = [json.loads(line)["action"] for line in file.read_text().splitlines()]
    assert told == ["division.change", "command.run"]  # the refusal is an entry too
    register.rollback()
    last = register.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence.desc())).first()
    assert (last.action, last.facts["rows"], last.facts["format"]) == ("audit.export", 2, "jsonl")
    assert run("audit", "export", str(file), "--as", "auditor").exit_code == 2


def test_a_night_verifies_the_trail_and_puts_its_head_beside_the_others(
    run: Command, register: Session, write: Any, tmp_path: Path, database_url: str
) -> None:
    register.rollback()
    run("divisions", "change", write(MERGE))
    key = (tmp_path / "keys" / "audit_key").read_text()
    settings = Settings(
        home=tmp_path,
        database_url=database_url,
        profile=Profile.DEMO,
        secret_key=key,
        audit_key=key,
        heads_folder=tmp_path / "outside",
    )

    counts = [trail.do_part(settings, register, part, NOW.date(), NOW) for part in trail.parts_of_night()]

    assert counts == [1, 2]
    assert sorted(file.suffix for file in settings.heads.iterdir()) == [".json", ".pdf"]
    register.execute(sa.update(AuditHead).values(entry_hash="0" * 64))
    register.commit()
    assert trail.do_part(settings, register, trail.VERIFY, NOW.date(), NOW) == 1
    assert trail.do_part(settings, register, trail.HEAD, NOW.date(), NOW) == 0
    assert [check.holds for check in register.scalars(sa.select(AuditCheck).order_by(AuditCheck.id))] == [
        True,
        False,
    ]


def test_an_upgrade_loads_the_reference_data_once(
    run: Command, empty_database_url: str, tmp_path: Path
) -> None:
    environment = {
        "PORTAL_HOME": str(tmp_path),
        "PORTAL_DATABASE_URL": empty_database_url,
        "PORTAL_PROFILE": "demo",
    }

    first, second = (CliRunner().invoke(main, ["upgrade"], env=environment) for _ in range(2))

    assert first.exit_code == second.exit_code == 0, first.output
    new = int(first.output.splitlines()[-1].split()[2])
    assert new > 8470
    assert second.output.splitlines()[-1] == "Reference data: 0 new rows."
