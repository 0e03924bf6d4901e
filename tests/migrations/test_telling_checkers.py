"""Who had a hand in what was in hand before the register kept it: read from the history of steps."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.migrating import downgrade_database, upgrade_database
from registry.dossiers.models import Dossier, DossierState
from registry.engine import make_engine
from registry.inspections.models import Inspection, InspectionState
from registry.workflow.models import WorkflowStep
from tests.dossiers_factories import make_dossier
from tests.factories import NOW, make_division, make_organisation
from tests.inspection_factories import make_inspection

BEFORE = "0026"


def took(session: Session, record: Inspection | Dossier, step: str, actor: str, principal: str = "") -> None:
    session.add(
        WorkflowStep(
            subject_type=record.__tablename__,
            subject_id=record.id,
            step=step,
            from_state="",
            to_state=record.state,
            actor_code=actor,
            actor_name=actor,
            principal_code=principal,
            principal_name=principal,
            at=NOW,
            reason="",
        )
    )


@pytest.fixture
def database(empty_database_url: str) -> Iterator[tuple[str, sa.Engine]]:
    """One inspection and one dossier in hand, one inspection that is over."""
    upgrade_database(empty_database_url)
    engine = make_engine(empty_database_url)
    with Session(engine) as session:
        make_division(session)
        organisation = make_organisation(session)
        told = make_inspection(session, organisation)
        closed = make_inspection(session, organisation, state=InspectionState.CLOSED, closed_at=NOW)
        dossier = make_dossier(session, state=DossierState.CORRECTED)
        for step, actor, principal in (
            ("record", "a", ""),
            ("change_finding", "b", "c"),
            ("notify", "d", ""),
            ("report", "e", ""),
        ):
            took(session, told, step, actor, principal)
        took(session, closed, "record", "a")
        took(session, dossier, "check", "a")
        took(session, dossier, "correct", "b", "c")
        session.commit()
    yield empty_database_url, engine
    engine.dispose()


def test_what_is_in_hand_knows_its_makers_and_what_is_over_needs_none(
    database: tuple[str, sa.Engine],
) -> None:
    url, engine = database
    downgrade_database(url, BEFORE)
    upgrade_database(url)

    with Session(engine) as session:
        told, closed = session.scalars(sa.select(Inspection).order_by(Inspection.id))
        assert (told.judged_by, closed.judged_by) == ("a b c", "")
        assert [finding.attempts for finding in told.findings] == [[]]
        assert session.scalars(sa.select(Dossier)).one().corrected_by == "b c"
