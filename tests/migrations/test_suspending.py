"""0029: what was suspended by its state is listed and suspended beside it, and back."""

from datetime import UTC, date, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import downgrade_database, upgrade_database
from registry.engine import make_engine
from registry.provider_entries.models import ProviderEntry
from registry.workflow.models import WorkflowStep
from tests.entry_factories import make_entry
from tests.factories import make_division, make_organisation, make_site, make_standing

NEW_YEAR = datetime(2026, 12, 31, 17, tzinfo=UTC)
"""The first of January in Shanghai."""
ENTRY = sa.table("provider_entry", sa.column("state"), sa.column("suspended_on", sa.Date), sa.column("id"))


def suspended_on(engine: sa.Engine) -> list[tuple[str, date | None]]:
    with engine.connect() as connection:
        found = sa.select(ENTRY.c.state, ENTRY.c.suspended_on).order_by(ENTRY.c.id)
        return [(row.state, row.suspended_on) for row in connection.execute(found)]


def step_of(entry: ProviderEntry) -> WorkflowStep:
    return WorkflowStep(
        subject_type="provider_entry",
        subject_id=entry.id,
        step="suspend",
        from_state="listed",
        to_state="suspended",
        actor_code="",
        actor_name="李示例",
        at=NEW_YEAR,
        reason="消防整改",
    )


@pytest.fixture
def loaded(empty_database_url: str) -> sa.Engine:
    """One with a history, one brought over without, one that is listed."""
    upgrade_database(empty_database_url)
    engine = make_engine(empty_database_url)
    with Session(engine) as session:
        for code in ("31", "310101", "310101002"):
            make_division(session, code)
        entries = []
        for name in ("甲", "乙", "丙"):
            site = make_site(session, make_organisation(session, name=name))
            standing = make_standing(session, site.organisation)
            entries.append(
                make_entry(session, site, state="listed", standing=standing, confirmed_on=date(2025, 5, 6))
            )
        session.add(step_of(entries[0]))
        entries[0].suspended_on = entries[1].suspended_on = date(2026, 1, 1)
        session.commit()
    return engine


def test_a_suspension_goes_down_into_the_state_and_comes_up_with_its_day(
    loaded: sa.Engine, empty_database_url: str
) -> None:
    downgrade_database(empty_database_url, "0026")
    with loaded.connect() as connection:
        states = list(connection.scalars(sa.select(ENTRY.c.state).order_by(ENTRY.c.id)))
    assert states == ["suspended", "suspended", "listed"]
    upgrade_database(empty_database_url)
    assert suspended_on(loaded) == [
        ("listed", date(2027, 1, 1)),
        ("listed", date(2025, 5, 6)),
        ("listed", None),
    ]
    loaded.dispose()
