"""What a change of a site's address does to the register: the draft, the hand-in, and the move itself.

The steps are taken through the workflow (workflow.py has the table); these are its effects and requirements.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from registry.errors import InvalidInput, RequirementUnmet
from registry.messages import N_, Message, message
from registry.organisations.address_change_queries import city_of, district_of, open_change_of, street_at
from registry.organisations.models import AddressChange, AddressChangeState, Precision, Site, SitePlacement
from registry.policy.queries import parameter
from registry.workflow_table import Facts, Occasion

DAYS_AHEAD = "address_change.days_ahead"
"""Policy parameter: how many days before it takes effect a change may be asked for."""


@dataclass(frozen=True)
class Proposal:
    """What a provider types: the new place, its point in WGS-84 degrees where known, and the day of the move."""

    address: str
    division_code: str
    latitude: float | None
    longitude: float | None
    effective_on: date
    explanation: str


def draft_of(site: Site, proposal: Proposal, *, asked_by_id: int, at: datetime) -> AddressChange:
    """A new draft, not yet in any session: the workflow starts it."""
    return AddressChange(
        site=site,
        site_id=site.id,
        state=AddressChangeState.DRAFT,
        from_address=site.address,
        from_code=site.division_code,
        asked_at=at,
        asked_by_id=asked_by_id,
        **asdict(proposal),
    )


def faults(session: Session, site: Site, proposal: Proposal, *, today: date) -> list[InvalidInput]:
    """Everything that is wrong with a proposal, each under the field where it was typed."""
    found = (
        _fault_of_division(session, site, proposal.division_code, today),
        _fault_of_day(session, site, proposal.effective_on, today),
    )
    return [fault for fault in found if fault is not None]


def begin(session: Session, change: AddressChange, occasion: Occasion) -> Facts:
    """A first draft: the site is in use, and has no other change in hand."""
    if change.site.closed_on is not None and change.site.closed_on <= occasion.on:
        raise RequirementUnmet(message(N_("本场所已停用，不能再变更地址。")))
    if open_change_of(session, change.site) is not None:
        raise RequirementUnmet(message(N_("本场所已有一件未办结的地址变更，请先办结、撤回或放弃草稿。")))
    return fill(session, change, occasion)


def fill(session: Session, change: AddressChange, occasion: Occasion) -> Facts:
    """Put what was typed into the draft; the first fault is refused."""
    proposal: Proposal = occasion.facts
    for fault in faults(session, change.site, proposal, today=occasion.on):
        raise fault
    for name, value in asdict(proposal).items():
        setattr(change, name, value)
    return {"address": change.address, "division_code": change.division_code}


def hand_in(_session: Session, change: AddressChange, occasion: Occasion) -> Facts:
    """What the officer will see is compared with the site as it stands on the day of the hand-in."""
    change.submitted_at = occasion.at
    change.from_address = change.site.address
    change.from_code = change.site.division_code
    return {"address": change.address, "division_code": change.division_code}


def move_site(session: Session, change: AddressChange, occasion: Occasion) -> Facts:
    """Close the present placement on the day of the move and open the next one; the site follows."""
    site = change.site
    responsible = responsible_after(site, change.division_code)
    _place(session, site, change, responsible)
    site.address = change.address
    site.located_code, site.division_code = change.division_code, responsible
    site.latitude, site.longitude = change.latitude, change.longitude
    # The old point is wrong now; without a new one the site has none.
    site.precision = Precision.EXACT if change.latitude is not None else None
    site.updated_at = occasion.at
    return {
        "site": site.code,
        "from_address": change.from_address,
        "from_code": change.from_code,
        "address": site.address,
        "division_code": site.division_code,
        "effective_on": change.effective_on.isoformat(),
    }


def responsible_after(site: Site, new_code: str) -> str:
    """Responsibility follows the place, unless another district answers for a site that stays where it lies."""
    answers_from_elsewhere = district_of(site.division_code) != district_of(site.located_code)
    stays = district_of(site.located_code) == district_of(new_code)
    return site.division_code if answers_from_elsewhere and stays else new_code


def asks_for_something(change: AddressChange) -> Message | None:
    """Requirement of the hand-in."""
    site = change.site
    is_same = (change.address, change.division_code, change.latitude, change.longitude) == (
        site.address,
        site.located_code,
        site.latitude,
        site.longitude,
    )
    return message(N_("新地址与现址相同，没有需要变更的内容。")) if is_same else None


def site_stands_as_seen(change: AddressChange) -> Message | None:
    """Requirement of the confirmation: what was compared is still so."""
    site = change.site
    if (site.address, site.division_code) == (change.from_address, change.from_code):
        return None
    return message(N_("提交之后，场所的地址已被另行更改。请退回，由机构核对后重新提交。"))


def day_is_still_possible(change: AddressChange) -> Message | None:
    """Requirement of the hand-in and the confirmation: the new period begins after the present one."""
    since = placed_since(change.site)
    if since is None or change.effective_on > since:
        return None
    return message(N_("启用日期应晚于现址的启用日期%(day)s。"), day=since.isoformat())


def placed_since(site: Site) -> date | None:
    """The first day of the newest placement, or the opening day of a site that has none yet."""
    days = [placement.valid_from for placement in site.placements]
    return max(days) if days else site.opened_on


def _place(session: Session, site: Site, change: AddressChange, responsible: str) -> None:
    for placement in site.placements:
        if placement.valid_to is None or placement.valid_to > change.effective_on:
            placement.valid_to = change.effective_on
    session.add(
        SitePlacement(
            site=site,
            division_code=responsible,
            today_code=responsible,
            address=change.address,
            valid_from=change.effective_on,
        )
    )


def _fault_of_division(session: Session, site: Site, code: str, today: date) -> InvalidInput | None:
    """Today's code, whatever the day of the move: division changes rewrite it together with the site's."""
    street = street_at(session, code, today)
    if street is None:
        return InvalidInput("division_code", message(N_("没有找到这个街镇，请从列表中选择。")))
    if city_of(street.code) != city_of(site.located_code):
        return InvalidInput("division_code", message(N_("街镇不在本市。迁往外市请在迁入地重新登记。")))
    return None


def _fault_of_day(session: Session, site: Site, day: date, today: date) -> InvalidInput | None:
    since = placed_since(site)
    if site.opened_on is not None and day < site.opened_on:
        text = message(N_("启用日期不能早于场所的开业日期%(day)s。"), day=site.opened_on.isoformat())
        return InvalidInput("effective_on", text)
    if since is not None and day <= since:
        text = message(N_("启用日期应晚于现址的启用日期%(day)s。"), day=since.isoformat())
        return InvalidInput("effective_on", text)
    last = today + timedelta(days=int(parameter(session, DAYS_AHEAD, site.division_code, today)))
    if day > last:
        return InvalidInput(
            "effective_on", message(N_("启用日期最晚为%(day)s，请临近时再申请。"), day=last.isoformat())
        )
    return None
