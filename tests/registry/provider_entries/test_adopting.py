"""A provider that was listed before entries were filled in here: one entry, no invented answer, and all steps open."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.drafts.adopting import Adoption
from registry.drafts.operations import save_answers
from registry.errors import RequirementUnmet
from registry.organisations.models import Site
from registry.provider_entries.adopting import adopt_standings
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import entry_of
from registry.provider_entries.queries import entry_in_force
from registry.provider_entries.workflow import EntryStep
from registry.workflow.queries import history, open_steps
from tests.entry_factories import ENTRY_ANSWERS, KEY, Desk, lay_out_terms, make_entry
from tests.factories import DAY, NOW, make_organisation, make_site, make_standing

ADOPTION = Adoption(DAY, NOW, "portal jobs", Trail(KEY))


@pytest.fixture
def site(session: Session) -> Site:
    """Of a provider that was listed in 2021 and of which nothing else is known."""
    lay_out_terms(session)
    organisation = make_organisation(session, source="2019年机构名录")
    make_standing(session, organisation, number="沪康复2021-0007", granted_on=date(2021, 3, 5))
    return make_site(session, organisation)


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


@pytest.fixture
def entry(session: Session, site: Site) -> ProviderEntry:
    assert adopt_standings(session, ADOPTION) == 1
    found = entry_in_force(session, site.organisation_id)
    assert found is not None
    return found


def test_it_stands_in_the_library_with_its_source_and_without_answers(
    session: Session, entry: ProviderEntry, desk: Desk
) -> None:
    assert (entry.state, entry.kind, entry.confirmed_on) == (
        EntryState.LISTED,
        EntryKind.ENTRY,
        date(2021, 3, 5),
    )
    assert (entry.adopted_from, entry.adopted_on) == ("2019年机构名录", DAY)
    assert (entry.answers, entry.submitted_at, entry.valid_until) == ({}, None, None)
    assert entry.standing is not None
    assert entry.standing.number == "沪康复2021-0007"
    assert entry.confirming_code == "31"


def test_its_history_and_the_trail_begin_with_the_list(session: Session, entry: ProviderEntry) -> None:
    steps = [(step.step, step.from_state, step.to_state, step.reason) for step in history(session, entry)]
    assert steps == [("adopt", "", "listed", "2019年机构名录")]
    written = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "provider_entry.adopt")).one()
    assert (written.actor_name, written.subject_code) == ("portal jobs", entry.code)


def test_done_again_it_finds_nothing_to_do(session: Session, entry: ProviderEntry) -> None:
    assert adopt_standings(session, ADOPTION) == 0
    assert session.scalar(sa.select(sa.func.count()).select_from(ProviderEntry)) == 1


def test_what_has_its_entry_what_ended_and_what_has_no_site_get_none(session: Session, site: Site) -> None:
    adopt_standings(session, ADOPTION)
    other = make_site(session, make_organisation(session))
    standing = make_standing(session, other.organisation)
    make_entry(session, other, state=EntryState.DECIDING, standing=standing)
    left = make_site(session, make_organisation(session))
    make_standing(session, left.organisation, ended_on=DAY)
    coming = make_site(session, make_organisation(session))
    make_standing(session, coming.organisation, granted_on=date(2026, 12, 1))
    make_standing(session, make_organisation(session))
    assert adopt_standings(session, ADOPTION) == 0


def test_it_is_suspended_resumed_and_made_to_leave_without_an_answer(
    session: Session, entry: ProviderEntry, desk: Desk
) -> None:
    desk.take(entry, EntryStep.SUSPEND, desk.district, reason="消防整改")
    desk.take(entry, EntryStep.RESUME, desk.district, reason="已整改")
    desk.take(entry, EntryStep.ASK_TO_LEAVE, desk.own, reason="停止服务，居民转往邻街")
    desk.take(entry, EntryStep.REMOVE, desk.city, reason="机构申请")
    assert (entry.state, entry.standing and entry.standing.ended_on) == (EntryState.LEFT, DAY)


@pytest.mark.parametrize("kind", [EntryKind.CHANGE, EntryKind.RENEWAL])
def test_what_was_not_asked_is_completed_at_the_next_change_or_renewal(
    session: Session, entry: ProviderEntry, desk: Desk, site: Site, kind: EntryKind
) -> None:
    change = desk.begin(entry_of(session, site.organisation, site, kind, DAY))
    some = {"phone": "021-00000000"}
    save_answers(session, change, some, base=change.version, actor=desk.own, at=NOW)
    with pytest.raises(RequirementUnmet, match="还有 15 处没有填好"):
        desk.take(change, EntryStep.SUBMIT, desk.own)
    save_answers(session, change, ENTRY_ANSWERS, base=change.version, actor=desk.own, at=NOW)
    desk.take(change, EntryStep.SUBMIT, desk.own)
    desk.take(change, EntryStep.CHECK, desk.district)
    desk.take(change, EntryStep.CONFIRM, desk.city)
    assert (entry.state, change.state) == (EntryState.REPLACED, EntryState.LISTED)
    assert (change.standing, change.is_adopted) == (entry.standing, False)
    assert change.valid_until == date(2029, 11, 22)


def test_officers_of_its_place_see_it_and_may_act(session: Session, entry: ProviderEntry, desk: Desk) -> None:
    assert [step.step for step in open_steps(session, entry, desk.district)] == ["suspend", "notify"]
    assert [step.step for step in open_steps(session, entry, desk.own)] == ["ask_to_leave"]
    assert open_steps(session, entry, desk.city) == []


def test_an_entry_that_was_in_hand_takes_the_standing_over(session: Session, desk: Desk, site: Site) -> None:
    """Before, its confirmation was refused: the institution held the standing already."""
    in_hand = make_entry(session, site)
    adopt_standings(session, ADOPTION)
    desk.take(in_hand, EntryStep.SUBMIT, desk.own)
    desk.take(in_hand, EntryStep.CHECK, desk.district)
    desk.take(in_hand, EntryStep.CONFIRM, desk.city)
    assert in_hand.standing is not None
    assert in_hand.standing.number == "沪康复2021-0007"
