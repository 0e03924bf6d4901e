"""What is typed is kept as it was typed, and nobody's words are overwritten by somebody else's page."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.drafts.merging import Page
from registry.drafts.models import DraftEdit
from registry.drafts.operations import LONGEST_ANSWER, UNKNOWN_PAGE, Saved, save_answers
from registry.errors import InvalidInput, NotAllowed, NotVisible, StepNotOpen
from registry.provider_entries.models import EntryState, ProviderEntry
from tests.entry_factories import KEY, Desk, lay_out_terms, make_entry
from tests.factories import NOW, make_organisation, make_site


@pytest.fixture
def desk(session: Session) -> Desk:
    lay_out_terms(session)
    return Desk(session, make_site(session, make_organisation(session)))


@pytest.fixture
def entry(session: Session, desk: Desk) -> ProviderEntry:
    site = make_site(session, make_organisation(session))
    site.organisation_id = desk.own.organisation_id
    session.flush()
    session.refresh(site)
    return make_entry(session, site, answers={})


def save(
    session: Session,
    entry: ProviderEntry,
    desk: Desk,
    base: int,
    trail: Trail | None = None,
    page: Page = UNKNOWN_PAGE,
    **typed: Any,
) -> Saved:
    return save_answers(session, entry, typed, base=base, actor=desk.own, at=NOW, page=page, trail=trail)


def test_what_cannot_be_read_is_kept_like_the_rest(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    saved = save(session, entry, desk, entry.version, area="很大", hours=" 全天 ", kinds=["RS04", "月球"])

    session.expire_all()
    assert entry.answers == {"area": "很大", "hours": "全天", "kinds": ["RS04", "月球"]}
    assert saved.keys == {"area", "hours", "kinds"}
    assert saved.version == entry.version


def test_what_the_questionnaire_does_not_ask_is_not_kept(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    save(session, entry, desk, entry.version, state="listed", standing_id="1", hours="全天")

    assert entry.answers == {"hours": "全天"}
    assert entry.state is EntryState.DRAFT


def test_two_who_write_different_answers_lose_nothing(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    base = entry.version
    save(session, entry, desk, base, area="100", hours="")
    second = save(session, entry, desk, base, area="", hours="全天")

    assert entry.answers == {"area": "100", "hours": "全天"}
    assert second.clashes == ()


def test_a_page_that_says_only_its_version_puts_nothing_back_either(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    base, page = entry.version, Page(key="p" * 32)
    save(session, entry, desk, base, hours="全天")

    first = save(session, entry, desk, base, page=page, area="2", hours="")
    second = save(session, entry, desk, first.version, page=page, area="260", hours="")

    assert [one.key for one in first.theirs] == ["hours"]
    assert second.clashes == ()
    assert entry.answers == {"area": "260", "hours": "全天"}


def test_two_who_write_the_same_answer_are_shown_both(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    base = entry.version
    save(session, entry, desk, base, area="100")
    second = save(session, entry, desk, base, area="200", hours="全天")

    (clash,) = second.clashes
    assert (clash.key, clash.kept, clash.typed, clash.by) == ("area", "100", "200", desk.own.name)
    assert entry.answers == {"area": "100", "hours": "全天"}

    third = save(session, entry, desk, second.version, area="200")
    assert third.clashes == ()
    assert entry.answers["area"] == "200"


def test_the_same_words_twice_are_no_change(session: Session, desk: Desk, entry: ProviderEntry) -> None:
    first = save(session, entry, desk, entry.version, hours="全天")
    again = save(session, entry, desk, first.version, hours="全天")

    assert again.version == first.version
    assert again.keys == frozenset()


def test_each_changed_answer_has_its_history(session: Session, desk: Desk, entry: ProviderEntry) -> None:
    first = save(session, entry, desk, entry.version, area="100")
    save(session, entry, desk, first.version, area="120")

    edits = session.scalars(sa.select(DraftEdit).order_by(DraftEdit.id)).all()
    assert [(edit.before, edit.after, edit.actor_code) for edit in edits] == [
        ("", "100", desk.own.code),
        ("100", "120", desk.own.code),
    ]


def test_only_what_somebody_says_is_kept_is_named_in_the_trail(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    first = save(session, entry, desk, entry.version, hours="上午")
    save(session, entry, desk, first.version, Trail(KEY), hours="全天")

    (told,) = session.scalars(sa.select(AuditEntry).where(AuditEntry.action == "provider_entry.save"))
    assert told.facts["questions"] == ["hours"]
    assert "全天" not in str(told.facts)


@pytest.mark.parametrize("state", [EntryState.SUBMITTED, EntryState.CHECKED, EntryState.WITHDRAWN])
def test_what_was_handed_in_is_not_typed_on(
    session: Session, desk: Desk, entry: ProviderEntry, state: EntryState
) -> None:
    entry.state, entry.submitted_at = state, NOW
    with pytest.raises(StepNotOpen, match="已经提交"):
        save(session, entry, desk, entry.version, hours="全天")


def test_an_officer_types_on_nobodys_draft(session: Session, desk: Desk, entry: ProviderEntry) -> None:
    for actor, refusal in ((desk.district, NotVisible), (desk.city, NotVisible)):
        with pytest.raises(refusal):
            save_answers(session, entry, {"hours": "全天"}, base=1, actor=actor, at=NOW)
    entry.state, entry.submitted_at = EntryState.RETURNED, NOW
    with pytest.raises(NotAllowed):
        save_answers(session, entry, {"hours": "全天"}, base=1, actor=desk.district, at=NOW)


def test_an_answer_beyond_all_measure_is_refused_and_not_cut(
    session: Session, desk: Desk, entry: ProviderEntry
) -> None:
    with pytest.raises(InvalidInput, match="没有保存") as refused:
        save(session, entry, desk, entry.version, hours="长" * (LONGEST_ANSWER + 1))

    assert refused.value.field == "hours"
    assert entry.answers == {}


@pytest.mark.parametrize("base", [-5, 0, 10**30])
def test_a_version_that_no_page_can_have_shown_overwrites_nobody(
    session: Session, desk: Desk, entry: ProviderEntry, base: int
) -> None:
    save(session, entry, desk, entry.version, hours="上午")
    saved = save(session, entry, desk, base, contact="前台")

    assert saved.clashes == ()
    assert entry.answers == {"hours": "上午", "contact": "前台"}
