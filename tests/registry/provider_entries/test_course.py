"""An institution enters the library, changes what stands there, is suspended, and leaves."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import today
from registry.drafts.models import DraftRound
from registry.drafts.queries import open_remarks
from registry.errors import InvalidInput, NotAllowed, NotVisible, RequirementUnmet, StepNotOpen
from registry.organisations.models import Site, Standing, StandingKind
from registry.organisations.numbers import next_number
from registry.organisations.operations import end_standing
from registry.periods import months_after
from registry.provider_entries.models import EntryKind, EntryState, ProviderEntry
from registry.provider_entries.operations import defence_until, entry_of
from registry.provider_entries.queries import entry_in_force
from registry.provider_entries.workflow import EntryStep
from registry.workflow.models import Todo
from tests.entry_factories import ENTRY_ANSWERS, Desk, lay_out_terms, make_entry
from tests.factories import HUANGPU, NOW, make_account, make_organisation, make_position, make_site


@pytest.fixture
def site(session: Session) -> Site:
    lay_out_terms(session)
    return make_site(session, make_organisation(session))


@pytest.fixture
def desk(session: Session, site: Site) -> Desk:
    return Desk(session, site)


def submitted(session: Session, desk: Desk, site: Site) -> ProviderEntry:
    entry = make_entry(session, site)
    return desk.take(entry, EntryStep.SUBMIT, desk.own)


def listed(session: Session, desk: Desk, site: Site) -> ProviderEntry:
    entry = submitted(session, desk, site)
    desk.take(entry, EntryStep.CHECK, desk.district)
    return desk.take(entry, EntryStep.CONFIRM, desk.city)


def waiting(session: Session) -> list[tuple[str, str]]:
    found = sa.select(Todo).where(Todo.closed_at.is_(None)).order_by(Todo.id)
    return [(todo.role.value, todo.title) for todo in session.scalars(found)]


def test_the_district_checks_and_the_city_confirms(session: Session, desk: Desk, site: Site) -> None:
    entry = submitted(session, desk, site)
    assert waiting(session) == [("district", "初核机构入库")]
    desk.take(entry, EntryStep.CHECK, desk.district)
    assert waiting(session) == [("city", "确认机构入库")]
    desk.take(entry, EntryStep.CONFIRM, desk.city)

    assert entry.state is EntryState.LISTED
    assert entry.standing is not None
    assert entry.standing.number == "沪康复2026-0001"
    assert (entry.standing.kind, entry.standing.granted_on) == (StandingKind.PROVIDER, date(2026, 11, 23))
    assert entry.valid_until == date(2029, 11, 22)
    assert waiting(session) == [("provider", "入库已确认，请查看入库信息凭证")]


def test_a_return_keeps_every_answer_and_pins_remarks(session: Session, desk: Desk, site: Site) -> None:
    entry = make_entry(session, site)
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    desk.take(
        entry,
        EntryStep.RETURN,
        desk.district,
        reason="面积与图纸不符",
        facts={"area": "请按图纸填写", "fee": ""},
    )

    assert entry.answers == ENTRY_ANSWERS
    assert {key: remark.text for key, remark in open_remarks(session, entry).items()} == {
        "area": "请按图纸填写"
    }
    assert waiting(session) == [("provider", "补正被退回的入库材料")]


def test_an_incomplete_form_can_be_returned_but_not_handed_in(
    session: Session, desk: Desk, site: Site
) -> None:
    entry = make_entry(session, site, answers={"area": "很大"}, state=EntryState.SUBMITTED)
    desk.take(entry, EntryStep.RETURN, desk.district, reason="没有填完")
    with pytest.raises(RequirementUnmet, match="还有 16 处没有填好。“服务场地面积”不是数字"):
        desk.take(entry, EntryStep.SUBMIT, desk.own)


def test_every_round_stays_as_it_was_handed_in(session: Session, desk: Desk, site: Site) -> None:
    entry = submitted(session, desk, site)
    desk.take(entry, EntryStep.RETURN, desk.district, reason="面积不符")
    entry.answers = ENTRY_ANSWERS | {"area": "240"}
    desk.take(entry, EntryStep.SUBMIT, desk.own)

    rounds = session.scalars(sa.select(DraftRound).order_by(DraftRound.number)).all()
    assert [(one.number, one.answers["area"]) for one in rounds] == [(1, "260"), (2, "240")]


def test_the_city_sends_back_to_the_institution_and_the_district_checks_again(
    session: Session, desk: Desk, site: Site
) -> None:
    entry = submitted(session, desk, site)
    desk.take(entry, EntryStep.CHECK, desk.district)
    desk.take(entry, EntryStep.SEND_BACK, desk.city, reason="请补充应急办法")
    desk.take(entry, EntryStep.SUBMIT, desk.own)

    assert waiting(session) == [("district", "初核机构入库")]


def test_a_check_is_taken_back_until_the_city_has_acted(session: Session, desk: Desk, site: Site) -> None:
    entry = submitted(session, desk, site)
    desk.take(entry, EntryStep.CHECK, desk.district)
    desk.take(entry, EntryStep.TAKE_BACK, desk.district)
    assert (entry.state, waiting(session)) == (EntryState.SUBMITTED, [("district", "初核机构入库")])

    desk.take(entry, EntryStep.CHECK, desk.district)
    desk.take(entry, EntryStep.CONFIRM, desk.city)
    with pytest.raises(StepNotOpen, match="状态已经改变"):
        desk.take(entry, EntryStep.TAKE_BACK, desk.district)


def test_only_the_level_that_policy_names_confirms(session: Session, desk: Desk, site: Site) -> None:
    entry = submitted(session, desk, site)
    desk.take(entry, EntryStep.CHECK, desk.district)
    with pytest.raises(NotAllowed, match="政策参数规定的层级"):
        desk.take(entry, EntryStep.CONFIRM, desk.elsewhere)


def test_nobody_who_cannot_confirm_is_waited_for_in_vain(session: Session, desk: Desk, site: Site) -> None:
    entry = make_entry(session, site, confirming_code="3602")
    desk.take(entry, EntryStep.SUBMIT, desk.own)
    with pytest.raises(RequirementUnmet, match="没有第二个人"):
        desk.take(entry, EntryStep.CHECK, desk.district)


def test_others_neither_see_nor_move_a_draft(session: Session, desk: Desk, site: Site) -> None:
    entry = make_entry(session, site)
    stranger = Desk(session, make_site(session, make_organisation(session)))
    for actor in (desk.district, desk.city, stranger.own):
        with pytest.raises(NotVisible):
            desk.take(entry, EntryStep.SUBMIT, actor)


def test_an_institution_has_one_entry_in_hand(session: Session, desk: Desk, site: Site) -> None:
    make_entry(session, site)
    with pytest.raises(InvalidInput, match="未办结"):
        entry_of(session, site.organisation, site, EntryKind.ENTRY, today())


def test_an_institution_without_a_credit_code_is_told_first(session: Session, site: Site) -> None:
    owner = make_organisation(session, uscc=None)
    with pytest.raises(InvalidInput, match="统一社会信用代码"):
        entry_of(session, owner, make_site(session, owner), EntryKind.ENTRY, today())


def test_a_change_takes_over_the_standing_and_its_number(session: Session, desk: Desk, site: Site) -> None:
    first = listed(session, desk, site)
    change = desk.begin(entry_of(session, site.organisation, site, EntryKind.CHANGE, today()))
    assert change.answers == first.answers
    with pytest.raises(RequirementUnmet, match="没有需要变更的内容"):
        desk.take(change, EntryStep.SUBMIT, desk.own)
    change.answers = change.answers | {"capacity": "45"}
    desk.take(change, EntryStep.SUBMIT, desk.own)
    desk.take(change, EntryStep.CHECK, desk.district)
    desk.take(change, EntryStep.CONFIRM, desk.city)

    assert first.state is EntryState.REPLACED
    assert change.standing is first.standing
    assert entry_in_force(session, site.organisation_id) is change
    assert session.scalar(sa.select(sa.func.count()).select_from(Standing)) == 1


def test_notice_defence_and_removal(session: Session, desk: Desk, site: Site) -> None:
    entry = listed(session, desk, site)
    desk.take(entry, EntryStep.NOTIFY, desk.district, reason="连续三个月没有服务")
    assert defence_until(session, entry) == date(2026, 11, 30)
    with pytest.raises(RequirementUnmet, match="陈述申辩期到2026-11-30为止"):
        desk.take(entry, EntryStep.REMOVE, desk.city, reason="没有申辩", at=NOW)
    desk.take(entry, EntryStep.DEFEND, desk.own, reason="装修已经结束")
    later = NOW + timedelta(days=3)
    desk.take(entry, EntryStep.REMOVE, desk.city, reason="理由不成立", at=later)

    assert entry.state is EntryState.LEFT
    assert entry.standing is not None
    assert entry.standing.ended_on == date(2026, 11, 26)


def test_after_the_days_of_defence_silence_is_enough(session: Session, desk: Desk, site: Site) -> None:
    entry = listed(session, desk, site)
    desk.take(entry, EntryStep.NOTIFY, desk.district, reason="连续三个月没有服务")
    desk.take(entry, EntryStep.REMOVE, desk.city, reason="逾期未申辩", at=NOW + timedelta(days=8))
    assert entry.state is EntryState.LEFT


def test_who_gave_notice_does_not_decide(session: Session, desk: Desk, site: Site) -> None:
    entry = listed(session, desk, site)
    both = make_account(session, Role.DISTRICT, division_code=HUANGPU)
    make_position(session, both, Role.CITY, division_code="31")
    officer, chief = (Actor.of(position) for position in both.positions)
    desk.take(entry, EntryStep.NOTIFY, officer, reason="没有服务")
    desk.take(entry, EntryStep.DEFEND, desk.own, reason="有服务")
    with pytest.raises(NotAllowed, match="同一人"):
        desk.take(entry, EntryStep.REMOVE, chief, reason="退出")


def test_an_institution_that_is_kept_is_listed_as_before(session: Session, desk: Desk, site: Site) -> None:
    entry = listed(session, desk, site)
    desk.take(entry, EntryStep.ASK_TO_LEAVE, desk.own, reason="场地到期")
    desk.take(entry, EntryStep.KEEP, desk.city, reason="已找到新场地")
    assert (entry.state, defence_until(session, entry)) == (EntryState.LISTED, None)


def test_a_number_is_never_given_twice(session: Session, desk: Desk, site: Site) -> None:
    entry = listed(session, desk, site)
    assert entry.standing is not None
    end_standing(entry.standing, on=date(2026, 12, 31))
    number = next_number(session, make_organisation(session), StandingKind.PROVIDER, date(2026, 12, 31))
    assert (entry.standing.number, number) == ("沪康复2026-0001", "沪康复2026-0002")


@pytest.mark.parametrize(
    ("day", "months", "after"),
    [
        (date(2026, 11, 23), 36, date(2029, 11, 23)),
        (date(2024, 2, 29), 12, date(2025, 2, 28)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last(day: date, months: int, after: date) -> None:
    assert months_after(day, months) == after
