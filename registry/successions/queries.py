"""Reads of successions: who took over from whom, along any number of steps."""

from collections.abc import Sequence
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.listing import Batch
from registry.messages import N_
from registry.organisations.models import Organisation
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.workforce.institutions import PROVIDERS as WITH_SHARES

STANDS = OrganisationSuccession.undone_at.is_(None)
BOTH = (
    joinedload(OrganisationSuccession.predecessor),
    joinedload(OrganisationSuccession.successor),
)
"""What a page about a succession names."""


def successions_of(session: Session, organisation_id: int) -> list[OrganisationSuccession]:
    """In which the organisation came before or after, and which stand, by their day."""
    of_organisation = sa.or_(
        OrganisationSuccession.predecessor_id == organisation_id,
        OrganisationSuccession.successor_id == organisation_id,
    )
    found = sa.select(OrganisationSuccession).where(of_organisation, STANDS).options(*BOTH)
    return list(session.scalars(found.order_by(OrganisationSuccession.on, OrganisationSuccession.id)))


def merger_of(session: Session, organisation_id: int, on: date) -> OrganisationSuccession | None:
    """The merger that ended an organisation by a day, with both."""
    found = sa.select(OrganisationSuccession).where(
        STANDS,
        OrganisationSuccession.kind == SuccessionKind.MERGE,
        OrganisationSuccession.predecessor_id == organisation_id,
        OrganisationSuccession.on <= on,
    )
    return session.scalar(found.options(*BOTH).limit(1))


def merged_into(session: Session) -> dict[int, tuple[str, date]]:
    """Each organisation that a merger ended: the name of its successor and the day."""
    columns = (OrganisationSuccession.predecessor_id, Organisation.name, OrganisationSuccession.on)
    found = (
        sa.select(*columns)
        .join(Organisation, Organisation.id == OrganisationSuccession.successor_id)
        .where(STANDS, OrganisationSuccession.kind == SuccessionKind.MERGE)
    )
    return {key: (name, on) for key, name, on in session.execute(found)}


def comes_after(session: Session, organisation_id: int, other_id: int) -> bool:
    """Whether the second took over from the first, directly or along others."""
    pairs = sa.select(OrganisationSuccession.predecessor_id, OrganisationSuccession.successor_id)
    following: dict[int, set[int]] = {}
    for before, after in session.execute(pairs.where(STANDS)):
        following.setdefault(before, set()).add(after)
    reached, coming = set(), {organisation_id}
    while coming:
        reached |= coming
        coming = {after for key in coming for after in following.get(key, ())} - reached
    return other_id in reached - {organisation_id}


def load_successors(session: Session, ids: Sequence[int], on: date) -> dict[int, tuple[str | None]]:
    """The name of the organisation into which each was merged by the day."""
    found = (
        sa.select(OrganisationSuccession.predecessor_id, Organisation.name)
        .join(Organisation, Organisation.id == OrganisationSuccession.successor_id)
        .where(
            STANDS,
            OrganisationSuccession.kind == SuccessionKind.MERGE,
            OrganisationSuccession.on <= on,
            OrganisationSuccession.predecessor_id.in_(ids),
        )
    )
    names = dict(session.execute(found).all())
    return {key: (names.get(key),) for key in ids}


PROVIDERS = WITH_SHARES.with_batches(Batch((("merged_into", N_("已并入")),), load_successors))
"""机构, each with the one that it was merged into: an old number is found, and says so."""
