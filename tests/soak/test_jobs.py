"""Workers killed again and again, and two at work at once."""

import pytest

from portal import nightly
from tests.portal.workers import Worker, finished, kill_and_finish, worker

__all__ = ["worker"]


@pytest.mark.parametrize("cycle", range(20))
def test_a_job_survives_being_killed_again_and_again(worker: Worker, cycle: int) -> None:
    kill_and_finish(worker)


def test_of_two_workers_one_does_the_scheduled_run(worker: Worker) -> None:
    idle = worker.start("idle", "worker-2")
    worker.run("worker")
    finished(idle)
    assert worker.begun == list(nightly.parts_of_night())
