"""Counting for all processes of a machine together, and never at the cost of an answer."""

import multiprocessing
from pathlib import Path

import pytest

from portal.counters import Counters

NOW = 1_795_600_000.0
PROCESSES, EACH = 4, 50


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "rates.sqlite"


def numbers(counters: Counters, *times: float, key: str = "k") -> list[int]:
    return [counters.count(key, seconds=60, now=NOW + seconds).number for seconds in times]


def test_time_begins_with_the_first_and_then_begins_anew(file: Path) -> None:
    counters = Counters(file)

    assert numbers(counters, 0, 30, 59.9, 60, 61, 120) == [1, 2, 3, 1, 2, 1]
    assert counters.count("k", seconds=60, now=NOW + 130).until == NOW + 180
    counters.close()


def test_each_key_is_counted_by_itself(file: Path) -> None:
    counters = Counters(file)

    assert numbers(counters, 0, 0, key="a") + numbers(counters, 0, key="b") == [1, 2, 1]
    counters.close()


def test_two_of_them_on_one_file_count_together(file: Path) -> None:
    first, second = Counters(file), Counters(file)

    assert numbers(first, 0) + numbers(second, 1) + numbers(first, 2) == [1, 2, 3]
    first.close()
    second.close()


def count_often(file: Path) -> None:
    counters = Counters(file)
    for _ in range(EACH):
        assert counters.count("k", seconds=60, now=NOW) is not None
    counters.close()


def test_processes_count_together_and_lose_nothing(file: Path) -> None:
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=count_often, args=(file,)) for _ in range(PROCESSES)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()

    counters = Counters(file)
    assert [worker.exitcode for worker in workers] == [0] * PROCESSES
    assert numbers(counters, 0) == [PROCESSES * EACH + 1]
    counters.close()


def test_what_is_over_is_swept_away(file: Path) -> None:
    counters = Counters(file)
    for number in range(20):
        counters.count(f"address {number}", seconds=60, now=NOW)

    counters.count("k", seconds=60, now=NOW + 130)

    left = counters._open().execute("SELECT key FROM counted").fetchall()
    assert left == [("k",)]
    counters.close()


def test_a_spoilt_file_is_begun_anew(file: Path) -> None:
    file.write_bytes(b"no database" * 1000)
    counters = Counters(file)

    assert counters.count("k", seconds=60, now=NOW) is None
    assert numbers(counters, 0) == [1]
    counters.close()


def test_where_nothing_can_be_counted_nobody_is_held_up(tmp_path: Path) -> None:
    counters = Counters(tmp_path / "missing" / "rates.sqlite")

    assert counters.count("k", seconds=60, now=NOW) is None
