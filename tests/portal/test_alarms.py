"""Whoever opens very many people is not stopped; the security administrator is told."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.alarms import raise_alarm, recent_alarms
from registry.access.models import Role
from registry.audit.models import AuditEntry, Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.clock import utc_now
from tests.factories import (
    NOW,
    make_account,
    make_actor,
    make_parameter,
    make_post,
    make_practitioner,
    make_provider,
)
from tests.portal.polite import Polite

TRAIL = Trail(b"a key of the test")


@pytest.fixture
def people(session: Session) -> list[str]:
    """Addresses of four people of one institution; more than two within an hour are many."""
    make_parameter(session, "sight.details_per_hour", 2)
    site = make_provider(session)
    found = [make_practitioner(session) for _ in range(4)]
    for person in found:
        make_post(session, person, site)
    session.commit()
    return [f"/workforce/{person.code}" for person in found]


def alarms(session: Session) -> list[AuditEntry]:
    session.expire_all()
    told = sa.select(AuditEntry).where(AuditEntry.action == "sight.alarm")
    return list(session.scalars(told.order_by(AuditEntry.sequence)))


def test_the_third_person_raises_an_alarm_and_is_shown(
    client: FlaskClient, session: Session, sign_in, people: list[str]
) -> None:
    actor = sign_in(Role.DISTRICT)
    assert [client.get(url).status_code for url in people[:2]] == [200, 200]
    assert alarms(session) == []

    assert client.get(people[2]).status_code == 200

    (alarm,) = alarms(session)
    assert (alarm.actor_code, alarm.subject_type, alarm.subject_code) == (actor.code, "account", actor.code)
    assert alarm.facts == {"opened": 3, "minutes": 60}


def test_one_alarm_an_hour_is_enough(
    client: FlaskClient, session: Session, sign_in, people: list[str]
) -> None:
    sign_in(Role.DISTRICT)
    for url in (*people, *people):
        client.get(url)

    assert len(alarms(session)) == 1


def test_lists_and_refused_pages_raise_none(
    client: FlaskClient, session: Session, sign_in, people: list[str]
) -> None:
    sign_in(Role.DISTRICT, division_code="310104")
    for url in (*people, "/workforce", "/workforce", "/workforce"):
        client.get(url)

    assert alarms(session) == []


def see(session: Session, actor, at) -> bool:
    """As looking at somebody does."""
    record_entry(
        session,
        trail=TRAIL,
        at=at,
        actor_code=actor.code,
        actor_name=actor.name,
        action="practitioner.see",
        result=Result.DONE,
        subject_type="practitioner",
        subject_code="p",
        division_code="310101",
        facts={},
    )
    return raise_alarm(session, actor, at=at, trail=TRAIL)


def test_the_hour_moves_on(session: Session) -> None:
    make_parameter(session, "sight.details_per_hour", 2)
    actor = make_actor(session, Role.DISTRICT)

    raised = [
        see(session, actor, NOW + timedelta(minutes=minute)) for minute in (0, 20, 59, 61, 100, 125, 126, 127)
    ]

    assert raised == [False, False, True, False, False, False, True, False]


def test_colleagues_are_not_added_up(session: Session) -> None:
    make_parameter(session, "sight.details_per_hour", 2)
    actors = [make_actor(session, Role.DISTRICT) for _ in range(4)]

    assert not any(see(session, actor, NOW) for actor in actors)


def test_the_newest_alarms_come_first_and_old_ones_are_forgotten(session: Session) -> None:
    make_parameter(session, "sight.details_per_hour", 0)
    for days in (40, 2, 1):
        see(session, make_actor(session, Role.DISTRICT, name=f"李{days}"), NOW - timedelta(days=days))

    assert [alarm.name for alarm in recent_alarms(session, at=NOW)] == ["李1", "李2"]


def test_the_security_administrator_reads_it_on_the_home_page(
    polite: Polite, session: Session, sign_in
) -> None:
    make_parameter(session, "sight.details_per_hour", 0)
    account = make_account(session, Role.DISTRICT, name="王示例")
    sign_in(Role.SECADMIN)
    assert "最近30天没有账号在短时间内查看过多人员" in polite.get("/").main
    see(session, Actor.of(account.positions[0]), utc_now())
    session.commit()

    page = polite.get("/").main
    assert f"，王示例（账号编号{account.code}）一小时内打开了1人" in page


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.AUDITADMIN, Role.CITY])
def test_nobody_else_does(polite: Polite, session: Session, sign_in, role: Role) -> None:
    sign_in(role)

    assert "安全提醒" not in polite.get("/").main
