"""A street of the past: an example street of 浦东 that was merged into 花木街道, with one site that stood in it."""

from datetime import date, datetime, time

import sqlalchemy as sa
from sqlalchemy.orm import Session

from portal.demo.named_providers import site_key
from portal.demo.writing import Written
from registry.clock import SHANGHAI
from registry.divisions.changes import ChangeLine
from registry.divisions.codes import Level, parent_of
from registry.divisions.loading import BEGINNING
from registry.divisions.models import ChangeKind, Division, DivisionKind
from registry.divisions.operations import apply_change
from registry.divisions.planning import plan_change
from registry.organisations.models import Organisation, Site, SitePlacement

CODE, NAME = "310115098", "示例旧街道"
INTO, INTO_NAME = "310115016", "花木街道"
MERGED_ON = date(2024, 7, 1)
SOURCE = "示例：虚构的区划调整"
PROVIDER = "just-under"
"""The provider whose seat stood there."""


def merge_old_street(session: Session, written: Written, *, by: str) -> None:
    """Write the street with its site as they stood before, then make the change as anybody would."""
    _stand_in_old_street(session, written)
    line = ChangeLine(
        row=2,
        kind=ChangeKind.MERGE,
        from_code=CODE,
        to_code=INTO,
        to_name=INTO_NAME,
        effective_on=MERGED_ON,
        source=SOURCE,
    )
    apply_change(
        session, plan_change(session, [line]), at=datetime.combine(MERGED_ON, time(9), SHANGHAI), by=by
    )


def _stand_in_old_street(session: Session, written: Written) -> None:
    session.add(
        Division(
            code=CODE,
            name=NAME,
            level=Level.TOWNSHIP,
            kind=DivisionKind.SUBDISTRICT,
            parent_code=parent_of(CODE),
            valid_from=BEGINNING,
            source=SOURCE,
        )
    )
    site_id = written.sites[site_key(PROVIDER)]
    session.execute(
        sa.update(Organisation)
        .where(Organisation.id == written.organisations[PROVIDER])
        .values(division_code=CODE)
    )
    session.execute(sa.update(Site).where(Site.id == site_id).values(division_code=CODE, located_code=CODE))
    session.execute(
        sa.update(SitePlacement)
        .where(SitePlacement.site_id == site_id)
        .values(division_code=CODE, today_code=CODE)
    )
