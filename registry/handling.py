"""Records whose work is in hand, and records whose work is over: the first cut of every list of work."""

from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.listing import Filter, facet_filter
from registry.messages import N_


class Handling(StrEnum):
    """Whether anybody still has something to do."""

    OPEN = "open"
    DONE = "done"


def handling_filter(is_open: ColumnElement[bool]) -> Filter:
    """`show`: in hand, or over."""
    clauses = {Handling.OPEN: is_open, Handling.DONE: sa.not_(is_open)}
    return facet_filter("show", N_("办理情况"), clauses)
