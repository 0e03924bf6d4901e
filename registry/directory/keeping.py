"""Keeps the readings in step with the names: whatever wrote a site or an organisation, its commit reads the new names.

Rows come in by objects, by bulk statements and by hand of the demonstration; one place at the commit serves them all.
"""

from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.sql.elements import ColumnElement

from registry.directory.models import NameReading
from registry.directory.readings import readings_of
from registry.organisations.models import Organisation, Site

TOUCHED = "sites_to_read"
"""In a session: the keys of sites and organisations that it wrote; EVERYTHING after a bulk statement."""
EVERYTHING = "everything"
CHUNK = 5_000


def name_of(site_name: str, organisation_name: str) -> str:
    """What is read: the site's own name, and on a line below its organisation's where the site's does not say it."""
    return site_name if organisation_name in site_name else f"{site_name}\n{organisation_name}"


def _texts(name: str) -> list[str]:
    return [text for line in name.split("\n") for text in readings_of(line)]


def read_names(session: Session, touched: ColumnElement[bool] | None = None) -> int:
    """Read every name that has no reading as it stands today; how many sites that were."""
    stale = list(_stale(session, touched))
    for start in range(0, len(stale), CHUNK):
        chunk = stale[start : start + CHUNK]
        keys = [key for key, _name in chunk]
        outdated = sa.delete(NameReading).where(NameReading.site_id.in_(keys))
        session.execute(outdated.execution_options(synchronize_session=False))
        rows = [{"site_id": key, "name": name, "text": text} for key, name in chunk for text in _texts(name)]
        session.execute(sa.insert(NameReading), rows)
    return len(stale)


def _stale(session: Session, touched: ColumnElement[bool] | None) -> Iterable[tuple[int, str]]:
    asked = (
        sa.select(Site.id, Site.name, Organisation.name, sa.func.min(NameReading.name))
        .join(Organisation, Organisation.id == Site.organisation_id)
        .outerjoin(NameReading, NameReading.site_id == Site.id)
        .group_by(Site.id, Site.name, Organisation.name)
        .order_by(Site.id)
    )
    if touched is not None:
        asked = asked.where(touched)
    for key, site_name, organisation_name, read in session.execute(asked):
        name = name_of(site_name, organisation_name)
        if name != read:
            yield key, name


@event.listens_for(Session, "after_flush")
def _notice_rows(session: Session, _context: Any) -> None:
    written = [one for one in (*session.new, *session.dirty) if isinstance(one, Site | Organisation)]
    kept = session.info.get(TOUCHED, frozenset())
    if written and kept != EVERYTHING:
        touched = kept | {(type(one), one.id) for one in written}
        session.info[TOUCHED] = touched if len(touched) <= CHUNK else EVERYTHING


@event.listens_for(Session, "do_orm_execute")
def _notice_statement(state: ORMExecuteState) -> None:
    table = getattr(getattr(state.statement, "table", None), "name", None)
    if not state.is_select and table in (Site.__tablename__, Organisation.__tablename__):
        state.session.info[TOUCHED] = EVERYTHING


@event.listens_for(Session, "before_commit")
def _read_new_names(session: Session) -> None:
    session.flush()
    touched = session.info.pop(TOUCHED, None)
    if touched == EVERYTHING:
        read_names(session)
    elif touched:
        read_names(session, _among(touched))


def _among(touched: frozenset[tuple[type, int]]) -> ColumnElement[bool]:
    sites = [key for model, key in touched if model is Site]
    organisations = [key for model, key in touched if model is Organisation]
    return sa.or_(Site.id.in_(sites), Site.organisation_id.in_(organisations))


@event.listens_for(Session, "after_soft_rollback")
def _forget(session: Session, ended: Any) -> None:
    if ended.parent is None:  # what was written before a savepoint outlives it
        session.info.pop(TOUCHED, None)
