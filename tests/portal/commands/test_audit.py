"""`portal audit verify`, and what an upgrade brings along."""

from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from sqlalchemy.orm import Session

from portal.cli import main
from registry.audit.models import AuditHead
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
