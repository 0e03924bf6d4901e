"""What people did in the demonstration, in the order of time: the trail of a register runs forwards."""

from collections.abc import Generator
from datetime import datetime
from typing import Any

Story = Generator[datetime, None, Any]
"""Does its deeds one by one, and before each says when it happens."""


def tell(*stories: Story) -> list[Any]:
    """Let the stories happen side by side: of all deeds that come next, the earliest. Gives back what each returns."""
    pending: dict[int, datetime] = {}
    results: list[Any] = [None] * len(stories)
    for number, story in enumerate(stories):
        _go_on(number, story, pending, results)
    while pending:
        number = min(pending, key=lambda one: (pending[one], one))
        _go_on(number, stories[number], pending, results)
    return results


def _go_on(number: int, story: Story, pending: dict[int, datetime], results: list[Any]) -> None:
    """Up to the next deed of a story, or to its end."""
    try:
        pending[number] = next(story)
    except StopIteration as end:
        pending.pop(number, None)
        results[number] = end.value
