"""An entry belongs to its institution: it ends with a predecessor that is over, as the preview says of the standing.

The successor is listed by an entry of its own. A predecessor that lives on keeps its entry; where the service site that
the entry names passes over, the preview says that a change is due.
"""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.messages import N_, message
from registry.organisations.passing import (
    Counted,
    Ending,
    Kept,
    Over,
    Passage,
    Prospect,
    Staying,
    declare_ending,
    declare_staying,
)
from registry.provider_entries.models import IN_FORCE, IN_HAND, EntryState, ProviderEntry
from registry.workflow.shelving import GIVE_BACK, SUCCEED, shelve, take_up, write_down

AFTER = dict.fromkeys(IN_FORCE, EntryState.LEFT) | dict.fromkeys(IN_HAND, EntryState.WITHDRAWN)


def _of_organisation(organisation_id: int, states: tuple[EntryState, ...]) -> sa.Select[ProviderEntry]:
    found = sa.select(ProviderEntry).where(
        ProviderEntry.organisation_id == organisation_id, ProviderEntry.state.in_(states)
    )
    return found.order_by(ProviderEntry.id)


def _count_in_hand(session: Session, organisation_id: int, _prospect: Prospect) -> int:
    return len(session.scalars(_of_organisation(organisation_id, IN_HAND)).all())


def _count_naming(session: Session, site_id: int, _prospect: Prospect) -> int:
    found = sa.select(ProviderEntry.id).where(
        ProviderEntry.site_id == site_id, ProviderEntry.state.in_((*IN_HAND, *IN_FORCE))
    )
    return len(session.scalars(found).all())


def _end(session: Session, organisation_id: int, passage: Passage) -> Kept:
    """What stands is left, what is in hand is withdrawn; every answer stays readable."""
    kept: Kept = []
    for entry in session.scalars(_of_organisation(organisation_id, (*IN_FORCE, *IN_HAND))).all():
        waited = shelve(session, entry, passage)
        left, entry.state = entry.state, AFTER[entry.state]
        write_down(session, entry, SUCCEED, left, passage)
        session.flush()
        kept.append({"id": entry.id, "state": left.value, "version": entry.version, **waited})
    return kept


def _still_over(session: Session, kept: Kept) -> bool:
    """Nobody acted on them, and the institution has begun nothing anew."""
    return all(_is_as_left(session, item) for item in kept)


def _is_as_left(session: Session, item: dict[str, Any]) -> bool:
    entry = session.get_one(ProviderEntry, item["id"])
    newer = _of_organisation(entry.organisation_id, (*IN_FORCE, *IN_HAND))
    return entry.version == item["version"] and session.scalar(newer.limit(1)) is None


def _take_up(session: Session, kept: Kept, passage: Passage) -> None:
    for item in kept:
        entry = session.get_one(ProviderEntry, item["id"])
        left, entry.state = entry.state, EntryState(item["state"])
        take_up(session, item)
        write_down(session, entry, GIVE_BACK, left, passage)
    session.flush()


declare_ending(
    Ending(
        "provider_entries",
        Over.ORGANISATION,
        (Counted(message(N_("在办的机构入库材料（按撤回处理）")), _count_in_hand),),
        _end,
        _still_over,
        _take_up,
    )
)
declare_staying(
    Staying(Counted(message(N_("以转入场所登记的机构入库，请原单位办理变更，另填服务场所")), _count_naming))
)
