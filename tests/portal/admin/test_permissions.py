"""The permission table as the security administrator reads it, and its entry at every start."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.commands.serve import note_permissions
from portal.settings import Profile, Settings
from registry.access.models import Role
from registry.access.permissions import permissions, table_digest
from registry.audit.models import AuditEntry
from registry.engine import make_engine
from tests.portal.conftest import SECRET
from tests.portal.polite import Polite

PAGE = "/admin/permissions"


@pytest.fixture
def committing(database_url: str, tmp_path) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=database_url,
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
    )


def digests(settings: Settings) -> list[str]:
    engine = make_engine(settings.database_url)
    with Session(engine) as session:
        found = [entry.facts["sha256"] for entry in session.scalars(sa.select(AuditEntry))]
    engine.dispose()
    return found


def test_the_table_is_read_action_by_action_and_aloud(polite: Polite, sign_in):
    sign_in(Role.SECADMIN)

    page = polite.get(PAGE)

    assert ["确认地址变更", "区县民政（管辖区划及下级）"] in page.rows
    assert "审计管理员可以查看操作留痕，范围：不限范围。" in page.main
    assert page.main.count("，范围：") == len(permissions())
    assert table_digest() in page.main


def test_a_table_that_the_trail_does_not_know_is_pointed_out(polite: Polite, sign_in):
    sign_in(Role.SECADMIN)

    assert "尚未记入操作留痕" in polite.get(PAGE).main


def test_each_start_compares_the_table_and_enters_it_once(committing: Settings):
    note_permissions(committing)
    note_permissions(committing)

    assert digests(committing) == [table_digest()]


def test_a_register_that_takes_no_entry_is_served_all_the_same(
    empty_database_url: str, tmp_path, capsys: pytest.CaptureFixture[str]
):
    bare = Settings(
        home=tmp_path,
        database_url=empty_database_url,
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET[::-1],
    )

    note_permissions(bare)

    assert "was not entered in the trail" in capsys.readouterr().err
