"""T1c: no answer to anybody holds a word that his role may not see, and each word that he may see is found.

The words and who may see them: canaries.py. Read are the answers of a look at every person, list and file; those of the
tour are read in test_tours.py. What stands in files of the machine is asked in tests/portal/test_canaries.py.
"""

import logging

import pytest

from registry.access.models import Role
from registry.workforce.models import Practitioner
from tests.access.canaries import STARRED, forbidden_stars, words_in
from tests.access.crawling import at_a_look, crawled
from tests.access.expectation import comes_to, reaches
from tests.access.geography import home_of
from tests.access.reading import text_of_answer
from tests.access.shares import is_in_share
from tests.access.stage import Stage, performance


@pytest.mark.parametrize("role", Role)
def test_a_look_at_every_person_list_and_file_finds_what_the_role_may_see_and_nothing_else(
    stage: Stage, role: Role, database_kind: str, caplog: pytest.LogCaptureFixture
) -> None:
    if database_kind != "sqlite" and not is_in_share(role, 4):
        pytest.skip("every fourth role on PostgreSQL: what is drawn is the same")
    caplog.set_level(logging.DEBUG)
    readable, found, stars = stage.readable_by(role), set(), set()

    for visit in crawled(stage, role, at_a_look(stage, role, home_of(role))):
        text = text_of_answer(visit.answer)
        assert not (words_in(text) & stage.words) - readable, visit
        assert not forbidden_stars(role, text), visit
        found |= words_in(text) & stage.words
        stars |= {pattern for pattern in STARRED if pattern.search(text)}

    assert readable - found == set(), "the crawl is blind"
    assert stars == {pattern for pattern, roles in STARRED.items() if role in roles}
    assert words_in(caplog.text) & stage.words == set()


@pytest.mark.parametrize("role", [Role.DISTRICT, Role.STREET, Role.STATION, Role.PROVIDER])
def test_a_whole_number_finds_whom_the_searcher_reaches_and_nobody_else(stage: Stage, role: Role) -> None:
    reach, found = reaches()["identity.search", role], {}

    with performance(stage):
        for person in stage.people:
            form = {"field": "identity-number", "value": person.identity}
            found[person] = stage.ask(role, "POST", "/workforce/find", data=form).status_code == 303

    assert found == {person: comes_to(reach, role, person.spot, Practitioner) for person in stage.people}
