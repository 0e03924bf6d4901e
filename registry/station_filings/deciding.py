"""Whose filing it is: the station's own, or the street's where nobody at the station has an account."""

from typing import Any

from registry.access.roles import Role
from registry.messages import N_, Message, message
from registry.station_filings.models import FilingState, StationFiling
from registry.workflow_table import Desk


def desk_of_street(filing: StationFiling) -> Desk:
    """Who looks at it first."""
    return Desk(Role.STREET, filing.division_code)


def desk_of_maker(filing: StationFiling) -> Desk:
    """Who mends it and is told of it."""
    if filing.is_by_street:
        return desk_of_street(filing)
    return Desk(Role.STATION, filing.division_code, filing.organisation_id)


def is_of_others(filing: StationFiling, actor: Any) -> Message | None:
    """Typing and withdrawing: a street touches nothing that a station filled in."""
    if actor.role is not Role.STREET or filing.is_by_street:
        return None
    return message(N_("这份备案由站点自己填写，街镇可以退回补正，不能代改。"))


def is_the_streets_to_report(_filing: StationFiling, actor: Any) -> Message | None:
    """Handing in to the street: the street itself reports what it filled in."""
    if actor.role is not Role.STREET:
        return None
    return message(N_("街镇代填的备案填好后直接上报区县。"))


def is_not_handed_in(filing: StationFiling, _actor: Any) -> Message | None:
    """Reporting: what a station is still filling in is not before the street."""
    if filing.is_by_street or filing.state is FilingState.SUBMITTED:
        return None
    return message(N_("站点还没有提交，提交之后才能上报。"))
