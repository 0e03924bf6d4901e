"""What waits for somebody in a division waits for its successor after a division change.

In a split a to-do goes to the part to which the site of its record goes: each noun whose records name a site says so
here. Without such a site it follows the organisation that it waits for, and without that nothing.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.holders import Expression, Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there
from registry.organisations.models import AddressChange
from registry.workflow.models import Todo

LABEL = message(N_("待办事项"))
OF_ORGANISATION = first_site_there(Todo.organisation_id, Todo.division_code)
FOLLOWING: list[str] = []
"""Kinds of records whose site a to-do follows."""


def follow_site(model: Any) -> None:
    """To-dos about these records go with the records' site; called once by the noun that owns the model."""
    kind = model.__tablename__
    site_of = sa.select(model.site_id).where(model.id == Todo.subject_id).scalar_subquery()
    FOLLOWING.append(kind)
    _declare(Todo.subject_type == kind, sa.func.coalesce(site_of, OF_ORGANISATION))


def _declare(kind: ColumnElement[bool], site_id: Expression) -> None:
    rows = sa.and_(Todo.closed_at.is_(None), kind)
    declare_holder(Holder(LABEL, Todo.division_code, Todo.subject_name, site_id, rows=rows))


# Nouns that are loaded later follow their sites too: which they are is asked when the rows are.
OTHERS: sa.BindParameter[list[str]] = sa.bindparam(
    "following", callable_=lambda: list(FOLLOWING), expanding=True
)

_declare(Todo.subject_type.not_in(OTHERS), OF_ORGANISATION)
follow_site(AddressChange)
