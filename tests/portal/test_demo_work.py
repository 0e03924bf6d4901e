"""The work that waits in the demonstration: an appointment, tasks between departments, a leaver's handover."""

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.build import WORLD_DAY
from registry.drafts.adopting import Adoption
from registry.organisations.models import Standing, StandingKind
from registry.provider_entries.adopting import adopt_standings as adopt_providers
from registry.provider_entries.models import IN_FORCE, ProviderEntry
from registry.station_filings.adopting import adopt_standings as adopt_stations
from tests.demonstration import TRAIL
from tests.factories import NOW


def test_tasks_between_departments_are_overdue_in_hand_replied_declined_and_closed(demo_session: Session):
    states = demo_session.execute(
        sa.text("SELECT to_role, state, due_on < :day FROM department_task ORDER BY id"),
        {"day": WORLD_DAY.isoformat()},
    )
    waiting = demo_session.execute(
        sa.text(
            "SELECT role, title FROM todo WHERE closed_at IS NULL AND milestone IS NULL"
            " AND subject_type = 'department_task' ORDER BY id"
        )
    )

    assert [(role, state, bool(late)) for role, state, late in states] == [
        ("finance", "sent", True), ("hr", "replied", True), ("dpf", "closed", True), ("police", "accepted", False),
        ("district", "sent", False), ("finance", "declined", False), ("district", "sent", False),
    ]  # fmt: skip
    assert list(waiting) == [
        ("finance", "答复部门任务"), ("police", "答复部门任务"), ("district", "核对部门任务的答复"),
        ("district", "答复部门任务"), ("district", "核对部门任务的答复"), ("district", "答复部门任务"),
    ]  # fmt: skip


def test_a_leaver_handed_his_open_work_over_and_his_position_ended(demo_session: Session):
    found = demo_session.execute(
        sa.text(
            "SELECT handover.state, leaver.username, successor.username, held.ended_on FROM handover"
            " JOIN position AS held ON held.id = position_id JOIN account AS leaver ON leaver.id = held.account_id"
            " JOIN position AS taken ON taken.id = successor_id"
            " JOIN account AS successor ON successor.id = taken.account_id"
        )
    ).one()
    lines = demo_session.execute(
        sa.text(
            "SELECT subject_type, count(*) FROM handover_line GROUP BY subject_type ORDER BY subject_type"
        )
    )

    assert tuple(found)[:3] == ("passed_on", "demo-district-former", "demo-district")
    assert str(found.ended_on) == "2026-11-20"
    assert dict(tuple(row) for row in lines) == {
        "address_change": 1, "appointment": 1, "department_task": 6, "education": 1,
        "enquiry": 2, "inspection": 1, "provider_entry": 1,
    }  # fmt: skip


def test_an_appointment_waits_for_the_district_and_gives_nobody_anything_before(demo_session: Session):
    asked = demo_session.execute(sa.text("SELECT state, role, division_code, account_id FROM appointment"))
    waiting = demo_session.execute(
        sa.text("SELECT role, title FROM todo WHERE subject_type = 'appointment' AND closed_at IS NULL")
    )

    assert list(asked) == [("asked", "street", "310101018", None)]
    assert list(waiting) == [("district", "复核岗位任命")]


def test_of_what_the_public_wrote_one_waits_one_was_passed_on_and_one_was_answered(demo_session: Session):
    states = demo_session.scalars(sa.text("SELECT state FROM enquiry ORDER BY received_at")).all()
    waiting = demo_session.scalars(
        sa.text(
            "SELECT role FROM todo WHERE closed_at IS NULL AND milestone IS NULL AND subject_type = 'enquiry'"
        )
    )

    assert states == ["answered", "passed_on", "received"]
    assert list(waiting) == ["district", "district"]


def test_inspections_are_closed_overdue_defended_and_waited_for(demo_session: Session):
    found = demo_session.execute(
        sa.text("SELECT state FROM inspection WHERE notified_at IS NOT NULL ORDER BY visited_on")
    )
    overdue = demo_session.scalar(
        sa.text("SELECT count(*) FROM finding WHERE settled_on IS NULL AND rectify_by < :today"),
        {"today": WORLD_DAY.isoformat()},
    )
    waiting = demo_session.execute(
        sa.text(
            "SELECT role, title FROM todo WHERE subject_type = 'inspection'"
            " AND closed_at IS NULL AND NOT is_notice ORDER BY role, id"
        )
    ).all()

    assert [state for (state,) in found] == ["closed", "notified", "defended", "notified"]
    assert overdue == 2
    assert ("district", "答复督导检查的陈述申辩") in waiting
    assert [role for role, _title in waiting].count("provider") == 2
    assert "city" not in [role for role, _title in waiting]


def test_every_standing_in_force_has_one_record_and_a_night_adds_none(demo_session: Session) -> None:
    """The entries and filings of the demonstration were brought over once, of a few nothing but the listing."""
    adoption = Adoption(WORLD_DAY, NOW, "portal jobs", TRAIL)
    assert adopt_providers(demo_session, adoption) == 0
    assert adopt_stations(demo_session, adoption) == 0
    in_force = sa.select(ProviderEntry).where(ProviderEntry.state.in_(IN_FORCE))
    entries = demo_session.scalars(in_force).all()
    held = sa.and_(Standing.granted_on <= WORLD_DAY, Standing.ended_on.is_(None))
    providers = sa.select(Standing.id).where(Standing.kind == StandingKind.PROVIDER, held)
    assert sorted(entry.standing_id or 0 for entry in entries) == sorted(demo_session.scalars(providers))
    assert {entry.adopted_on is not None for entry in entries} == {True}
    assert any(not entry.answers for entry in entries)
