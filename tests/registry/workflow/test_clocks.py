"""How urgent a deadline is."""

from datetime import date

import pytest

from registry.workflow.clocks import Urgency, urgency

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("due_on", "wanted"),
    [
        (date(2026, 11, 22), Urgency.OVERDUE),
        (date(2026, 11, 23), Urgency.TODAY),
        (date(2026, 11, 24), Urgency.SOON),
        (date(2026, 11, 26), Urgency.SOON),
        (date(2026, 11, 27), Urgency.LATER),
        (None, Urgency.NONE),
    ],
)
def test_a_deadline_is_overdue_only_after_its_day(due_on: date | None, wanted: Urgency) -> None:
    assert urgency(due_on, TODAY) is wanted
