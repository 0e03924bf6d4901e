"""What tests of commands share."""

from collections.abc import Callable

import sqlalchemy as sa
from click.testing import Result
from sqlalchemy.orm import Session

from registry.organisations.models import Site

Command = Callable[..., Result]

HEAD = "kind,from_code,to_code,to_name,effective_on,source,sites\n"
MERGE = HEAD + "合并,310101001,310101002,,2026-07-01,示例批复,\n"


def codes_of_sites(session: Session) -> list[str]:
    """As another process left them."""
    session.rollback()
    return list(session.scalars(sa.select(Site.division_code).order_by(Site.id)))
