"""Jobs: done once whatever happens to the worker, at night, and without a word to the outside."""

import fcntl
import hashlib
import signal
import threading
import time
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal import jobs, nightly
from portal.documents.job import make_document
from portal.settings import Profile, Settings
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.documents.models import Annex, DocumentState, IssuedDocument
from registry.documents.operations import ask_for_document
from registry.engine import make_engine
from registry.policy.models import FigureSnapshot, InstitutionSnapshot, SnapshotKind
from registry.workforce.models import Practitioner
from tests.factories import NOW, make_actor, make_question
from tests.portal.jobs_program import DAY, PATIENCE_SECONDS, SECRET
from tests.portal.workers import (
    DIVISIONS,
    FROZEN,
    Worker,
    counts_of_night,
    expected,
    fill,
    kill_and_finish,
    worker,
)

__all__ = ["worker"]


def test_a_part_done_twice_keeps_each_reading_once(session: Session) -> None:
    fill(session)
    for _ in range(2):
        assert nightly.do_part(session, "qualified-share/assigned", DAY, NOW) == len(DIVISIONS)
    kept = list(session.scalars(sa.select(FigureSnapshot).order_by(FigureSnapshot.division_code)))
    assert [(row.division_code, row.numerator, row.denominator) for row in kept] == [
        (code, 3, 10) for code in DIVISIONS
    ]
    assert [(row.target_numerator, row.target_denominator) for row in kept] == [(None, None)] + [(3, 10)] * 4


def test_an_assessment_that_is_due_is_frozen_once(session: Session) -> None:
    fill(session)
    counts = [nightly.do_part(session, "assessments", day, NOW) for day in (date(2025, 12, 30), DAY, DAY)]
    assert counts == [0, FROZEN, 0]
    frozen = list(session.scalars(sa.select(FigureSnapshot)))
    assert {(row.kind, row.on) for row in frozen} == {(SnapshotKind.FROZEN, date(2025, 12, 31))}
    institutions = list(session.scalars(sa.select(InstitutionSnapshot)))
    assert {(row.on, row.numerator, row.denominator) for row in institutions} == {(date(2025, 12, 31), 3, 10)}
    assert {(row.target_numerator, row.target_denominator) for row in institutions} == {(3, 10)}


YEAR_END = date(2026, 12, 31)
SHARE, HEADS = "year-end/certified-share/assigned", "year-end/staff-per-10000/assigned"


def nights(session: Session, *days: date) -> list[int]:
    """Each night keeps the certified share, then freezes what is due; how much that was."""
    counts = []
    for day in days:
        nightly.do_part(session, "certified-share/assigned", day, NOW)
        counts.append(nightly.do_part(session, SHARE, day, NOW))
    return counts


def frozen_on(session: Session) -> list[tuple[date, str]]:
    frozen = sa.select(FigureSnapshot).where(FigureSnapshot.kind == SnapshotKind.FROZEN)
    rows = session.scalars(frozen.order_by(FigureSnapshot.on, FigureSnapshot.division_code))
    return [(row.on, row.division_code) for row in rows]


def test_a_figure_without_a_target_is_frozen_by_the_night_that_closes_the_year_and_once(
    session: Session,
) -> None:
    fill(session)

    counts = nights(session, date(2026, 12, 30), YEAR_END, YEAR_END, date(2027, 1, 1))

    assert counts == [0, len(DIVISIONS) + 1, 0, 0]  # and one institution
    assert frozen_on(session) == [(YEAR_END, code) for code in DIVISIONS]


def test_a_year_end_whose_night_was_missed_is_frozen_by_the_next_one(session: Session) -> None:
    fill(session)

    counts = nights(session, date(2025, 6, 30), date(2027, 1, 4))

    assert counts == [0, 2 * (len(DIVISIONS) + 1)]
    assert {day for day, _ in frozen_on(session)} == {date(2025, 12, 31), YEAR_END}


def test_a_year_that_ended_before_the_first_night_is_not_frozen(session: Session) -> None:
    fill(session)

    assert nights(session, date(2026, 1, 1)) == [0]
    assert nightly.do_part(session, HEADS, date(2026, 1, 1), NOW) == 0


def test_a_verdict_of_the_same_day_is_the_year_end_and_the_country_is_added_to_it(session: Session) -> None:
    fill(session)
    assessed_on = date(2025, 12, 31)
    nightly.do_part(session, "assessments", assessed_on, NOW)
    nightly.do_part(session, "qualified-share/assigned", assessed_on, NOW)

    counts = [
        nightly.do_part(session, "year-end/qualified-share/assigned", assessed_on, NOW) for _ in range(2)
    ]

    assert counts == [1, 0]
    of_rule = FigureSnapshot.counting_rule == "assigned"
    frozen = sa.select(FigureSnapshot.division_code).where(
        of_rule, FigureSnapshot.kind == SnapshotKind.FROZEN
    )
    assert sorted(session.scalars(frozen)) == sorted(DIVISIONS)


def test_a_figure_per_head_is_frozen_for_divisions_and_for_no_institution(session: Session) -> None:
    fill(session)
    nightly.do_part(session, "staff-per-10000/assigned", YEAR_END, NOW)

    counts = [nightly.do_part(session, HEADS, YEAR_END, NOW) for _ in range(2)]

    assert counts == [len(DIVISIONS), 0]
    assert session.scalars(sa.select(InstitutionSnapshot)).all() == []


def test_the_people_who_were_counted_are_kept_by_code_and_add_up_to_the_number(session: Session) -> None:
    fill(session)
    nightly.do_part(session, "assessments", DAY, NOW)

    (kept,) = session.scalars(
        sa.select(InstitutionSnapshot).where(InstitutionSnapshot.counting_rule == "assigned")
    )

    assert kept.people is not None
    (people,) = kept.people.values()
    assert list(kept.people) == ["310101002"]
    assert (len(people["holders"]), len(people["others"])) == (3, 7)
    everybody = set(session.scalars(sa.select(Practitioner.code)))
    assert everybody == {*people["holders"], *people["others"]}


def test_a_night_closes_the_day_before_in_shanghai() -> None:
    assert jobs.ended_day(datetime(2026, 11, 23, 18, 10, tzinfo=UTC)) == date(2026, 11, 23)


def test_the_snapshot_is_taken_at_ten_past_two() -> None:
    assert jobs.SNAPSHOT.cron == "10 2 * * *"


@pytest.fixture
def idle_settings(tmp_path: Path) -> Settings:
    return Settings(
        home=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'portal.sqlite'}",
        profile=Profile.DEMO,
        secret_key=SECRET,
        audit_key=SECRET,
    )


def test_a_worker_starts_though_somebody_asks_at_that_moment_whether_one_is_at_work(
    idle_settings: Settings,
) -> None:
    asking = (idle_settings.home / "jobs-worker-1.lock").open("a")
    fcntl.flock(asking, fcntl.LOCK_EX)
    done = threading.Timer(0.2, asking.close)
    done.start()

    with jobs._only_worker(idle_settings, "worker-1"):
        assert asking.closed
    done.join()


def test_a_second_worker_of_the_same_name_is_refused(idle_settings: Settings) -> None:
    settings = idle_settings
    with (
        jobs._only_worker(settings, "worker-1"),
        jobs._only_worker(settings, "worker-2"),
        pytest.raises(jobs.WorkerRuns),
        jobs._only_worker(settings, "worker-1"),
    ):
        pass


def test_a_job_killed_in_the_middle_is_done_exactly_once_after_the_restart(worker: Worker) -> None:
    kill_and_finish(worker)


def test_a_worker_does_what_its_schedule_says_and_calls_nobody_outside(worker: Worker) -> None:
    counts = worker.run("worker")
    assert counts == counts_of_night()
    assert worker.called == ""
    assert worker.begun == list(nightly.parts_of_night())


def test_the_command_does_a_job_at_once(worker: Worker) -> None:
    done = worker.command("jobs", "run", "--once", "snapshot", "--on", DAY.isoformat())
    output, errors = done.communicate(timeout=PATIENCE_SECONDS)
    assert done.returncode == 0, errors
    assert "2026-11-22 qualified-share/assigned: 5" in output
    assert worker.kept() == expected()


def test_a_worker_that_is_told_to_stop_ends_in_good_order(worker: Worker) -> None:
    running = worker.command("jobs", "run")
    assert running.stdout is not None
    assert "worker-1 is at work" in running.stdout.readline()
    time.sleep(1)  # some of its threads are still starting
    running.send_signal(signal.SIGTERM)
    _, errors = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0, errors


@pytest.fixture
def document(worker: Worker) -> str:
    """One that is waited for."""
    return asked_for(worker)


def asked_for(worker: Worker) -> str:
    """The check code of a briefing on Huangpu with its people, which a worker is to make."""
    engine = make_engine(worker.url)
    with Session(engine) as session:
        question = make_question(on=DAY, annex=Annex.PEOPLE)
        actor = make_actor(session, Role.DISTRICT)
        code = ask_for_document(session, question, pages=12, actor=actor, at=NOW).code
        session.commit()
    engine.dispose()
    return code


def test_a_document_whose_worker_was_killed_is_made_once_by_the_next(worker: Worker, document: str) -> None:
    worker.cut_off("document-cut")
    assert documents(worker) == [(document, DocumentState.WORKING, None)]
    assert not (worker.home / "documents").exists()

    worker.run("document")

    data = (worker.home / "documents" / f"{document}.pdf").read_bytes()
    assert documents(worker) == [(document, DocumentState.DONE, hashlib.sha256(data).hexdigest())]
    assert entries_of(worker, document) == 1
    assert worker.called == ""


def test_a_document_that_cannot_be_kept_says_why(worker: Worker, document: str) -> None:
    (worker.home / "documents").write_text("a file where the folder should be")
    engine = make_engine(worker.url)

    make_document(worker.settings, engine, document, NOW)

    engine.dispose()
    assert [(code, state) for code, state, _digest in documents(worker)] == [(document, DocumentState.FAILED)]
    assert entries_of(worker, document) == 0


def test_a_document_that_breaks_its_job_tells_whoever_waits(
    worker: Worker, document: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_arguments: object, **_options: object) -> None:
        raise RuntimeError("a fault of ours")

    monkeypatch.setattr("portal.documents.job.make", fail)
    engine = make_engine(worker.url)

    with pytest.raises(RuntimeError):
        make_document(worker.settings, engine, document, NOW)

    engine.dispose()
    assert [(code, state) for code, state, _digest in documents(worker)] == [(document, DocumentState.FAILED)]


def test_whether_a_worker_is_at_work_is_known_by_its_lock(worker: Worker) -> None:
    assert not jobs.is_worker_at_work(worker.settings)
    with jobs._only_worker(worker.settings, "worker-2"):
        assert jobs.is_worker_at_work(worker.settings)
    assert not jobs.is_worker_at_work(worker.settings)


def test_what_is_asked_for_twice_is_done_once(worker: Worker) -> None:
    worker.run("document")  # the first worker makes the job store
    document = asked_for(worker)
    for _ in range(2):
        jobs.ask_for(worker.settings, jobs.DOCUMENT, document)

    worker.run("document")

    assert entries_of(worker, document) == 1


def test_a_worker_beside_another_process_ends_with_it(worker: Worker) -> None:
    running = worker.command("jobs", "run", "--beside", "1")  # which is not its parent
    _, errors = running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 0, errors


def documents(worker: Worker) -> list[tuple[str, DocumentState, str | None]]:
    engine = make_engine(worker.url)
    with engine.connect() as connection:
        columns = (IssuedDocument.code, IssuedDocument.state, IssuedDocument.sha256)
        found = [tuple(row) for row in connection.execute(sa.select(*columns))]
    engine.dispose()
    return found


def entries_of(worker: Worker, document: str) -> int:
    engine = make_engine(worker.url)
    with engine.connect() as connection:
        about = sa.select(sa.func.count()).where(AuditEntry.subject_code == document)
        found = connection.execute(about).scalar_one()
    engine.dispose()
    return found


def test_a_job_that_nobody_knows_is_refused(worker: Worker) -> None:
    asked = worker.command("jobs", "run", "--once", "nonsense")
    _, errors = asked.communicate(timeout=PATIENCE_SECONDS)
    assert (asked.returncode, "known: snapshot" in errors) == (2, True)


def test_a_second_worker_is_refused_by_the_command(worker: Worker) -> None:
    with jobs._only_worker(worker.settings, "worker-1"):
        asked = worker.command("jobs", "run")
        _, errors = asked.communicate(timeout=PATIENCE_SECONDS)
    assert (asked.returncode, "worker-1 is at work already" in errors) == (2, True)
