"""Reports of services from before they were drafts: every word is carried over, and back."""

from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import downgrade_database, upgrade_database
from registry.drafts.models import DraftRound
from registry.engine import make_engine
from registry.services.models import ServiceReport
from registry.workflow.models import WorkflowStep
from tests.factories import NOW, make_account, make_division, make_provider
from tests.services_factories import make_service

BEFORE = "0026"
ASKED = NOW.strftime("%Y-%m-%d %H:%M:%S")
COLUMNS: dict[str, Any] = {
    "state": "draft",
    "kind": "new",
    "title": "同伴支持小组",
    "place": "",
    "weekdays": "24",
    "hours": "14:00–16:00",
    "capacity": 8,
    "fee": "20.50",
    "fee_note": "午餐另付",
    "contact": "值班社工",
    "phone": "021-00000000",
    "service_kind": "RS08",
    "effective_on": "2026-12-01",
    "explanation": "",
    "asked_at": ASKED,
    "submitted_at": None,
    "is_example": False,
    "version": 3,
    "service_id": None,
}
ANSWERS = {
    "title": "同伴支持小组",
    "weekdays": ["2", "4"],
    "hours": "14:00–16:00",
    "capacity": "8",
    "charge": "paid",
    "fee": "20.50",
    "fee_note": "午餐另付",
    "contact": "值班社工",
    "phone": "021-00000000",
    "service_kind": "RS08",
    "effective_on": "2026-12-01",
}
SUBMITTED = {
    "subject_type": "service_report",
    "step": "submit",
    "from_state": "draft",
    "to_state": "submitted",
    "principal_code": "",
    "principal_name": "",
    "at": NOW,
    "reason": "",
}
HANDED_IN = {"state": "returned", "submitted_at": ASKED}


@pytest.fixture
def old(empty_database_url: str) -> Iterator[tuple[str, sa.Engine, dict[str, Any]]]:
    """A database of before, with a service and whatever a report names."""
    upgrade_database(empty_database_url)
    engine = make_engine(empty_database_url)
    with Session(engine) as session:
        make_division(session)
        site = make_provider(session)
        service = make_service(session, site)
        named = {
            "site_id": site.id,
            "organisation_id": site.organisation_id,
            "division_code": site.division_code,
            "asked_by_id": make_account(session).id,
        }
        session.commit()
        service_id = service.id
    downgrade_database(empty_database_url, BEFORE)
    yield empty_database_url, engine, {"named": named, "service_id": service_id}
    engine.dispose()


def insert(engine: sa.Engine, known: dict[str, Any], code: str, **facts: Any) -> None:
    values = COLUMNS | known["named"] | {"code": code} | facts
    names = ", ".join(values)
    with engine.begin() as connection:
        connection.execute(
            sa.text(
                f"INSERT INTO service_report ({names}) VALUES ({', '.join(':' + name for name in values)})"
            ),
            values,
        )


def reports(engine: sa.Engine) -> dict[str, ServiceReport]:
    with Session(engine, expire_on_commit=False) as session:
        return {one.code: one for one in session.scalars(sa.select(ServiceReport))}


def test_what_columns_said_is_said_by_answers_and_comes_back(old) -> None:
    url, engine, known = old
    insert(engine, known, "new")
    insert(engine, known, "empty", title="", weekdays="", capacity=None, fee=None, service_kind=None)
    with engine.connect() as connection:
        before = connection.execute(sa.text("SELECT * FROM service_report ORDER BY code")).mappings().all()

    upgrade_database(url)

    found = reports(engine)
    assert (found["new"].answers, found["new"].base_answers) == (ANSWERS, {})
    assert found["new"].version == 3
    assert found["empty"].answers["charge"] == "unknown"
    assert not {"title", "weekdays", "capacity", "fee", "service_kind"} & set(found["empty"].answers)

    downgrade_database(url, BEFORE)
    with engine.connect() as connection:
        after = connection.execute(sa.text("SELECT * FROM service_report ORDER BY code")).mappings().all()
    assert [dict(row) for row in after] == [dict(row) for row in before]


def test_a_change_in_hand_stands_beside_its_service_and_one_that_is_over_does_not(old) -> None:
    url, engine, known = old
    change = {"kind": "change", "service_id": known["service_id"]}
    insert(engine, known, "hand", **change, **HANDED_IN)
    insert(engine, known, "over", **change, state="confirmed", submitted_at=ASKED)

    upgrade_database(url)

    found = reports(engine)
    assert found["hand"].base_answers["title"] == "生活技能小组"
    assert found["hand"].base_answers["weekdays"] == ["1", "3", "5"]
    assert found["hand"].base_answers["charge"] == "free"
    assert found["over"].base_answers == {}


def test_what_was_handed_in_is_a_round_and_a_draft_is_none(old) -> None:
    url, engine, known = old
    insert(engine, known, "draft")
    insert(engine, known, "back", id=7, **HANDED_IN)
    with Session(engine) as session:
        for name in ("李示例", "王示例"):
            session.add(WorkflowStep(**SUBMITTED, subject_id=7, actor_code=name, actor_name=name))
        session.commit()

    upgrade_database(url)

    with Session(engine) as session:
        (kept,) = session.scalars(sa.select(DraftRound))
        assert (kept.number, kept.answers["title"], kept.actor_name) == (1, "同伴支持小组", "王示例")
        assert kept.subject_id == 7


def test_the_end_of_a_service_says_when_and_why_alone(old) -> None:
    url, engine, known = old
    insert(engine, known, "end", kind="end", service_id=known["service_id"], explanation="场地收回")

    upgrade_database(url)

    assert reports(engine)["end"].answers == {"effective_on": "2026-12-01", "explanation": "场地收回"}
