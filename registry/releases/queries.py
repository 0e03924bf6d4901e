"""Reads of releases."""

from collections.abc import Iterable
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session, joinedload

from registry.access.actors import Actor
from registry.access.rules import readable
from registry.actions import Action
from registry.releases.models import Release, ReleaseState
from registry.workflow.queries import history

IN_HAND = (ReleaseState.ASKED, ReleaseState.RELEASED)
MOST_SHOWN = 200

WHOLE = (joinedload(Release.organisation), joinedload(Release.asked_by))
"""What a page about a release names."""


def releases(session: Session, actor: Actor, states: Iterable[ReleaseState]) -> list[Release]:
    """What the actor may see in these states, the newest first."""
    found = sa.select(Release).where(readable(Release, actor, Action.RELEASE_SEE)).options(*WHOLE)
    in_states = found.where(Release.state.in_(list(states)))
    return list(session.scalars(in_states.order_by(Release.id.desc()).limit(MOST_SHOWN)))


def release_by_id(session: Session, key: int) -> Release | None:
    """One release by its integer key, which the history holds."""
    return session.scalar(sa.select(Release).where(Release.id == key).options(*WHOLE))


def release_by_code(session: Session, code: str) -> Release | None:
    """One release by its public code."""
    return session.scalar(sa.select(Release).where(Release.code == code).options(*WHOLE))


def is_in_hand(session: Session, release: Release, on: date) -> bool:
    """Whether the same person asked for the same file already and can still have it."""
    same = sa.select(Release.id).where(
        Release.asked_by_id == release.asked_by_id,
        Release.digest == release.digest,
        Release.state.in_(IN_HAND),
        Release.valid_until >= on,
    )
    return session.scalar(same.limit(1)) is not None


def overdue(session: Session, on: date) -> list[Release]:
    """What was in hand when its last day passed, the oldest first."""
    past = Release.valid_until < on
    found = sa.select(Release).where(Release.state.in_(IN_HAND), past).options(*WHOLE)
    return list(session.scalars(found.order_by(Release.id)))


def released_by(session: Session, release: Release) -> str:
    """The name of the second person; empty where nobody let it go."""
    return next(
        (step.actor_name for step in history(session, release) if step.to_state == ReleaseState.RELEASED), ""
    )
