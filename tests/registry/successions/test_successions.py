"""Mergers and splits: what passes over, what is refused, and what can be taken back."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.models import AuditEntry
from registry.audit.trail import Trail
from registry.errors import InvalidInput, RequirementUnmet
from registry.organisations.models import AddressChangeState, Organisation, Site
from registry.successions.models import OrganisationSuccession, SuccessionKind
from registry.successions.operations import By, record_succession, undo_succession, why_it_stands
from registry.successions.planning import Wanted, outlook_of
from registry.successions.queries import PROVIDERS, comes_after, load_successors
from registry.workforce.models import Post
from tests.factories import (
    DAY,
    HUANGPU,
    NANJING_EAST_ROAD,
    NOW,
    make_actor,
    make_address_change,
    make_division,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
    make_staff,
    make_standing,
)

ON, DOCUMENT = date(2026, 6, 1), "示民社〔2026〕6号"
MERGE, SPLIT = SuccessionKind.MERGE, SuccessionKind.SPLIT


@pytest.fixture
def officer(session: Session) -> Actor:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD, "310115"):
        make_division(session, code)
    return make_actor(session, Role.DISTRICT)


@pytest.fixture
def old(session: Session, officer: Actor) -> Organisation:
    """A listed provider with two sites, three people at the first."""
    organisation = make_organisation(session, name="示例甲中心")
    make_standing(session, organisation, number="沪康复2020-0001")
    first, _second = make_site(session, organisation), make_site(session, organisation)
    make_staff(session, first, qualified=1, other=2)
    session.refresh(organisation)
    return organisation


@pytest.fixture
def new(session: Session, officer: Actor) -> Organisation:
    organisation = make_organisation(session, name="示例乙中心")
    make_standing(session, organisation, number="沪康复2020-0002")
    session.refresh(organisation)
    return organisation


def wanted(old: Organisation, new: Organisation, **facts: Any) -> Wanted:
    sites = frozenset(site.code for site in old.sites)
    return replace(Wanted(MERGE, new.uscc or "", ON, DOCUMENT, sites), **facts)


def by(officer: Actor) -> By:
    return By(officer, NOW, DAY, Trail(b"k" * 32))


def merged(session: Session, old: Organisation, new: Organisation, officer: Actor) -> OrganisationSuccession:
    return record_succession(session, old, wanted(old, new), by(officer))


def people_at(session: Session, organisation: Organisation, on: date) -> int:
    posts = sa.select(sa.func.count(Post.practitioner_id.distinct())).join(Site, Site.id == Post.site_id)
    held = sa.and_(Post.start_on <= on, sa.or_(Post.end_on.is_(None), Post.end_on > on))
    return session.scalar(posts.where(Site.organisation_id == organisation.id, held)) or 0


def test_a_merger_passes_the_sites_over_and_leaves_every_past_day_alone(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    outlook = outlook_of(session, old, wanted(old, new), officer, DAY)
    assert [str(label) for label, _count in outlook.rows] == ["在岗人员的任职"]
    assert [count for _label, count in outlook.rows] == [3]
    merged(session, old, new, officer)
    before, after = date(2026, 5, 31), ON
    assert (people_at(session, old, before), people_at(session, new, before)) == (3, 0)
    assert (people_at(session, old, after), people_at(session, new, after)) == (0, 3)
    assert [site.closed_on for site in old.sites] == [ON, ON]
    session.refresh(new)
    assert [(site.opened_on, site.address) for site in new.sites] == [(ON, "示例路1号")] * 2
    assert (old.closed_on, old.standings[0].ended_on) == (ON, ON)


def test_the_old_code_number_and_credit_code_stay_the_predecessors(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    code, uscc = old.code, old.uscc
    merged(session, old, new, officer)
    session.expire_all()
    assert (old.code, old.uscc, old.standings[0].number) == (code, uscc, "沪康复2020-0001")
    for typed in ("沪康复2020-0001", uscc or "", "示例甲中心"):
        found = PROVIDERS.ask({"q": typed}, scope=sa.true(), on=DAY).fetch(session)
        assert [(row.name, row.merged_into) for row in found.rows] == [("示例甲中心", "示例乙中心")]
    assert load_successors(session, [old.id], date(2026, 5, 31)) == {old.id: (None,)}


def test_the_successor_is_found_by_number_credit_code_or_code(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    for typed in ("沪康复2020-0002", (new.uscc or "").lower(), new.code):
        assert outlook_of(session, old, wanted(old, new, successor=typed), officer, DAY).successor is new


def test_a_site_that_is_not_chosen_closes_with_a_merger_and_stays_after_a_split(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    some = frozenset({old.sites[0].code})
    merger = outlook_of(session, old, wanted(old, new, sites=some), officer, DAY)
    assert (merger.closing, merger.staying) == ((old.sites[1],), ())
    split = wanted(old, new, sites=some, kind=SPLIT, ends=False)
    outlook = outlook_of(session, old, split, officer, DAY)
    assert (outlook.closing, outlook.staying, outlook.ending) == ((), (old.sites[1],), ())
    record_succession(session, old, split, by(officer))
    assert (old.closed_on, old.sites[1].closed_on, old.standings[0].ended_on) == (None, None, None)


def test_a_split_may_have_several_successors(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    third = make_organisation(session, name="示例丙中心")
    for site, successor in zip(list(old.sites), (new, third), strict=True):
        one = Wanted(SPLIT, successor.code, ON, DOCUMENT, frozenset({site.code}), ends=False)
        record_succession(session, old, one, by(officer))
    assert (len(third.sites), len(old.sites)) == (1, 2)


def test_it_says_where_the_sites_would_not_count(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    assert not outlook_of(session, old, wanted(old, new), officer, DAY).lacks_provider_standing
    unlisted = make_organisation(session)
    assert outlook_of(session, old, wanted(old, unlisted), officer, DAY).lacks_provider_standing


@pytest.mark.parametrize(
    ("facts", "field", "sentence"),
    [
        ({"successor": "没有这个"}, "successor", "没有找到"),
        ({"on": date(2026, 12, 1)}, "on", "晚于今天"),
        ({"on": date(2019, 1, 1)}, "on", "早于“示例甲中心”的成立日期2020-01-01"),
        ({"on": date(2020, 1, 1)}, "on", "应晚于原单位的成立日期"),
        ({"sites": frozenset({"nosuchsite"})}, "sites", "重新选择"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    session: Session,
    old: Organisation,
    new: Organisation,
    officer: Actor,
    facts: dict[str, Any],
    field: str,
    sentence: str,
) -> None:
    with pytest.raises(InvalidInput, match=sentence) as refusal:
        outlook_of(session, old, wanted(old, new, **facts), officer, DAY)
    assert refusal.value.field == field


def test_nobody_merges_into_himself_or_in_a_circle(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    with pytest.raises(InvalidInput, match="更名的不属于承继"):
        outlook_of(session, old, wanted(old, old), officer, DAY)
    split = wanted(old, new, sites=frozenset(), kind=SPLIT, ends=False)
    record_succession(session, old, split, by(officer))
    assert comes_after(session, old.id, new.id)
    with pytest.raises(InvalidInput, match="不能再反过来并入它"):
        outlook_of(session, new, wanted(new, old, sites=frozenset()), officer, DAY)


def test_a_merged_organisation_neither_merges_again_nor_takes_over(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    merged(session, old, new, officer)
    third = make_organisation(session)
    with pytest.raises(InvalidInput, match="已于2026-06-01并入“示例乙中心”"):
        outlook_of(session, old, wanted(old, third, sites=frozenset()), officer, DAY)
    with pytest.raises(InvalidInput, match="请改填承继单位"):
        outlook_of(session, third, wanted(third, old, sites=frozenset()), officer, DAY)


def test_across_districts_the_city_records_it(session: Session, old: Organisation, officer: Actor) -> None:
    elsewhere = make_organisation(session, division_code="310115")
    with pytest.raises(InvalidInput, match="共同的上一级"):
        outlook_of(session, old, wanted(old, elsewhere), officer, DAY)
    city = make_actor(session, Role.CITY)
    assert outlook_of(session, old, wanted(old, elsewhere), city, DAY).successor is elsewhere


def test_a_move_in_hand_is_settled_first(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    make_address_change(session, old.sites[0], state=AddressChangeState.SUBMITTED, submitted_at=NOW)
    with pytest.raises(InvalidInput, match="未办结的地址变更"):
        outlook_of(session, old, wanted(old, new), officer, DAY)


def test_a_post_goes_on_as_it_was_with_or_without_direct_service(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    session.execute(sa.update(Post).where(Post.site_id == old.sites[0].id).values(direct_service=False))
    session.expire_all()

    merged(session, old, new, officer)

    at_the_successor = sa.select(Post.direct_service).join(Site).where(Site.organisation_id == new.id)
    assert session.scalars(at_the_successor).all() == [False, False, False]


def test_undone_everything_stands_as_before(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    ended_later = old.standings[0]
    later = make_post(session, make_practitioner(session), old.sites[0], start_on=date(2026, 7, 1))
    succession = merged(session, old, new, officer)
    assert people_at(session, new, DAY) == 4
    undo_succession(session, succession, "登记错误", by(officer))
    session.expire_all()
    assert (people_at(session, old, DAY), people_at(session, new, DAY)) == (4, 0)
    assert [site.closed_on for site in old.sites] == [None, None]
    assert (old.closed_on, ended_later.ended_on, new.sites) == (None, None, [])
    assert later.site_id == old.sites[0].id
    assert session.scalar(sa.select(sa.func.count()).select_from(Post)) == 4
    actions = session.scalars(sa.select(AuditEntry.action).order_by(AuditEntry.sequence)).all()
    assert actions == ["succession.record", "succession.undo"]
    merged(session, old, new, officer)  # and it can be recorded anew


def _somebody_came(session: Session, new: Organisation) -> None:
    make_post(session, make_practitioner(session), new.sites[0], start_on=date(2026, 8, 1))


def _the_site_changed(_session: Session, new: Organisation) -> None:
    new.sites[0].name = "示例更名服务点"


def _somebody_left(session: Session, new: Organisation) -> None:
    posts = sa.select(Post).where(Post.site_id == new.sites[0].id)
    session.scalars(posts).all()[0].end_on = date(2026, 9, 1)


@pytest.mark.parametrize("happens", [_somebody_came, _the_site_changed, _somebody_left])
def test_nothing_is_undone_after_others_acted(
    session: Session, old: Organisation, new: Organisation, officer: Actor, happens: Any
) -> None:
    succession = merged(session, old, new, officer)
    session.refresh(new)
    assert why_it_stands(session, succession) is None
    happens(session, new)
    session.flush()
    with pytest.raises(RequirementUnmet, match="不能再撤销"):
        undo_succession(session, succession, "登记错误", by(officer))


def test_a_later_merger_is_undone_first(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    succession = merged(session, old, new, officer)
    third = make_organisation(session)
    onward = record_succession(
        session, new, Wanted(MERGE, third.code, date(2026, 8, 1), DOCUMENT, frozenset()), by(officer)
    )
    with pytest.raises(RequirementUnmet, match="请先撤销那一项"):
        undo_succession(session, succession, "登记错误", by(officer))
    undo_succession(session, onward, "登记错误", by(officer))
    undo_succession(session, succession, "登记错误", by(officer))
    with pytest.raises(RequirementUnmet, match="已经撤销"):
        undo_succession(session, succession, "登记错误", by(officer))


def test_a_change_in_between_changes_what_was_seen(
    session: Session, old: Organisation, new: Organisation, officer: Actor
) -> None:
    seen = outlook_of(session, old, wanted(old, new), officer, DAY).digest
    make_post(session, make_practitioner(session), old.sites[0])
    assert outlook_of(session, old, wanted(old, new), officer, DAY).digest != seen
