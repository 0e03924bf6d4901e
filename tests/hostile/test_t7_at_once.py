"""T7 for threads: a double click of many hands, and many editors of one record, on a database of their own."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import Databases
from tests.demonstration import Demonstration
from tests.hostile.racing import double_clicks, lost_updates, race

Tell = Callable[[str], None]
HANDS, FORMS, EDITORS, ROUNDS = 5, 3, 5, 2


@pytest.fixture
def url(demonstration: Demonstration, databases: Databases) -> str:
    return databases.copy_of(demonstration.url)


def test_a_form_that_many_hands_send_at_once_is_applied_once(url: str, tmp_path: Path, tell: Tell) -> None:
    with race(url, tmp_path, sites=FORMS) as runners:
        faults = double_clicks(runners, hands=HANDS)

    tell(f"T7a: {FORMS} forms sent by {HANDS} hands at once, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def test_of_many_who_save_at_once_one_is_taken_and_all_others_are_told(
    url: str, tmp_path: Path, tell: Tell
) -> None:
    with race(url, tmp_path, sites=1) as runners:
        faults = lost_updates(runners, editors=EDITORS, rounds=ROUNDS)

    tell(f"T7b: {EDITORS} editors of one record in {ROUNDS} rounds, {len(faults)} faults")
    assert not faults, "\n".join(faults)
