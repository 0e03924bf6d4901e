"""What withdrawing is called: a draft that was never handed in is discarded (放弃), the rest is withdrawn (撤回)."""

from enum import StrEnum
from typing import Any

from portal.formatting import word
from registry.drafts.words import Discarding

WITHDRAW, WITHDRAWN = "withdraw", "withdrawn"
"""The step and the state, as the nouns with drafts store them."""


def is_own_draft(record: Any) -> bool:
    """Whether it is of a kind that is handed in, and was not yet: a record, or its row in a list."""
    return hasattr(record, "submitted_at") and record.submitted_at is None


def step_word(record: Any, step: StrEnum) -> str:
    """The step in words, on a button, above its page and in what was done."""
    return word(Discarding.STEP if step.value == WITHDRAW and is_own_draft(record) else step)


def state_word(record: Any) -> str:
    """The state in words."""
    is_discarded = record.state.value == WITHDRAWN and is_own_draft(record)
    return word(Discarding.STATE if is_discarded else record.state)
