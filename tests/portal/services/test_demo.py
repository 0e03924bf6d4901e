"""What the demonstration offers and has recorded."""

import sqlalchemy as sa
from sqlalchemy.orm import Session


def test_services_are_offered_and_activities_were_entered_late_corrected_and_struck_out(
    demo_session: Session,
):
    def count(condition: str) -> int:
        return demo_session.scalar(sa.text(f"SELECT count(*) FROM {condition}"))  # conditions of this test

    assert demo_session.scalars(sa.text("SELECT state FROM service_report ORDER BY id")).all() == [
        "returned",
        "submitted",
    ]
    assert count("service") > 200
    assert count("activity WHERE held_on < '2026-01-01'") > 1000
    assert count("activity WHERE held_on > entered_on") == 0
    assert count("activity WHERE entered_on > held_on") == 1
    assert count("activity WHERE corrected_on IS NOT NULL") == 1
    assert count("activity WHERE state = 'voided'") == 1
    assert count("service JOIN site ON site.id = site_id WHERE service.started_on < site.opened_on") == 0
    assert count("activity JOIN site ON site.id = site_id WHERE held_on < site.opened_on") == 0
