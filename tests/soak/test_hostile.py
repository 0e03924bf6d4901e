"""T1d, T2, T3, T4 and T7 at their full counts, see tests/hostile.

Of T2 each text box meets a quarter of all strings, another one each time, and each form 60 submissions that are made
up anew each time: what fits the hour that all long counts may take.
"""

from collections.abc import Callable
from pathlib import Path
from random import sample

import pytest

from tests.databases import Databases
from tests.demonstration import Demonstration
from tests.hostile.asking import addresses_to_ask, asked_wrongly
from tests.hostile.conftest import everything, forms, stage
from tests.hostile.crawling import Finds, distinct, finds_of
from tests.hostile.forging import faults_of_other_choices, refusals
from tests.hostile.forms import FoundForm
from tests.hostile.fuzzing import Share, fuzzed
from tests.hostile.racing import double_clicks, lost_updates, race
from tests.hostile.scene import VISITORS
from tests.hostile.showing import marked_answers
from tests.hostile.stage import Stage
from tests.hostile.strings import NO_BROWSER_SENDS, naughty

__all__ = ["everything", "forms", "stage"]

Tell = Callable[[str], None]
QUARTER = sample(naughty(), len(naughty()) // 4)
FULL = Share((*QUARTER, *NO_BROWSER_SENDS), made_up=60, made_up_for_buttons=20, is_repeatable=False)
EACH = 30
"""Things that each parameter is asked: a list with four parameters is asked more than a hundred."""
FORMS, HANDS = 50, 20
EDITORS, ROUNDS = 30, 20


@pytest.fixture(scope="session")
def of_everybody(stage: Stage) -> list[Finds]:
    """What every role finds."""
    return [finds_of(stage, stage.visitors[name]) for name in VISITORS]


def test_no_role_finds_a_form_that_the_quick_visitors_do_not(
    of_everybody: list[Finds], forms: list[FoundForm], tell: Tell
) -> None:
    found = distinct(form for finds in of_everybody for form in finds.forms if form.method == "POST")

    pages = sum(len(finds.seen) for finds in of_everybody)
    tell(f"T2: {pages} pages read by {len(of_everybody)} visitors, {len(found)} forms")
    assert {form.key for form in found} <= {form.key for form in forms}


def test_whatever_is_sent_is_kept_or_comes_back_with_a_word(
    stage: Stage, forms: list[FoundForm], tell: Tell
) -> None:
    tally = fuzzed(stage, forms, FULL)

    tell(f"T2: {tally}")
    assert not tally.faults, "\n".join(tally.faults)


def test_no_parameter_breaks_an_answer_or_brings_records_of_others(
    stage: Stage, everything: list[Finds], tell: Tell
) -> None:
    asked = asked_wrongly(stage, addresses_to_ask(stage, everything), each=EACH, first=0)

    tell(f"T3: {asked}")
    assert not asked.faults, "\n".join(asked.faults)


def test_markup_in_every_column_of_words_runs_nowhere(
    stage: Stage, of_everybody: list[Finds], forms: list[FoundForm], tell: Tell
) -> None:
    pages = [(finds.visitor, seen.url) for finds in of_everybody for seen in finds.seen]

    marked = marked_answers(stage, pages, forms)

    tell(f"T4: {marked}")
    assert not marked.faults, "\n".join(marked.faults[:40])


def test_a_form_of_somebody_elses_page_is_refused_and_that_is_written_down(
    stage: Stage, forms: list[FoundForm], tell: Tell
) -> None:
    found = [(form, *one) for form in forms for one in refusals(stage, form, stage.visitors.values())]

    faults = [f"{form} sent by {visitor.name}: {fault}" for form, visitor, told in found for fault in told]
    tell(f"T1d: {len(found)} forms sent by others, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def test_what_belongs_to_others_is_not_taken_where_a_form_does_not_offer_it(
    stage: Stage, forms: list[FoundForm], tell: Tell
) -> None:
    found = [(form, *faults_of_other_choices(stage, form)) for form in forms]

    faults = [f"{form}: {fault}" for form, _, told in found for fault in told]
    tell(f"T1d: {sum(tried for _, tried, _ in found)} choices that were not offered, {len(faults)} faults")
    assert not faults, "\n".join(faults)


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
