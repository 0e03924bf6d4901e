"""T4: markup, formulas and scripts in every column of words run nowhere, and stand there as they were typed."""

from collections.abc import Callable, Iterator

from tests.hostile.crawling import Finds
from tests.hostile.forms import FoundForm
from tests.hostile.showing import marked_answers
from tests.hostile.stage import Stage, Visitor

SHOWN_FOR_CERTAIN = {
    "account.name",
    "address_change.address",
    "address_change.explanation",
    "audit_entry.reason",
    "delegation.reason",
    "division.name",
    "intake_run.file_name",
    "organisation.name",
    "practitioner.name",
    "site.address",
    "site.name",
    "todo.title",
    "workflow_step.reason",
}
"""Words that people typed and that stand on pages which were read; all the others that do are counted."""


def test_markup_in_every_column_of_words_runs_nowhere(
    stage: Stage,
    everything: list[Finds],
    forms: list[FoundForm],
    only_once: None,
    tell: Callable[[str], None],
) -> None:
    marked = marked_answers(stage, list(once_of_each(everything)), forms)

    tell(f"T4: {marked}")
    assert not marked.faults, "\n".join(marked.faults[:40])
    assert marked.shown >= SHOWN_FOR_CERTAIN


def once_of_each(everything: list[Finds]) -> Iterator[tuple[Visitor, str]]:
    """A page of each kind for who sees it first, and everybody's own positions; tests/soak shows all to all."""
    met = set[str]()
    for finds in everything:
        for seen in finds.seen:
            if seen.endpoint not in met or seen.endpoint.startswith("positions."):
                met.add(seen.endpoint)
                yield finds.visitor, seen.url
