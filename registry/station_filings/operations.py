"""What the steps of a filing do to the register: a standing with its number, and its end."""

from datetime import date
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.drafts.operations import hand_in
from registry.errors import InvalidInput, RequirementUnmet
from registry.messages import N_, Message, message
from registry.organisations.models import Organisation, Site, SiteKind, Standing, StandingKind
from registry.organisations.numbers import next_number
from registry.organisations.operations import end_standing, grant_standing
from registry.policy.queries import working_calendar
from registry.station_filings.models import FilingKind, FilingState, StationFiling
from registry.station_filings.queries import filing_in_force, filing_in_hand, has_account
from registry.workflow.operations import follow
from registry.workflow_table import Facts, Occasion


def filing_of(session: Session, site: Site, *, street_on: date | None = None) -> StationFiling:
    """A new filing, not yet in any session; of a station that is on file it is a change of what stands there.

    `street_on` is the day on which its street begins it, because nobody at the station has an account.
    """
    if site.kind is not SiteKind.STATION:
        raise InvalidInput("site", message(N_("只有社工站可以办理建站信息备案。")))
    if site.organisation.uscc is None:
        raise InvalidInput("site", message(N_("没有统一社会信用代码的单位不能备案，请先补录18位代码。")))
    if filing_in_hand(session, site.id) is not None:
        raise InvalidInput("site", message(N_("该站点已有一件未办结的备案，请先办结、撤回或放弃草稿。")))
    if street_on is not None and has_account(session, site.organisation_id, street_on):
        raise InvalidInput("site", message(N_("该站点已有账号，备案由站点自己填写，街镇收到后核实上报。")))
    standing = filing_in_force(session, site.id)
    return StationFiling(
        is_by_street=street_on is not None,
        kind=FilingKind.CHANGE if standing else FilingKind.FILING,
        state=FilingState.DRAFT,
        organisation=site.organisation,
        organisation_id=site.organisation_id,  # the permission table asks before anything is written
        site=site,
        division_code=site.division_code,
        base_answers=dict(standing.answers) if standing else {},
        answers={},
    )


def report(session: Session, filing: StationFiling, occasion: Occasion) -> Facts:
    """Effect of the report: what the street filled in itself is handed in with it."""
    return hand_in_filing(session, filing, occasion) if filing.state is not FilingState.SUBMITTED else {}


def hand_in_filing(session: Session, filing: StationFiling, occasion: Occasion) -> Facts:
    """Effect of the hand-in."""
    earlier_of(session, filing)
    return hand_in(session, filing, occasion)


def earlier_of(session: Session, filing: StationFiling) -> StationFiling | None:
    """What stands and is to be replaced. RequirementUnmet for a change of a station that is not on file any more."""
    earlier = filing_in_force(session, filing.site_id)
    if earlier is None and filing.kind is FilingKind.CHANGE:
        raise RequirementUnmet(message(N_("该站点已撤销备案，变更不能再办，请撤回后重新备案。")))
    return earlier


def put_on_file(replaces: StrEnum, session: Session, filing: StationFiling, occasion: Occasion) -> Facts:
    """Effect of the district's check: a first filing brings the standing, a change takes over the one before.

    `replaces` is the step by which the earlier one makes room.
    """
    earlier = earlier_of(session, filing)
    if earlier is not None:
        filing.standing = earlier.standing
        follow(session, earlier, replaces, occasion, working_calendar(session))
    else:
        filing.standing = _standing(session, filing.organisation, occasion)
    filing.filed_on = occasion.on
    return {"number": filing.standing.number if filing.standing else "", "kind": filing.kind.value}


def _standing(session: Session, owner: Organisation, occasion: Occasion) -> Standing:
    """One standing for an operator, however many stations it runs."""
    held = [one for one in owner.standings if one.kind is StandingKind.STATION and one.ended_on is None]
    if held:
        return held[0]
    number = next_number(session, owner, StandingKind.STATION, occasion.on)
    return grant_standing(session, owner, kind=StandingKind.STATION, number=number, on=occasion.on)


def in_hand_beside(session: Session, filing: StationFiling) -> StationFiling | None:
    """The change that the station has in hand while this filing stands."""
    return filing_in_hand(session, filing.site_id)


def close_station(session: Session, filing: StationFiling, occasion: Occasion) -> Facts:
    """Effect of closing: with its last station the operator's standing ends; its number stays its own."""
    if filing.standing is None:
        raise RequirementUnmet(message(N_("没有登记的备案。")))
    others = sa.select(sa.func.count()).where(
        StationFiling.standing_id == filing.standing_id,
        StationFiling.state == FilingState.FILED,
        StationFiling.id != filing.id,
    )
    is_last = not session.scalar(others)
    if is_last:
        end_standing(filing.standing, on=occasion.on)
    return {"number": filing.standing.number, "is_last": is_last}


def has_changed(filing: StationFiling) -> Message | None:
    """Requirement of the hand-in: a change says what changes."""
    if filing.kind is not FilingKind.CHANGE or filing.answers != filing.base_answers:
        return None
    return message(N_("内容与登记的相同，没有需要变更的内容。"))


def station_is_still_its_own(filing: StationFiling) -> Message | None:
    """Requirement of the hand-in and the check."""
    if filing.site.organisation_id == filing.organisation_id and filing.site.closed_on is None:
        return None
    return message(N_("该站点已关闭或已不属于本单位，请撤回或放弃草稿，重新申请。"))
