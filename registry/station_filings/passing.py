"""A filing goes on with its station when the successor is an operator on file, and ends where it is none.

In hand, it goes on with the successor's people either way. With its last station an operator's standing ends, as it
does when the district closes the station.
"""

from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.messages import N_, message
from registry.organisations.models import Site, Standing, StandingKind
from registry.organisations.passing import (
    Counted,
    Ending,
    Kept,
    Over,
    Passage,
    Passing,
    Prospect,
    declare_ending,
    declare_passing,
)
from registry.station_filings.models import IN_HAND, FilingKind, FilingState, StationFiling
from registry.station_filings.queries import filing_in_force, filing_in_hand
from registry.workflow.models import WorkflowStep
from registry.workflow.shelving import (
    GIVE_BACK,
    SUCCEED,
    readdress,
    readdress_back,
    shelve,
    take_up,
    write_down,
)

IN_FORCE, IN_PREPARATION = "in_force", "in_hand"
TOLD = ("answers", "submitted_at", "adopted_from", "adopted_on", "is_by_street")
"""What the filing at the new site has from the one before."""


def _standing_of(session: Session, organisation_id: int, on: date) -> Standing | None:
    """By which an operator is on file."""
    found = sa.select(Standing).where(
        Standing.organisation_id == organisation_id,
        Standing.kind == StandingKind.STATION,
        Standing.granted_on <= on,
        sa.or_(Standing.ended_on.is_(None), Standing.ended_on > on),
    )
    return session.scalar(found.order_by(Standing.id.desc()).limit(1))


def _passes(session: Session, prospect: Prospect) -> bool:
    return _standing_of(session, prospect.successor_id, prospect.on) is not None


def _count_going_on(session: Session, site_id: int, prospect: Prospect) -> int:
    return int(filing_in_force(session, site_id) is not None and _passes(session, prospect))


def _count_lost(session: Session, site_id: int, prospect: Prospect) -> int:
    return int(filing_in_force(session, site_id) is not None and not _passes(session, prospect))


def _count_in_force(session: Session, site_id: int, _prospect: Prospect) -> int:
    return int(filing_in_force(session, site_id) is not None)


def _count_in_hand(session: Session, site_id: int, _prospect: Prospect) -> int:
    return int(filing_in_hand(session, site_id) is not None)


def _pass_on(session: Session, old: int, new: int, passage: Passage) -> Kept:
    kept, site = Kept(), session.get_one(Site, new)
    filing, in_hand = filing_in_force(session, old), filing_in_hand(session, old)
    goes_on = filing is not None and _passes(session, passage)
    if filing is not None:
        kept.append(_in_force_on(session, filing, site if goes_on else None, passage))
    if in_hand is not None:
        kept.append(_in_hand_on(session, in_hand, site, passage, goes_on=goes_on))
    session.flush()
    return kept


def _in_force_on(
    session: Session, filing: StationFiling, site: Site | None, passage: Passage
) -> dict[str, Any]:
    """The further one stands at the new site; without one the station is off file until the successor asks."""
    left, filing.state = filing.state, FilingState.CLOSED if site is None else FilingState.REPLACED
    write_down(session, filing, SUCCEED, left, passage)
    further = None if site is None else _further(session, filing, site, passage)
    session.flush()  # flush: what is kept names keys and versions
    return {
        "kind": IN_FORCE,
        "old": filing.id,
        "version": filing.version,
        "new": further.id if further else None,
        "new_version": further.version if further else None,
        "standing": _standing_ended(session, filing, passage.on),
    }


def _further(session: Session, filing: StationFiling, site: Site, passage: Passage) -> StationFiling:
    further = StationFiling(
        kind=filing.kind,
        state=FilingState.FILED,
        organisation=site.organisation,
        site=site,
        standing=_standing_of(session, site.organisation_id, passage.on),
        division_code=site.division_code,
        filed_on=passage.on,
        base_answers={},
        **{name: getattr(filing, name) for name in TOLD},
    )
    session.add(further)
    session.flush()  # flush: the history needs the key
    write_down(session, further, SUCCEED, "", passage)
    return further


def _standing_ended(session: Session, filing: StationFiling, on: date) -> int | None:
    """The standing's key where it ends with its last station now, not by the end of the operator itself."""
    standing = filing.standing
    others = sa.select(StationFiling.id).where(
        StationFiling.standing_id == filing.standing_id, StationFiling.state == FilingState.FILED
    )
    if standing is None or standing.ended_on is not None or session.scalar(others.limit(1)) is not None:
        return None
    if standing.granted_on >= on:
        return None
    standing.ended_on = on
    return standing.id


def _in_hand_on(
    session: Session, filing: StationFiling, site: Site, passage: Passage, *, goes_on: bool
) -> dict[str, Any]:
    """A change of what has ended is a filing from the beginning."""
    kept = {
        "kind": IN_PREPARATION,
        "old": filing.id,
        "site": filing.site_id,
        "owner": filing.organisation_id,
        "was": filing.kind.value,
    }
    filing.site, filing.organisation = site, site.organisation
    filing.kind = filing.kind if goes_on else FilingKind.FILING
    write_down(session, filing, SUCCEED, filing.state, passage)
    session.flush()
    return kept | {"version": filing.version, "todos": readdress(session, filing, site.organisation_id)}


def _stands(session: Session, site_id: int, kept: Kept) -> bool:
    """The new site has these filings and no other, each as it was."""
    expected = {item["old"]: item["version"] for item in kept if item["kind"] == IN_PREPARATION}
    expected |= {item["new"]: item["new_version"] for item in kept if item.get("new") is not None}
    found = sa.select(StationFiling.id, StationFiling.version).where(StationFiling.site_id == site_id)
    return dict(session.execute(found).all()) == expected


def _give_back(session: Session, kept: Kept, passage: Passage) -> None:
    for item in kept:
        filing = session.get_one(StationFiling, item["old"])
        if item["kind"] == IN_PREPARATION:
            _move_back(session, filing, item, passage)
            continue
        _delete(session, item["new"])
        left, filing.state = filing.state, FilingState.FILED
        write_down(session, filing, GIVE_BACK, left, passage)
        if item["standing"] is not None:
            session.get_one(Standing, item["standing"]).ended_on = None
    session.flush()


def _move_back(session: Session, filing: StationFiling, item: dict[str, Any], passage: Passage) -> None:
    filing.site = session.get_one(Site, item["site"])
    filing.organisation = filing.site.organisation
    filing.kind = FilingKind(item["was"])
    readdress_back(session, item["todos"], item["owner"])
    write_down(session, filing, GIVE_BACK, filing.state, passage)


def _delete(session: Session, key: int | None) -> None:
    """With its history: its key may be given to another."""
    if key is None:
        return
    session.execute(
        sa.delete(WorkflowStep).where(
            WorkflowStep.subject_type == StationFiling.__tablename__, WorkflowStep.subject_id == key
        )
    )
    session.delete(session.get_one(StationFiling, key))
    session.flush()  # flush: a station has one filing in force at a time


def _end(session: Session, site_id: int, passage: Passage) -> Kept:
    """The station closes with its operator."""
    kept: Kept = []
    for filing in (filing_in_force(session, site_id), filing_in_hand(session, site_id)):
        if filing is None:
            continue
        waited = shelve(session, filing, passage)
        after = FilingState.WITHDRAWN if filing.state in IN_HAND else FilingState.CLOSED
        left, filing.state = filing.state, after
        write_down(session, filing, SUCCEED, left, passage)
        session.flush()
        kept.append({"id": filing.id, "state": left.value, "version": filing.version, **waited})
    return kept


def _still_over(session: Session, kept: Kept) -> bool:
    filings = [(session.get_one(StationFiling, item["id"]), item["version"]) for item in kept]
    return all(
        filing.version == version
        and filing_in_force(session, filing.site_id) is None
        and filing_in_hand(session, filing.site_id) is None
        for filing, version in filings
    )


def _take_up(session: Session, kept: Kept, passage: Passage) -> None:
    for item in kept:
        filing = session.get_one(StationFiling, item["id"])
        left, filing.state = filing.state, FilingState(item["state"])
        take_up(session, item)
        write_down(session, filing, GIVE_BACK, left, passage)
    session.flush()


declare_passing(
    Passing(
        "station_filings",
        (
            Counted(message(N_("建站备案（归入承继单位的备案编号）")), _count_going_on),
            Counted(message(N_("在办的建站备案")), _count_in_hand),
        ),
        _pass_on,
        _stands,
        _give_back,
        (Counted(message(N_("转入站点的建站备案（承继单位没有备案编号，须另行备案）")), _count_lost),),
    )
)
declare_ending(
    Ending(
        "station_filings",
        Over.SITE,
        (
            Counted(message(N_("停用站点的建站备案")), _count_in_force),
            Counted(message(N_("停用站点在办的建站备案（按撤回处理）")), _count_in_hand),
        ),
        _end,
        _still_over,
        _take_up,
    )
)
