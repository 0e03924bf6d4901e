"""A change of address as its pages show it: old beside new, who has it, what was done, what may be done."""

from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile

from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.formatting import NOTHING, data, day, with_data
from portal.workflow.steps import Button, Past, Waiting, buttons_of, past_of, waiting_for
from registry.access.actors import Actor
from registry.organisations.address_change_queries import district_of, place_names
from registry.organisations.address_changes import Proposal
from registry.organisations.models import AddressChange, AddressChangeState, Site
from registry.organisations.workflow import AddressChangeStep
from registry.workflow.models import Todo
from registry.workflow.queries import history, waiting_on

STATE_KINDS = {
    AddressChangeState.DRAFT: "draft",
    AddressChangeState.SUBMITTED: "active",
    AddressChangeState.RETURNED: "returned",
    AddressChangeState.CONFIRMED: "done",
    AddressChangeState.WITHDRAWN: "ended",
}

STEP_PAGES = {
    AddressChangeStep.SAVE: "address_changes.edit",
    AddressChangeStep.SUBMIT: "address_changes.submit",
    AddressChangeStep.RETURN: "address_changes.return_change",
    AddressChangeStep.CONFIRM: "address_changes.confirm",
    AddressChangeStep.WITHDRAW: "address_changes.withdraw",
}

MAIN_STEPS = frozenset({AddressChangeStep.SUBMIT, AddressChangeStep.CONFIRM})
"""What the record waits for: the main button."""

DIRECT_STEPS = frozenset({AddressChangeStep.SUBMIT})
"""Taken from the page of the change, which shows all there is to check; the others have a page of their own."""


@dataclass(frozen=True)
class Pair:
    """One fact before and after."""

    label: str
    old: str
    new: str

    @property
    def is_changed(self) -> bool:
        """Whether the change touches this fact."""
        return self.old != self.new


@dataclass(frozen=True)
class ChangePage:
    """Everything that the page of one change shows; made before it is drawn."""

    change: AddressChange
    kind: str
    pairs: tuple[Pair, ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    reason: str
    """Why it was returned, while it is returned."""
    crossing: Markup | None
    """What becomes of the responsibility where the site moves into another district."""

    @property
    def last_day(self) -> date:
        """The last day on which the site is registered where it was."""
        return self.change.effective_on - timedelta(days=1)


def page_of(session: Session, change: AddressChange, actor: Actor, today: date) -> ChangePage:
    """One change for one reader."""
    return ChangePage(
        change=change,
        kind=STATE_KINDS[change.state],
        pairs=compared(session, change),
        buttons=buttons_of(session, change, actor, STEP_PAGES, main=MAIN_STEPS, direct=DIRECT_STEPS),
        past=past_of(session, change, AddressChangeStep),
        waiting=_waiting(session, change, today),
        reason=reason_of_return(session, change),
        crossing=crossing_of(session, change),
    )


def reason_of_return(session: Session, change: AddressChange) -> str:
    """Why it was returned, while it is returned."""
    if change.state is not AddressChangeState.RETURNED:
        return ""
    reasons = [step.reason for step in history(session, change) if step.step == AddressChangeStep.RETURN]
    return reasons[-1] if reasons else ""


def compared(session: Session, change: AddressChange) -> tuple[Pair, ...]:
    """Old beside new. A draft is compared with the site as it is, later with what the officer saw."""
    site = change.site
    is_open = change.state not in (AddressChangeState.CONFIRMED, AddressChangeState.WITHDRAWN)
    old_code = change.from_code if change.was_submitted else site.division_code
    names = place_names(session, (old_code, change.division_code))
    old_point = _point(site.latitude, site.longitude) if is_open else NOTHING
    return (
        Pair(_("街镇"), data(names[old_code]), data(names[change.division_code])),
        Pair(
            _("地址"),
            data(change.from_address if change.was_submitted else site.address),
            data(change.address),
        ),
        Pair(_("坐标（WGS-84）"), old_point, _new_point(change)),
        Pair(_("启用日期"), _since(site, change), day(change.effective_on)),
        Pair(_("变更说明"), NOTHING, data(change.explanation)),
    )


def conflicting(session: Session, change: AddressChange, typed: Proposal) -> tuple[Pair, ...]:
    """What is kept now beside what was typed on an outdated page."""
    names = place_names(session, (change.division_code, typed.division_code))
    return (
        Pair(_("街镇"), data(names[change.division_code]), data(names[typed.division_code])),
        Pair(_("新地址"), data(change.address), data(typed.address)),
        Pair(_("启用日期"), day(change.effective_on), day(typed.effective_on)),
        Pair(
            _("坐标（WGS-84）"),
            _point(change.latitude, change.longitude),
            _point(typed.latitude, typed.longitude),
        ),
        Pair(_("变更说明"), data(change.explanation), data(typed.explanation)),
    )


def crossing_of(session: Session, change: AddressChange) -> Markup | None:
    """Nothing to say within one district, or of a change that was withdrawn."""
    code = district_of(change.division_code)
    if code == district_of(change.from_code) or change.state is AddressChangeState.WITHDRAWN:
        return None
    sentence = _("新址在%(district)s，不在现在负责的区县内。确认之后由新址所在的区县负责本场所，并收到通知。")
    if change.state is AddressChangeState.CONFIRMED:
        sentence = _("本场所自确认起由%(district)s负责。")
    return with_data(sentence, district=place_names(session, (code,))[code])


def _waiting(session: Session, change: AddressChange, today: date) -> tuple[Waiting, ...]:
    districts = {district_of(todo.division_code) for todo in waiting_on(session, change)}
    names = place_names(session, districts)

    def place_of(todo: Todo) -> str:
        return (
            change.site.organisation.name if todo.organisation_id else names[district_of(todo.division_code)]
        )

    return waiting_for(session, change, today, place_of)


def _point(latitude: float | None, longitude: float | None) -> str:
    if latitude is None or longitude is None:
        return NOTHING
    return str(
        _("北纬%(latitude)s°，东经%(longitude)s°", latitude=f"{latitude:.6f}", longitude=f"{longitude:.6f}")
    )


def _new_point(change: AddressChange) -> str:
    if change.latitude is None:
        return str(_("未提供，待补"))
    return _point(change.latitude, change.longitude)


def _since(site: Site, change: AddressChange) -> str:
    """Since when the site stands where it stood before the change; a division change moved nobody."""
    earlier = [one for one in site.placements if one.valid_from < change.effective_on]
    newest_first = sorted(earlier, key=lambda one: one.valid_from, reverse=True)
    same_place = takewhile(lambda one: one.address == newest_first[0].address, newest_first)
    return day(min((one.valid_from for one in same_place), default=site.opened_on))
