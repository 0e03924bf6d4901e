"""The permission table is told line by line, and the trail knows which one was in force."""

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access import permissions as told
from registry.access.models import Account, Role
from registry.access.operations import NewAccount, open_account
from registry.access.permissions import is_table_noted, note_table, noted_table, permissions, table_digest
from registry.access.rules import RULES, may
from registry.access.scopes import Scope
from registry.access.strictness import DEMO
from registry.actions import Action
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.audit.verification import examine_trail
from registry.errors import InvalidInput
from tests.factories import NOW, make_account, make_actor

TRAIL = Trail(b"a key of the test")
ADMINISTRATORS = (Role.SYSADMIN, Role.SECADMIN, Role.AUDITADMIN)
META = {
    Role.SYSADMIN: {Action.SYSTEM_SEE},
    Role.SECADMIN: {
        Action.PERMISSION_SEE,
        Action.ACCOUNT_OPEN,
        Action.ALARM_SEE,
        Action.EMERGENCY_ACCESS_SEE,
        Action.EMERGENCY_ACCESS_REVIEW,
        Action.ACCOUNT_SEE,
        Action.POSITION_END,
        Action.APPOINTMENT_SEE,
        Action.APPOINTMENT_ASK,
        Action.HANDOVER_SEE,
        Action.HANDOVER_HAND_ON,
        Action.HANDOVER_ACKNOWLEDGE,  # of a successor who left before he did
        Action.INBOX_SEE,
    },
    Role.AUDITADMIN: {Action.AUDIT_SEE, Action.AUDIT_EXPORT, Action.EMERGENCY_ACCESS_SEE},
}
FOR_EVERYBODY = {
    Action.HOME_SEE,
    Action.PARAMETER_SEE,
    Action.DIVISION_SEE,
    Action.INTERFACE_SEE,
    Action.SIGN_IN_KEEP,
    Action.UNSENT_KEEP,
}


def test_the_lines_say_the_whole_table() -> None:
    counted = sum(len(rule.roles) for rules in RULES.values() for rule in rules)

    assert len(permissions()) == len(set(map(str, permissions()))) == counted
    assert "address_change.confirm district subtree" in set(map(str, permissions()))


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_an_administrator_does_his_own_part_and_touches_no_business_row(session: Session, role: Role) -> None:
    actor = make_actor(session, role)

    assert {action for action in Action if may(actor, action)} == META[role] | FOR_EVERYBODY


def test_the_table_enters_the_trail_once(session: Session) -> None:
    first = note_table(session, at=NOW, by="portal serve", trail=TRAIL)
    second = note_table(session, at=NOW, by="portal serve", trail=TRAIL)

    assert first is not None
    assert second is None
    assert first.facts["sha256"] == table_digest()
    assert "audit.see auditadmin anywhere" in first.facts["permissions"]
    assert examine_trail(session, key=TRAIL.key).broken is None


def test_a_table_that_changed_enters_the_trail_again(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    note_table(session, at=NOW, by="portal serve", trail=TRAIL)
    wider = (*permissions(), told.Permission(Action.AUDIT_SEE, Role.SYSADMIN, Scope.ANYWHERE))
    monkeypatch.setattr(told, "permissions", lambda: wider)

    assert not is_table_noted(session)
    entry = note_table(session, at=NOW, by="portal serve", trail=TRAIL)

    assert entry is not None
    assert "audit.see sysadmin anywhere" in entry.facts["permissions"]
    assert noted_table(session).sha256 == entry.facts["sha256"]
    assert session.scalar(sa.select(sa.func.count()).select_from(AuditEntry)) == 2


@pytest.mark.parametrize("held", [Role.CITY, Role.SYSADMIN, Role.SECADMIN])
def test_an_administrator_holds_no_other_post(session: Session, held: Role) -> None:
    make_account(session, held, name="王示例")
    new = NewAccount("wang", "王示例", Role.AUDITADMIN, "31")

    with pytest.raises(InvalidInput, match="王示例"):
        open_account(session, new, password="long enough for anybody", at=NOW, strictness=DEMO, trail=TRAIL)


def test_nobody_with_an_administrators_post_is_given_a_business_post(session: Session) -> None:
    make_account(session, Role.SECADMIN, name="王示例")

    with pytest.raises(InvalidInput, match="王示例"):
        open_account(
            session,
            NewAccount("wang", "王示例", Role.CITY, "31"),
            password="long enough for anybody",
            at=NOW,
            strictness=DEMO,
            trail=TRAIL,
        )


def test_two_business_posts_and_a_closed_account_stand_in_nobodys_way(session: Session) -> None:
    make_account(session, Role.CITY, name="李示例")
    make_account(session, Role.SYSADMIN, name="赵示例", is_active=False)

    for number, (name, role) in enumerate((("李示例", Role.DISTRICT), ("赵示例", Role.AUDITADMIN))):
        new = NewAccount(f"new-{number}", name, role, "31")
        open_account(session, new, password="long enough for anybody", at=NOW, strictness=DEMO, trail=TRAIL)

    assert session.scalar(sa.select(sa.func.count()).select_from(Account)) == 4
