"""A dossier is brought in, checked, found to differ and put right; the standing follows the facts."""

from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar
from registry.dossiers.models import DifferingField, Dossier, DossierState, FactKind, RemarkState
from registry.dossiers.operations import Correcting, Objection, remark_of
from registry.dossiers.remark_workflow import RemarkStep
from registry.dossiers.workflow import DossierStep
from registry.errors import InvalidInput, NotAllowed, NotVisible, ReasonMissing, RequirementUnmet, StepNotOpen
from registry.organisations.models import StandingKind
from registry.workflow.models import Todo
from registry.workflow.operations import start, take_step
from registry.workflow.queries import open_steps
from tests.dossiers_factories import make_dossier, make_fact
from tests.factories import HUANGPU, NOW, make_actor, make_division, make_parameter

CALENDAR, TRAIL = WorkingCalendar({}), Trail(b"k" * 32)
CHECK, DIFFERENT, CORRECT = DossierStep.CHECK, DossierStep.FIND_DIFFERENT, DossierStep.CORRECT
ASSOCIATION = StandingKind.ASSOCIATION


@pytest.fixture
def officer(session: Session) -> Actor:
    for code in ("31", "3101", HUANGPU, "310115"):
        make_division(session, code)
    make_parameter(session, "dossier.remark_workdays", 5)
    make_actor(session, Role.CITY, division_code="31")  # somebody has to be there who may check a correction
    return make_actor(session, Role.DISTRICT)


def step(session: Session, record: Any, name: StrEnum, actor: Actor, **more: Any) -> None:
    take_step(session, record, name, actor=actor, at=NOW, trail=TRAIL, calendar=CALENDAR, **more)


def charity(session: Session, **facts: Any) -> Dossier:
    dossier = make_dossier(session, **facts)
    make_fact(session, dossier, FactKind.RECOGNITION, "recognised", date(2024, 5, 6))
    return dossier


def numbers(dossier: Dossier) -> list[tuple[str, date | None]]:
    return [(one.number, one.ended_on) for one in dossier.organisation.standings]


def test_a_checked_charity_has_a_standing_with_a_permanent_number(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    step(session, dossier, CHECK, officer)
    assert dossier.state is DossierState.CHECKED
    assert numbers(dossier) == [("沪慈善2026-0001", None)]


def test_a_second_check_gives_no_second_number(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    step(session, dossier, CHECK, officer)
    step(session, dossier, DIFFERENT, officer, reason="登记机关不同", facts=(DifferingField.REGISTRAR,))
    step(session, dossier, CORRECT, officer, reason="已函请更正", facts=Correcting(follows_list=False))
    step(session, dossier, CHECK, make_actor(session, Role.DISTRICT))
    assert numbers(dossier) == [("沪慈善2026-0001", None)]


def test_an_agency_that_is_no_charity_is_on_file_without_a_standing(session: Session, officer: Actor) -> None:
    dossier = make_dossier(session)
    step(session, dossier, CHECK, officer)
    assert numbers(dossier) == []


def test_an_association_needs_no_recognition(session: Session, officer: Actor) -> None:
    dossier = make_dossier(session, kind=ASSOCIATION)
    step(session, dossier, CHECK, officer)
    assert numbers(dossier) == [("沪协会2026-0001", None)]


def test_a_deregistration_on_file_ends_the_standing_and_frees_no_number(
    session: Session, officer: Actor
) -> None:
    dossier = charity(session)
    step(session, dossier, CHECK, officer)
    dossier.organisation.standings[0].granted_on = date(2026, 1, 5)
    make_fact(session, dossier, FactKind.REGISTRATION, "deregistered", date(2026, 11, 10))
    dossier.state = DossierState.BROUGHT_IN
    step(session, dossier, CHECK, officer)
    assert numbers(dossier) == [("沪慈善2026-0001", date(2026, 11, 10))]
    other = charity(session)
    step(session, other, CHECK, officer)
    assert numbers(other) == [("沪慈善2026-0002", None)]


def test_what_plainly_differs_cannot_be_called_the_same(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    make_fact(session, dossier, FactKind.NAME, "示例另一个名称", date(2026, 10, 31))
    with pytest.raises(RequirementUnmet, match="1处不一致"):
        step(session, dossier, CHECK, officer)


def test_a_difference_names_its_fields_and_a_reason(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    with pytest.raises(InvalidInput, match="至少选一项"):
        step(session, dossier, DIFFERENT, officer, reason="名称不同", facts=())
    with pytest.raises(ReasonMissing):
        step(session, dossier, DIFFERENT, officer, facts=(DifferingField.NAME,))
    step(session, dossier, DIFFERENT, officer, reason="名称不同", facts=(DifferingField.NAME,))
    assert (dossier.state, dossier.differing) == (DossierState.DIFFERS, ["name"])
    with pytest.raises(StepNotOpen):
        step(session, dossier, CHECK, officer)


def test_the_register_can_follow_the_list(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    make_fact(session, dossier, FactKind.NAME, "示例更名基金会", date(2026, 10, 31))
    make_fact(session, dossier, FactKind.REGISTERED_ON, "2019-05-06", date(2019, 5, 6))
    fields = (DifferingField.NAME, DifferingField.REGISTERED_ON)
    step(session, dossier, DIFFERENT, officer, reason="已更名", facts=fields)
    step(session, dossier, CORRECT, officer, reason="按登记证书", facts=Correcting(follows_list=True))
    assert dossier.organisation.name == "示例更名基金会"
    assert dossier.organisation.opened_on == date(2019, 5, 6)
    step(session, dossier, CHECK, make_actor(session, Role.CITY, division_code="31"))
    assert dossier.state is DossierState.CHECKED


def test_whoever_corrected_a_dossier_does_not_check_it_and_so_grants_no_number(
    session: Session, officer: Actor
) -> None:
    dossier = charity(session)
    make_fact(session, dossier, FactKind.NAME, "示例更名基金会", date(2026, 10, 31))
    step(session, dossier, DIFFERENT, officer, reason="已更名", facts=(DifferingField.NAME,))
    step(session, dossier, CORRECT, officer, reason="按登记证书", facts=Correcting(follows_list=True))

    with pytest.raises(NotAllowed, match="更正登记的人不能自己核对"):
        step(session, dossier, CHECK, officer)
    assert CHECK not in {one.step for one in open_steps(session, dossier, officer)}
    assert numbers(dossier) == []
    step(session, dossier, DossierStep.RENEW, officer, facts=None)
    with pytest.raises(NotAllowed):
        step(session, dossier, CHECK, officer)


def test_a_correction_waits_for_the_nearest_who_may_check_it(session: Session, officer: Actor) -> None:
    def waits_for() -> list[Role]:
        asked = sa.select(Todo.role).where(Todo.title == "核对更正后的档案", Todo.closed_at.is_(None))
        return list(session.scalars(asked))

    dossier = charity(session)
    step(session, dossier, DIFFERENT, officer, reason="登记机关不同", facts=(DifferingField.REGISTRAR,))
    step(session, dossier, CORRECT, officer, reason="已函请更正", facts=Correcting(follows_list=False))
    assert waits_for() == [Role.CITY]
    colleague = make_actor(session, Role.DISTRICT)
    step(session, dossier, CHECK, colleague)
    assert waits_for() == []

    step(session, dossier, DIFFERENT, officer, reason="登记机关不同", facts=(DifferingField.REGISTRAR,))
    step(session, dossier, CORRECT, officer, reason="已函请更正", facts=Correcting(follows_list=False))
    assert waits_for() == [Role.DISTRICT]


def test_a_correction_that_another_has_checked_bars_nobody_any_more(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    step(session, dossier, DIFFERENT, officer, reason="登记机关不同", facts=(DifferingField.REGISTRAR,))
    step(session, dossier, CORRECT, officer, reason="已函请更正", facts=Correcting(follows_list=False))
    step(session, dossier, CHECK, make_actor(session, Role.DISTRICT))
    step(session, dossier, DossierStep.RENEW, officer, facts=None)

    step(session, dossier, CHECK, officer)
    assert dossier.state is DossierState.CHECKED


@pytest.mark.parametrize("role", [Role.PROVINCE, Role.STREET, Role.SOCIALWORK])
def test_only_district_and_city_check(session: Session, officer: Actor, role: Role) -> None:
    with pytest.raises(NotAllowed):
        step(session, charity(session), CHECK, make_actor(session, role))


def test_another_district_does_not_know_of_it(session: Session, officer: Actor) -> None:
    elsewhere = make_actor(session, Role.DISTRICT, division_code="310115")
    with pytest.raises(NotVisible):
        step(session, charity(session), CHECK, elsewhere)


def raised(session: Session, dossier: Dossier, at: datetime = NOW) -> Any:
    speaker = make_actor(session, Role.CHARITY, organisation=dossier.organisation)
    objection = Objection((DifferingField.NAME,), "名称少一个“市”字。")
    remark = remark_of(dossier, objection, at)
    start(session, remark, actor=speaker, at=at, trail=TRAIL, calendar=CALENDAR)
    return speaker, remark


def waiting(session: Session) -> list[tuple[Role, str]]:
    todos = sa.select(Todo).where(Todo.closed_at.is_(None), Todo.is_notice.is_(False))
    return [(todo.role, todo.title) for todo in session.scalars(todos)]


def test_a_charity_says_what_is_wrong_and_the_district_answers(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    _speaker, remark = raised(session, dossier)
    assert waiting(session) == [(Role.DISTRICT, "答复“与登记不符”")]
    step(session, remark, RemarkStep.ANSWER, officer, facts="已函请登记机关更正。")
    assert (remark.state, remark.answer) == (RemarkState.ANSWERED, "已函请登记机关更正。")
    assert waiting(session) == []
    with pytest.raises(StepNotOpen):
        step(session, remark, RemarkStep.ANSWER, officer, facts="再答一次")


def test_the_lines_of_two_remarks_of_one_charity_tell_when_it_spoke(session: Session, officer: Actor) -> None:
    dossier = charity(session)
    for hours in (0, 1):
        raised(session, dossier, NOW + timedelta(hours=hours))
    names = session.scalars(sa.select(Todo.subject_name).where(Todo.subject_type == "dossier_remark"))
    assert len(set(names)) == 2


def test_it_can_take_its_remark_back_until_it_is_answered(session: Session, officer: Actor) -> None:
    speaker, remark = raised(session, charity(session))
    step(session, remark, RemarkStep.WITHDRAW, speaker)
    assert remark.state is RemarkState.WITHDRAWN


def test_nobody_speaks_for_another_organisation(session: Session, officer: Actor) -> None:
    stranger = make_actor(session, Role.CHARITY)
    remark = remark_of(charity(session), Objection((DifferingField.NAME,), "不对"), NOW)
    with pytest.raises(NotVisible):
        start(session, remark, actor=stranger, at=NOW, trail=TRAIL, calendar=CALENDAR)


def test_a_remark_says_what_it_is_about(session: Session, officer: Actor) -> None:
    with pytest.raises(InvalidInput, match="至少选一项"):
        remark_of(charity(session), Objection((), "不对"), NOW)
