"""The charities and associations of the demonstration: every case once, and lists to load."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.dossiers import ASSOCIATIONS_RIGHT, CHARITIES_FAULTY, CHARITIES_RIGHT
from portal.intake.judging import Upload, judged, kind_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import SHANGHAI
from registry.dossiers.models import Dossier
from registry.intake.declaration import Outcome
from registry.intake.preview import Preview
from tests.demonstration import Demonstration


def test_every_case_of_a_dossier_stands_once(demo_session: Session):
    states = demo_session.execute(
        sa.text("SELECT state, count(*) FROM dossier GROUP BY state ORDER BY state")
    )
    waiting = demo_session.execute(
        sa.text(
            "SELECT role, division_code, is_notice FROM todo"
            " WHERE closed_at IS NULL AND subject_type LIKE 'dossier%' ORDER BY role"
        )
    )
    missing = demo_session.scalar(sa.text("SELECT count(*) FROM dossier WHERE missing_on IS NOT NULL"))
    merged = demo_session.scalar(sa.text("SELECT count(*) FROM organisation_succession WHERE kind = 'merge'"))

    assert list(states) == [("brought_in", 3), ("checked", 7), ("differs", 1)]
    assert [tuple(row) for row in waiting] == [
        ("association", "310101013", 1),  # of the dossier that differs, to whoever holds an account there
        ("charity", "310101013", 1),
        ("district", "310101013", 0),  # the remark of the foundation
    ]
    assert (missing, merged) == (1, 1)


def test_the_faulty_list_has_its_three_faults_and_the_right_one_loads(
    demo_session: Session, demonstration: Demonstration
) -> None:
    at = datetime.combine(demonstration_day(demo_session), time(12), SHANGHAI)
    city = Actor(1, "a1", "demo-city", "示例市级经办", Role.CITY, "31")

    def found(kind: str, name: str) -> Preview:
        upload = Upload(name, (demonstration.samples / name).read_bytes())
        return judged(demo_session, kind_of(kind), upload, actor=city, at=at, seals=None)

    assert [one.row for one in found("charities", CHARITIES_FAULTY).errors] == [3, 4, 5]
    right = found("charities", CHARITIES_RIGHT)
    assert right.errors == ()
    assert (right.count(Outcome.CREATE), right.count(Outcome.UPDATE)) == (0, 8)
    assert found("associations", ASSOCIATIONS_RIGHT).errors == ()


def demonstration_day(session: Session) -> date:
    """A day after the newest list."""
    return max(date(2026, 11, 23), session.scalar(sa.select(sa.func.max(Dossier.listed_on))) or date.min)
