"""What an institution has in hand beside what stands: it replaces only what is listed, and ends when that ends."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.models import AuditEntry
from registry.errors import RequirementUnmet
from registry.organisations.models import Site, Standing
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import entry_of
from registry.provider_entries.queries import entry_in_force
from registry.provider_entries.workflow import EntryStep
from registry.workflow.models import Clock, Todo
from registry.workflow.queries import history
from tests.entry_factories import Desk, lay_out_terms
from tests.factories import NOW, make_organisation, make_site

LATER = NOW + timedelta(days=2)


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_site(session, make_organisation(session))


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


@pytest.fixture
def entry(desk: Desk, site: Site) -> ProviderEntry:
    return desk.listed(site)


def open_of(session: Session, model: type, entry: ProviderEntry) -> int:
    """Open to-dos, without notices, or clocks of an entry."""
    found = sa.select(sa.func.count()).select_from(model)
    found = found.where(model.subject_type == "provider_entry", model.subject_id == entry.id)
    found = found.where(model.closed_at.is_(None))
    return session.scalar(found.where(Todo.is_notice.is_(False)) if model is Todo else found) or 0


def notices(session: Session, entry: ProviderEntry) -> list[str]:
    of_entry = sa.select(Todo.title).where(Todo.subject_id == entry.id, Todo.is_notice)
    return list(session.scalars(of_entry.order_by(Todo.id)))


@pytest.mark.parametrize("kind", [EntryKind.CHANGE, EntryKind.RENEWAL])
def test_the_earlier_entry_is_replaced_with_a_step_in_history_and_trail(
    session: Session, desk: Desk, site: Site, entry: ProviderEntry, kind: EntryKind
) -> None:
    later = desk.handed_in(site, kind)
    desk.take(later, EntryStep.CHECK, desk.district)
    desk.take(later, EntryStep.CONFIRM, desk.city)

    assert (entry.state, later.state) == (EntryState.REPLACED, EntryState.LISTED)
    last = history(session, entry)[-1]
    assert (last.step, last.from_state, last.to_state) == ("replace", "listed", "replaced")
    assert last.actor_name == desk.city.name
    trail = sa.select(AuditEntry.action).where(AuditEntry.subject_code == entry.code)
    assert session.scalars(trail.order_by(AuditEntry.id.desc())).first() == "provider_entry.replace"
    assert open_of(session, Todo, entry) == open_of(session, Clock, entry) == 0


def test_a_removed_institution_does_not_come_back_by_its_change(
    session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    change = desk.handed_in(site)
    desk.take(change, EntryStep.CHECK, desk.district)
    desk.take(entry, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期", at=LATER)
    desk.take(entry, EntryStep.REMOVE, desk.city, reason="同意退出", at=LATER)

    assert change.state is EntryState.WITHDRAWN
    last = history(session, change)[-1]
    assert (last.step, last.reason, last.actor_name) == ("end", "同意退出", desk.city.name)
    assert "机构已退出，在办的变更或续期随之终止" in notices(session, change)
    assert open_of(session, Todo, change) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(Standing)) == 1
    entry_of(session, site.organisation, site, EntryKind.ENTRY, LATER.date())  # it may begin anew


def test_a_draft_ends_with_the_removal_although_no_officer_may_see_it(
    session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    draft = desk.begin(entry_of(session, site.organisation, site, EntryKind.CHANGE, NOW.date()))
    desk.take(entry, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期", at=LATER)
    assert draft.state is EntryState.DRAFT
    desk.take(entry, EntryStep.REMOVE, desk.city, reason="同意退出", at=LATER)
    assert (draft.state, draft.submitted_at) == (EntryState.WITHDRAWN, None)


@pytest.mark.parametrize(
    ("step", "who"),
    [
        (EntryStep.SUSPEND, "district"),
        (EntryStep.NOTIFY, "district"),
        (EntryStep.ASK_TO_LEAVE, "own"),
    ],
)
@pytest.mark.parametrize("checked", [False, True])
def test_what_is_in_hand_goes_back_with_the_reason_and_is_not_handed_in_meanwhile(
    session: Session,
    desk: Desk,
    site: Site,
    entry: ProviderEntry,
    step: EntryStep,
    who: str,
    checked: bool,
) -> None:
    change = desk.handed_in(site)
    if checked:
        desk.take(change, EntryStep.CHECK, desk.district)
    desk.take(entry, step, getattr(desk, who), reason="连续三个月没有服务", at=LATER)

    assert change.state is EntryState.RETURNED
    last = history(session, change)[-1]
    assert (last.step, last.reason) == ("halt", "连续三个月没有服务")
    assert notices(session, change)[-1] == "机构的资格或去留有变，在办的变更或续期已退回"
    assert open_of(session, Todo, change) == 0
    with pytest.raises(RequirementUnmet, match="才能办理变更和续期"):
        desk.take(change, EntryStep.SUBMIT, desk.own, at=LATER)


def test_once_resumed_or_kept_it_is_handed_in_again(
    session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    change = desk.handed_in(site)
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防整改")
    desk.take(entry, EntryStep.RESUME, desk.district, reason="整改完成")
    desk.take(change, EntryStep.SUBMIT, desk.own)
    desk.take(entry, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期")
    desk.take(entry, EntryStep.KEEP, desk.city, reason="已找到新场地")
    desk.take(change, EntryStep.SUBMIT, desk.own)
    assert change.state is EntryState.SUBMITTED


@pytest.mark.parametrize(
    ("facts", "said"),
    [
        ({"state": EntryState.LEAVING}, "去留还没有决定"),
        ({"state": EntryState.DECIDING}, "去留还没有决定"),
        ({"suspended_on": NOW.date()}, "资格已暂停"),
        ({"state": EntryState.LEFT}, "已不在库"),
    ],
)
def test_a_confirmation_takes_the_place_of_a_listed_entry_alone(
    session: Session, desk: Desk, site: Site, entry: ProviderEntry, facts: dict[str, object], said: str
) -> None:
    change = desk.handed_in(site)
    desk.take(change, EntryStep.CHECK, desk.district)
    for name, value in facts.items():  # as older records stand, which no step returned
        setattr(entry, name, value)
    session.flush()
    with pytest.raises(RequirementUnmet, match=said):
        desk.take(change, EntryStep.CONFIRM, desk.city)
    assert change.state is EntryState.CHECKED


def test_an_exit_procedure_outlives_a_change_that_is_confirmed_beside_it(
    session: Session, desk: Desk, site: Site, entry: ProviderEntry
) -> None:
    change = desk.handed_in(site)
    desk.take(change, EntryStep.CHECK, desk.district)
    desk.take(entry, EntryStep.NOTIFY, desk.district, reason="拟退出")
    assert (open_of(session, Todo, entry), open_of(session, Clock, entry)) == (1, 1)
    desk.take(entry, EntryStep.DEFEND, desk.own, reason="有服务")
    assert entry_in_force(session, site.organisation_id) is entry


def test_a_change_is_no_renewal(session: Session, desk: Desk, site: Site, entry: ProviderEntry) -> None:
    year_later = NOW + timedelta(days=365)
    before = entry.valid_until
    change = desk.handed_in(site)
    desk.take(change, EntryStep.CHECK, desk.district)
    desk.take(change, EntryStep.CONFIRM, desk.city, at=year_later)
    assert change.valid_until == before
    renewal = desk.handed_in(site, EntryKind.RENEWAL)
    desk.take(renewal, EntryStep.CHECK, desk.district)
    desk.take(renewal, EntryStep.CONFIRM, desk.city, at=year_later)
    assert (before is not None, renewal.valid_until is not None) == (True, True)
    assert str(renewal.valid_until) == "2030-11-22"
