"""What an organisation registered of itself, and how its listing stands: from the entry or the filings in force."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import today
from registry.provider_entries.models import IN_FORCE, EntryState, ProviderEntry
from registry.station_filings.models import FilingState, StationFiling
from registry.workflow.queries import steps_of


@dataclass(frozen=True)
class Registered:
    """Of one organisation; empty where it was taken over without an entry or a filing."""

    phones: tuple[str, ...] = ()
    """The contact of the institution, then those of its stations, each once."""
    states: dict[int, tuple[StrEnum, ...]] = field(default_factory=dict)
    """Standing to what its entry says beyond being listed: suspended, leaving, to be decided."""


NOTHING_REGISTERED = Registered()


def registered_of(session: Session, ids: Sequence[int], on: date) -> dict[int, Registered]:
    """By organisation; a state that the entry came to after the day is not told of it."""
    entries = session.scalars(
        sa.select(ProviderEntry).where(
            ProviderEntry.organisation_id.in_(ids), ProviderEntry.state.in_(IN_FORCE)
        )
    ).all()
    filings = session.scalars(
        sa.select(StationFiling)
        .where(StationFiling.organisation_id.in_(ids), StationFiling.state == FilingState.FILED)
        .order_by(StationFiling.id)
    ).all()
    phones: dict[int, list[str]] = {}
    told: tuple[ProviderEntry | StationFiling, ...] = (*entries, *filings)
    for one in told:
        phones.setdefault(one.organisation_id, []).append(str(one.answers.get("phone", "")))
    states = _states(session, entries, on)
    return {
        key: Registered(tuple(dict.fromkeys(filter(None, found))), states.get(key, {}))
        for key, found in phones.items()
    }


def _states(
    session: Session, entries: Sequence[ProviderEntry], on: date
) -> dict[int, dict[int, tuple[StrEnum, ...]]]:
    marked = [one for one in entries if _said_of(one, on)]
    since = {
        step.subject_id: today(step.at)
        for step in steps_of(session, "provider_entry", [one.id for one in marked])
    }
    return {
        one.organisation_id: {one.standing_id: _said_of(one, on)}
        for one in marked
        if one.standing_id is not None and since.get(one.id, on) <= on
    }


def _said_of(entry: ProviderEntry, on: date) -> tuple[StrEnum, ...]:
    """All that has to be told of an entry in force, but that it is listed."""
    state = () if entry.state is EntryState.LISTED else (entry.state,)
    return (*entry.marks_on(on), *state)
