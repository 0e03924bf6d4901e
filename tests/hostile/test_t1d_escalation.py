"""T1d: nobody gains anything by sending more, other things, or forms of other people."""

from collections.abc import Callable

from tests.hostile.crawling import Finds
from tests.hostile.forging import (
    faults_of_more_fields,
    faults_of_other_choices,
    forged_fields,
    refusals,
)
from tests.hostile.forms import FoundForm
from tests.hostile.stage import Stage

Tell = Callable[[str], None]


def test_fields_that_no_form_holds_change_nothing(
    stage: Stage, forms: list[FoundForm], only_once: None, tell: Tell
) -> None:
    faults = [f"{form}: {fault}" for form in forms for fault in faults_of_more_fields(stage, form)]

    tell(f"T1d: {len(forms)} forms with {len(forged_fields())} fields more, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def test_what_belongs_to_others_is_not_taken_where_a_form_does_not_offer_it(
    stage: Stage, forms: list[FoundForm], only_once: None, tell: Tell
) -> None:
    found = [(form, *faults_of_other_choices(stage, form, one_in=3)) for form in forms]

    faults = [f"{form}: {fault}" for form, _, told in found for fault in told]
    tell(f"T1d: {sum(tried for _, tried, _ in found)} choices that were not offered, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def test_a_form_of_somebody_elses_page_is_refused_and_that_is_written_down(
    stage: Stage, forms: list[FoundForm], everything: list[Finds], only_once: None, tell: Tell
) -> None:
    visitors = [finds.visitor for finds in everything] * 2
    senders = [visitors[place % len(visitors) // 2 :][:4] for place, _ in enumerate(forms)]
    pairs = zip(forms, senders, strict=True)
    found = [(form, *one) for form, some in pairs for one in refusals(stage, form, some)]

    faults = [f"{form} sent by {visitor.name}: {fault}" for form, visitor, told in found for fault in told]
    tell(f"T1d: {len(found)} forms sent by others, {len(faults)} faults")
    assert not faults, "\n".join(faults)
