"""Records a merger or a split, and takes it back while nobody has acted on it.

Sites pass over by closing with the predecessor and opening anew with the successor, so that every past day keeps its
organisation; what hangs on them follows as its noun declares (registry/organisations/passing.py). The predecessor keeps
its code, its credit code and its numbers for ever.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action, Deed
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.audit.trail import Trail
from registry.errors import RequirementUnmet
from registry.messages import N_, message
from registry.organisations.models import Organisation, Site, SitePlacement, Standing
from registry.organisations.passing import ENDINGS, PASSINGS, Kept, Over, Passage
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.successions.planning import Outlook, Wanted, outlook_of, successor_of
from registry.successions.queries import successions_of
from registry.turns import take_turns


@dataclass(frozen=True)
class By:
    """Who records it, when, and in which trail."""

    actor: Actor
    at: datetime
    today: date
    trail: Trail


def record_succession(
    session: Session, predecessor: Organisation, wanted: Wanted, by: By
) -> OrganisationSuccession:
    """Does what the outlook says and nothing else; InvalidInput where a check fails, field by field."""
    both = (predecessor, successor_of(session, wanted.successor))
    take_turns(
        session, *sorted(both, key=lambda one: one.id)
    )  # in one order: nobody waits for another in a ring
    outlook = outlook_of(session, predecessor, wanted, by.actor, by.today)
    passage = _passage(wanted.on, outlook.successor, wanted.document, by)
    passed = {
        "standings": [_ended(standing, wanted.on) for standing in outlook.ending],
        "sites": [_pass_on(session, site, outlook, passage) for site in outlook.passing],
        "closed": [_closed(site, wanted.on, by.at) for site in outlook.closing],
        "over": _end(session, predecessor, outlook, passage),
        "closed_on": _text(predecessor.closed_on),
    }
    if outlook.ends_predecessor:
        predecessor.closed_on = wanted.on
        predecessor.updated_at = by.at
    succession = OrganisationSuccession(
        kind=wanted.kind,
        on=wanted.on,
        document=wanted.document,
        ends_predecessor=outlook.ends_predecessor,
        passed=passed,
        recorded_at=by.at,
        recorded_by=by.actor.name,
        undone_by="",
        reason="",
        predecessor=predecessor,
        successor=outlook.successor,
    )
    session.add(succession)
    session.flush()
    _record(session, succession, Action.SUCCESSION_RECORD, by)
    return succession


def _passage(on: date, successor: Organisation, document: str, by: By) -> Passage:
    return Passage(on, successor.id, by.at, document, by.actor.code, by.actor.name)


def _end(session: Session, predecessor: Organisation, outlook: Outlook, passage: Passage) -> dict[str, Kept]:
    """What does not pass over and ends, noun by noun."""
    places = {
        Over.SITE: [site.id for site in outlook.closing],
        Over.ORGANISATION: [predecessor.id] if outlook.ends_predecessor else [],
    }
    return {
        one.key: [row for place in places[one.over] for row in one.end(session, place, passage)]
        for one in ENDINGS
    }


def _pass_on(session: Session, site: Site, outlook: Outlook, passage: Passage) -> dict[str, Any]:
    """The same place, opened anew by the successor; the old one closes on that day."""
    on, before = passage.on, _text(site.closed_on)
    new = _opened_anew(site, outlook, passage.at)
    session.add(new)
    session.flush()  # flush: what hangs on the site needs the key
    kept = {one.key: one.pass_on(session, site.id, new.id, passage) for one in PASSINGS}
    site.closed_on, site.updated_at = on, passage.at
    session.flush()
    return {"old": site.id, "new": new.id, "said": _said(new), "closed_on": before, "rows": kept}


def _opened_anew(site: Site, outlook: Outlook, at: datetime) -> Site:
    on = outlook.wanted.on
    new = Site(
        name=site.name,
        kind=site.kind,
        address=site.address,
        latitude=site.latitude,
        longitude=site.longitude,
        precision=site.precision,
        division_code=site.division_code,
        located_code=site.located_code,
        opened_on=on,
        closed_on=site.closed_on,
        source=outlook.wanted.document,
        is_example=site.is_example,
        updated_at=at,
        organisation_id=outlook.successor.id,
    )
    new.placements.append(
        SitePlacement(
            division_code=site.division_code,
            today_code=site.division_code,
            address=site.address,
            valid_from=on,
        )
    )
    return new


def _said(site: Site) -> list[Any]:
    """What others may have changed since: not the division, which a division change rewrites of itself."""
    point = (site.latitude, site.longitude)
    return [site.name, str(site.kind), site.address, *point, _text(site.closed_on)]


def _closed(site: Site, on: date, at: datetime) -> dict[str, Any]:
    before = _text(site.closed_on)
    site.closed_on, site.updated_at = on, at
    return {"old": site.id, "closed_on": before}


def _ended(standing: Standing, on: date) -> dict[str, Any]:
    before = _text(standing.ended_on)
    standing.ended_on = on
    return {"id": standing.id, "ended_on": before}


def undo_succession(session: Session, succession: OrganisationSuccession, reason: str, by: By) -> None:
    """Everything stands as before; RequirementUnmet once others acted on what passed over."""
    session.refresh(succession, with_for_update={"of": OrganisationSuccession})
    _refuse_late(session, succession)
    passed, passage = succession.passed, _passage(succession.on, succession.successor, reason, by)
    for one in ENDINGS:
        one.give_back(session, passed.get("over", {}).get(one.key, []), passage)
    for item in passed["sites"]:
        _give_back(session, item, passage)
    for item in passed["closed"]:
        session.get_one(Site, item["old"]).closed_on = _day(item["closed_on"])
    for item in passed["standings"]:
        session.get_one(Standing, item["id"]).ended_on = _day(item["ended_on"])
    if succession.ends_predecessor:
        succession.predecessor.closed_on = _day(passed["closed_on"])
        succession.predecessor.updated_at = by.at
    succession.undone_at, succession.undone_by, succession.reason = by.at, by.actor.name, reason
    session.flush()
    _record(session, succession, Deed.SUCCESSION_UNDO, by)


def why_it_stands(session: Session, succession: OrganisationSuccession) -> str | None:
    """The msgid of what keeps it from being undone; None where it can be."""
    if succession.undone_at is not None:
        return N_("这项承继已经撤销。")
    later = [one for one in successions_of(session, succession.successor_id) if one.id > succession.id]
    if any(one.predecessor_id == succession.successor_id for one in later):
        return N_("承继单位又已并入或分立为其他单位，请先撤销那一项。")
    if not all(_is_untouched(session, item) for item in succession.passed["sites"]):
        return N_("承继之后，有场所或人员任职已经变动，不能再撤销；请按新的情况另行登记。")
    if not all(_still_ended(session, item, succession.on) for item in succession.passed["standings"]):
        return N_("承继之后，有入库或备案已经变动，不能再撤销；请按新的情况另行登记。")
    if not all(one.stands(session, succession.passed.get("over", {}).get(one.key, [])) for one in ENDINGS):
        return N_("承继时终止或撤回的事项，此后又有新的办理，不能再撤销；请按新的情况另行登记。")
    return None


def _refuse_late(session: Session, succession: OrganisationSuccession) -> None:
    why = why_it_stands(session, succession)
    if why is not None:
        raise RequirementUnmet(message(why))


def _is_untouched(session: Session, item: dict[str, Any]) -> bool:
    new = session.get(Site, item["new"])
    if new is None or _said(new) != item["said"]:
        return False
    return all(one.stands(session, new.id, item["rows"].get(one.key, [])) for one in PASSINGS)


def _still_ended(session: Session, item: dict[str, Any], on: date) -> bool:
    standing = session.get(Standing, item["id"])
    return standing is not None and standing.ended_on == on


def _give_back(session: Session, item: dict[str, Any], passage: Passage) -> None:
    for one in reversed(PASSINGS):
        one.give_back(session, item["rows"].get(one.key, []), passage)
    new, old = session.get_one(Site, item["new"]), session.get_one(Site, item["old"])
    old.closed_on, old.updated_at = _day(item["closed_on"]), passage.at
    session.execute(sa.delete(SitePlacement).where(SitePlacement.site_id == new.id))
    session.expire(new, ["placements"])
    session.delete(new)
    session.flush()


def _record(session: Session, succession: OrganisationSuccession, action: str, by: By) -> None:
    names: Sequence[tuple[str, Organisation]] = (
        ("predecessor", succession.predecessor),
        ("successor", succession.successor),
    )
    record_entry(
        session,
        trail=by.trail,
        at=by.at,
        actor_code=by.actor.code,
        actor_name=by.actor.name,
        action=action,
        result=Result.DONE,
        subject_type=OrganisationSuccession.__tablename__,
        subject_code=succession.code,
        division_code=succession.predecessor.division_code,
        facts={
            **{role: organisation.code for role, organisation in names},
            "kind": SuccessionKind(succession.kind).value,
            "on": succession.on.isoformat(),
            "document": succession.document,
            "sites": len(succession.passed["sites"]),
        },
        reason=succession.reason,
    )


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)
