"""T1a, T1b, T1c and T14 at their full counts, see tests/access; each prints what it counted."""

from collections.abc import Callable
from dataclasses import replace

from registry.access.models import Role
from tests.access.addresses import questions_of
from tests.access.canaries import forbidden_stars, words_in
from tests.access.conftest import stage
from tests.access.crawling import crawled, everything
from tests.access.expectation import rows, word_for
from tests.access.geography import home_of
from tests.access.reading import text_of_answer
from tests.access.stage import WHO, Stage, performance
from tests.access.test_t1b_hidden import hidden_questions, telling_differences
from tests.access.test_t1b_relations import related_questions, wrong_answers
from tests.access.visits import changed_tables, digests, visited

__all__ = ["stage"]

Tell = Callable[[str], None]
RESPONSES = 5_000


def test_every_cell_is_answered_alike_by_get_and_head_and_reading_changes_no_table(
    stage: Stage, tell: Tell
) -> None:
    cells, readings, wrong = 0, 0, []
    for who in WHO:
        written = {row.name: row.cells[who] for row in rows()}
        asked = questions_of(stage, who, rows())
        heads = [replace(one, method="HEAD") for one in asked if one.method == "GET"]
        with performance(stage) as connection:
            before = digests(connection)
            for one in (*asked, *heads):
                kept = connection.begin_nested()
                visit = visited(stage, connection, who, one)
                if visit.is_reading:
                    readings += 1
                    wrong += [
                        f"{visit} changed {name}" for name in changed_tables(before, digests(connection))
                    ]
                kept.rollback()
                cells += 1
                if word_for(visit.answer, one.method) != written[one.name]:
                    wrong.append(f"{visit}: {written[one.name]} was written")

    tell(f"T1a: {cells} cells, {len(wrong)} wrong")
    tell(f"T14: {readings} readings, each with the hash of all tables before and after")
    assert wrong == []


def test_every_relation_is_answered_as_it_was_written(stage: Stage, tell: Tell) -> None:
    cells = sum(len(list(related_questions(stage, role))) for role in Role)

    with performance(stage) as connection:
        wrong = [one for role in Role for one in wrong_answers(stage, connection, role, one_in=1)]

    tell(f"T1b: {cells} cells of address, relation and role, {len(wrong)} wrong")
    assert cells >= 1_500
    assert wrong == []


def test_every_hidden_record_is_answered_as_none(stage: Stage, tell: Tell) -> None:
    pairs = sum(len(list(hidden_questions(stage, role))) for role in Role) // 2

    with performance(stage) as connection:
        wrong = [one for role in Role for one in telling_differences(stage, connection, role, one_in=2)]

    tell(f"T1b: about {pairs} pairs of answers compared byte by byte, {len(wrong)} differ")
    assert wrong == []


def test_no_answer_of_a_long_crawl_holds_a_word_that_its_reader_may_not_see(stage: Stage, tell: Tell) -> None:
    responses, leaks, blind = 0, [], []
    for who in WHO:
        readable, found = stage.readable_by(who), set()
        for visit in crawled(stage, who, everything(stage, who, home_of(who)), links=3):
            text = text_of_answer(visit.answer)
            words = words_in(text) & stage.words
            leaks += [f"{visit}: {word}" for word in (*(words - readable), *forbidden_stars(who, text))]
            leaks += [str(visit)] if visit.answer.status_code >= 500 else []
            responses, found = responses + 1, found | words
        if who in set(Role):  # of a deputy half is asked: he is shown what his role is, and less
            blind += [f"{who}: {word}" for word in readable - found]

    tell(f"T1c: {responses} responses to {len(WHO)} accounts, {len(leaks)} forbidden words")
    assert responses >= RESPONSES
    assert leaks == blind == []
