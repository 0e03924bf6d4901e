"""The tour of every account by all rows of `expected.csv`, and what is asked of each answer of it.

T1a: it is the answer that people wrote. T14: whoever only reads writes to the trail alone, and only what is listed
here; and the browser is told what it must be. T1c: no word stands there that the role may not see.
"""

from collections.abc import Iterator

import pytest

from tests.access.addresses import questions_of
from tests.access.canaries import forbidden_stars, names_somebody, words_in
from tests.access.expectation import word_for
from tests.access.geography import role_of
from tests.access.headers import header_faults
from tests.access.reading import text_of_answer
from tests.access.shares import rows_asked
from tests.access.stage import WHO, Stage
from tests.access.visits import TRAIL, Visit, toured

LEAVES_AN_ENTRY = frozenset(
    {
        "activities.sheet",
        "api_figures.rows",
        "audit.export",
        "documents.file",
        "dossiers.export",
        "enquiries.answer",
        "enquiries.pass_on",
        "enquiries.show",
        "education.decide",
        "education.show",
        "figures.export",
        "figures.organisation",
        "ledgers.changes",
        "ledgers.changes_of_organisation",
        "ledgers.corrections",
        "ledgers.corrections_of_organisation",
        "ledgers.rules",
        "ledgers.rules_of_organisation",
        "majors.export",
        "merges.decide",
        "merges.show",
        "outlook.division",
        "outlook.organisation",
        "practitioners.show",
        "records.add",
        "providers.export",
        "round_trips.sites",
        "rehearsals.export",
        "services.export",
        "sites.export",
        "tasks.export",
    }
)
"""What enters the trail although it is only read: looking at people, and taking something along."""
LEAVES_ONE_IF_NAMED = frozenset(
    {
        "certificates_ending.index",
        "providers.show",
        "reconciliations.show",
        "rehearsals.show",
        "workforce.index",
    }
)
"""Lists of people are an entry for whoever reads names in them, in part at least."""
OF_THE_PUBLIC = ("public.", "public_check.")
"""Pages that open no session: whoever is signed in is nobody in particular there."""
REFUSED = (403, 404)
"""A refusal is an entry of its own, of whoever is signed in."""


@pytest.mark.parametrize("who", WHO)
def test_every_answer_to_an_account_is_as_it_must_be(stage: Stage, database_kind: str, who: str) -> None:
    chosen = rows_asked(who, database_kind)
    written = {row.name: row.cells[who] for row in chosen}
    forbidden = stage.words - stage.readable_by(who)

    tour = toured(stage, who, questions_of(stage, who, chosen))

    faults = [
        f"{visit}: {fault}"
        for visit in tour.visits
        for fault in (
            *unlike_the_table(visit, written[visit.question.name]),
            *written_while_reading(visit),
            *header_faults(visit.question.endpoint, visit.answer),
            *forbidden_words(visit, forbidden),
        )
    ]
    assert not faults, "\n".join([f"to {who}:", *faults])
    assert tour.changed == ()
    assert len(tour.visits) == len(chosen)


def unlike_the_table(visit: Visit, written: str) -> Iterator[str]:
    """T1a."""
    found = word_for(visit.answer, visit.question.method)
    if found != written:
        yield f"{visit.question.name} is {written} in expected.csv, and was {found}"


def written_while_reading(visit: Visit) -> Iterator[str]:
    """T14."""
    if not visit.is_reading:
        return
    if visit.wrote - TRAIL:
        yield f"wrote to {sorted(visit.wrote - TRAIL)}"
    if bool(visit.wrote & TRAIL) != leaves_an_entry(visit):
        yield f"wrote {sorted(visit.wrote) or 'nothing'} into the trail"


def leaves_an_entry(visit: Visit) -> bool:
    """Whether the trail is to tell of this answer."""
    if role_of(visit.who) is None or visit.question.endpoint.startswith(OF_THE_PUBLIC):
        return False
    status = visit.answer.status_code
    if status != 200:
        return status in REFUSED
    endpoint = visit.question.endpoint
    return endpoint in LEAVES_AN_ENTRY or (
        endpoint in LEAVES_ONE_IF_NAMED and names_somebody(text_of_answer(visit.answer))
    )


def forbidden_words(visit: Visit, forbidden: frozenset[str]) -> Iterator[str]:
    """T1c."""
    text = text_of_answer(visit.answer)
    yield from (f"says {word}" for word in words_in(text) & forbidden)
    yield from (f"shows {stars}" for stars in forbidden_stars(visit.who, text))
