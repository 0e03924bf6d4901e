"""The sample workbooks of training, services, activities and legal entities: what the preview says of each."""

from datetime import datetime, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.build import WORLD_DAY
from portal.demo.more_samples import (
    ACTIVITIES_FAULTY,
    ORGANISATIONS_FAULTY,
    SERVICES_FAULTY,
    TRAINING_FAULTY,
)
from portal.demo.past_loads import LOADED_IN_PART, UNDONE
from portal.intake.judging import Upload, judged, kind_of
from registry.access.actors import Actor
from registry.access.models import Role
from registry.access.queries import account_by_username
from registry.clock import SHANGHAI
from registry.intake.declaration import Outcome
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.traces import Why
from registry.intake.undoing import undoing_from
from registry.workforce.models import Training
from tests.demonstration import Demonstration


@pytest.mark.parametrize(
    ("name", "kind", "role", "right", "wrong"),
    [
        (TRAINING_FAULTY, "training", Role.PROVIDER, 2, [(3, "B"), (4, "D"), (5, "C"), (6, "E")]),
        (SERVICES_FAULTY, "services", Role.PROVIDER, 2, [(3, "C"), (4, "F"), (5, "J"), (6, "M")]),
        (ACTIVITIES_FAULTY, "activities", Role.PROVIDER, 2, [(3, "C"), (4, "F"), (5, "G"), (6, "H")]),
        (ORGANISATIONS_FAULTY, "organisations", Role.CITY, 2, [(3, "B"), (4, "D"), (5, "F")]),
    ],
)
def test_each_sample_has_its_right_rows_and_its_named_faults(
    demo_session: Session,
    demonstration: Demonstration,
    name: str,
    kind: str,
    role: Role,
    right: int,
    wrong: list[tuple[int, str]],
) -> None:
    account = account_by_username(demo_session, f"demo-{role.value}")
    assert account is not None
    found = judged(
        demo_session,
        kind_of(kind),
        Upload(name, (demonstration.samples / name).read_bytes()),
        actor=Actor.of(account.positions[0]),
        at=datetime.combine(WORLD_DAY, datetime.min.time(), SHANGHAI) + timedelta(hours=12),
        seals=None,
    )

    assert found.counts == {Outcome.CREATE: right, Outcome.ERROR: len(wrong)}
    assert [(problem.row, problem.column) for problem in found.errors] == wrong


def run_of(session: Session, name: str) -> IntakeRun:
    return session.scalars(sa.select(IntakeRun).where(IntakeRun.file_name == name)).one()


def courses(session: Session, subject: str) -> list[float]:
    return [
        float(one) for one in session.scalars(sa.select(Training.hours).where(Training.subject == subject))
    ]


def test_of_a_past_workbook_the_rows_without_errors_were_loaded(demo_session: Session) -> None:
    run = run_of(demo_session, LOADED_IN_PART)

    assert (run.state, run.rows, run.create, run.left_out) == (IntakeState.COMMITTED, 5, 3, 2)
    assert run.left_out_rows == [[3, 3], [5, 5]]
    assert courses(demo_session, "家庭照护者支持") == [4.0, 4.0, 4.0]


def test_of_a_load_that_was_undone_the_corrected_row_stays(demo_session: Session) -> None:
    run = run_of(demo_session, UNDONE)

    undoing = undoing_from(run.undone)
    kept = [(one.table, one.why) for one in undoing.kept]
    assert (run.state, run.create, undoing.removed["training"]) == (IntakeState.UNDONE, 3, 2)
    assert kept == [("practitioner", Why.CHANGED)]
    assert courses(demo_session, "家庭照护者支持班") == [3.0]


def test_both_are_listed_where_they_were_sent_in(demo_session: Session) -> None:
    owners = {run_of(demo_session, name).actor_name for name in (LOADED_IN_PART, UNDONE)}

    assert owners == {"示例机构负责人"}
