"""What the steps of an entry do to the register: a standing with its number, its suspension, its end."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.drafts.operations import hand_in
from registry.errors import InvalidInput, RequirementUnmet
from registry.messages import N_, Message, message
from registry.organisations.address_change_queries import city_of
from registry.organisations.models import Organisation, Site, StandingKind
from registry.organisations.numbers import next_number
from registry.organisations.operations import end_standing, grant_standing
from registry.periods import months_after
from registry.policy.queries import parameter_if_set, working_calendar
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.queries import entry_in_force, entry_in_hand
from registry.provider_entries.renewals import stop_asking
from registry.workflow.clocks import last_day_from, last_day_of
from registry.workflow.operations import follow
from registry.workflow_table import Facts, Occasion, workflow_of

CONFIRMING = "provider_entry.confirming_division"
"""Policy parameter: the division that confirms; where policy names none, the city around the site."""

VALID_MONTHS = "provider_entry.valid_months"
"""Policy parameter: months after which a renewal is due; not set where an entry has no term."""

DEFENCE_WORKDAYS = "provider_entry.defence_workdays"
"""Policy parameter: working days in which an institution may state its case before it has to leave."""


def entry_of(
    session: Session, organisation: Organisation, site: Site, kind: EntryKind, on: date
) -> ProviderEntry:
    """A new entry, not yet in any session. A change or renewal begins with what stands in the register."""
    if organisation.uscc is None:
        raise InvalidInput("site", message(N_("没有统一社会信用代码的单位不能入库，请先补录18位代码。")))
    if entry_in_hand(session, organisation.id) is not None:
        raise InvalidInput("site", message(N_("本机构已有一件未办结的入库申请，请先办结、撤回或放弃草稿。")))
    standing = entry_in_force(session, organisation.id)
    if (standing is None) != (kind is EntryKind.ENTRY):
        raise InvalidInput("site", message(N_("已入库的机构请办理变更或续期，未入库的机构请办理入库。")))
    return ProviderEntry(
        kind=kind,
        state=EntryState.DRAFT,
        organisation=organisation,
        organisation_id=organisation.id,  # the permission table asks before anything is written
        site=site,
        division_code=site.division_code,
        confirming_code=confirming_division(session, site.division_code, on),
        base_answers=dict(standing.answers) if standing else {},
        answers={},
    )


def confirming_division(session: Session, division_code: str, on: date) -> str:
    """31 in Shanghai, where the city is the province; elsewhere the city around the district."""
    named = parameter_if_set(session, CONFIRMING, division_code, on)
    return str(named) if named is not None else city_of(division_code)


def hand_in_entry(session: Session, entry: ProviderEntry, occasion: Occasion) -> Facts:
    """Effect of the hand-in; whoever renews need not be asked for it any more."""
    earlier = earlier_of(session, entry)
    if earlier is not None and entry.kind is EntryKind.RENEWAL:
        stop_asking(session, earlier, occasion.at)
    return hand_in(session, entry, occasion)


def earlier_of(session: Session, entry: ProviderEntry) -> ProviderEntry | None:
    """What stands and is to be replaced. RequirementUnmet where it left, is suspended, or may have to leave."""
    earlier = entry_in_force(session, entry.organisation_id)
    if earlier is None and entry.kind is not EntryKind.ENTRY:
        raise RequirementUnmet(message(N_("机构已不在库，变更和续期不能再办，请撤回后重新申请入库。")))
    if earlier is not None and earlier.suspended_on is not None:
        raise RequirementUnmet(message(N_("机构的入库资格已暂停，恢复之后才能办理变更和续期。")))
    if earlier is not None and earlier.state is not EntryState.LISTED:
        raise RequirementUnmet(message(N_("机构的去留还没有决定，决定保留之后才能办理变更和续期。")))
    return earlier


def list_provider(replaces: StrEnum, session: Session, entry: ProviderEntry, occasion: Occasion) -> Facts:
    """Effect of the confirmation: the first entry gets a number for ever, a later one takes over the standing.

    `replaces` is the step by which the earlier one makes room.
    """
    earlier = earlier_of(session, entry)
    if earlier is not None:
        entry.standing = earlier.standing
        follow(session, earlier, replaces, occasion, working_calendar(session))
    else:
        entry.standing = _granted(session, entry, occasion.on)
    entry.confirmed_on = occasion.on
    entry.valid_until = _valid_until(session, entry, earlier, occasion.on)
    return {"number": entry.standing.number if entry.standing else "", "kind": entry.kind.value}


def _granted(session: Session, entry: ProviderEntry, on: date) -> Any:
    number = next_number(session, entry.organisation, StandingKind.PROVIDER, on)
    return grant_standing(session, entry.organisation, kind=StandingKind.PROVIDER, number=number, on=on)


def _valid_until(
    session: Session, entry: ProviderEntry, earlier: ProviderEntry | None, on: date
) -> date | None:
    """A change is no renewal: the term goes on."""
    if entry.kind is EntryKind.CHANGE and earlier is not None and earlier.valid_until is not None:
        return earlier.valid_until
    months = parameter_if_set(session, VALID_MONTHS, entry.division_code, on)
    return months_after(on, int(months)) - timedelta(days=1) if months else None


def open_defence(session: Session, entry: ProviderEntry, occasion: Occasion) -> Facts:
    """Effect of the notice: the institution has its days to state its case."""
    place, calendar = entry.division_code, working_calendar(session)
    until = last_day_from(session, DEFENCE_WORKDAYS, place, occasion.at, calendar)
    return {"defence_until": until.isoformat()}


def defence_until(session: Session, entry: ProviderEntry) -> date | None:
    """The last day on which the institution may state its case (陈述申辩), as its inbox says; None where none runs."""
    subject, place = workflow_of(entry).subject_of(entry), entry.division_code
    return last_day_of(session, subject, DEFENCE_WORKDAYS, place, working_calendar(session))


def suspend(_session: Session, entry: ProviderEntry, occasion: Occasion) -> Facts:
    """Effect of the suspension: the public is not sent there until it is resumed."""
    entry.suspended_on = occasion.on
    return {}


def resume(_session: Session, entry: ProviderEntry, _occasion: Occasion) -> Facts:
    """The only end of a suspension."""
    since, entry.suspended_on = entry.suspended_on, None
    return {"suspended_on": since.isoformat() if since is not None else ""}


def is_suspended_already(entry: ProviderEntry, _actor: Actor) -> Message | None:
    """Bar of the suspension."""
    return None if entry.suspended_on is None else message(N_("入库资格已经暂停。"))


def is_not_suspended(entry: ProviderEntry, _actor: Actor) -> Message | None:
    """Bar of resuming."""
    return None if entry.suspended_on is not None else message(N_("入库资格没有暂停，无须恢复。"))


def in_hand_beside(session: Session, entry: ProviderEntry) -> ProviderEntry | None:
    """The change or renewal that the institution has in hand while this entry stands."""
    return entry_in_hand(session, entry.organisation_id)


def end_listing(session: Session, entry: ProviderEntry, occasion: Occasion) -> Facts:
    """Effect of leaving: from today on the institution is not listed; its number stays its own.

    Refused while the institution may still state its case.
    """
    until = defence_until(session, entry)
    if entry.state is EntryState.LEAVING and until is not None and occasion.on <= until:
        sentence = N_("陈述申辩期到%(day)s为止，期满或机构申辩之后才能决定。")
        raise RequirementUnmet(message(sentence, day=until.isoformat()))
    if entry.standing is None:
        raise RequirementUnmet(message(N_("没有登记的入库资格。")))
    end_standing(entry.standing, on=occasion.on)
    return {"number": entry.standing.number, "ended_on": occasion.on.isoformat()}


def site_is_still_its_own(entry: ProviderEntry) -> Message | None:
    """Requirement of the hand-in and the confirmation."""
    if entry.site.organisation_id == entry.organisation_id and entry.site.closed_on is None:
        return None
    return message(N_("所填的服务场所已关闭或已不属于本机构，请撤回或放弃草稿，重新申请。"))


def has_changed(entry: ProviderEntry) -> Message | None:
    """Requirement of the hand-in: a change says what changes."""
    if entry.kind is not EntryKind.CHANGE or entry.answers != entry.base_answers:
        return None
    return message(N_("内容与登记的相同，没有需要变更的内容。"))
