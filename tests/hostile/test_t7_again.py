"""T7: a form that is sent twice is applied once; one that overtakes what somebody else did meanwhile is refused."""

from collections.abc import Callable

from tests.hostile.again import sent_twice
from tests.hostile.filling import filling_of
from tests.hostile.forms import FoundForm
from tests.hostile.overtaking import faults_when_overtaken, holds_version
from tests.hostile.stage import Stage


def test_a_form_that_is_sent_twice_is_applied_once_and_says_so(
    stage: Stage, forms: list[FoundForm], only_once: None, tell: Callable[[str], None]
) -> None:
    taken = [form for form in forms if filling_of(stage, form).is_taken]

    faults = [f"{form}: {fault}" for form in taken for fault in sent_twice(stage, form).faults()]

    tell(f"T7a: {len(taken)} forms sent twice, {len(faults)} faults")
    assert not faults, "\n".join(faults)


def test_a_form_that_was_overtaken_is_refused_beside_what_changed(
    stage: Stage, forms: list[FoundForm], only_once: None, tell: Callable[[str], None]
) -> None:
    versioned = [form for form in forms if holds_version(form)]

    faults = [f"{form}: {fault}" for form in versioned for fault in faults_when_overtaken(stage, form)]

    tell(f"T7b: {len(versioned)} forms overtaken by somebody else, {len(faults)} faults")
    assert len(versioned) >= 5
    assert not faults, "\n".join(faults)
