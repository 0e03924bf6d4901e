"""What the one door checks and writes, beyond the cells of the table."""

from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from registry.audit.models import AuditEntry, Result
from registry.errors import KeyReused, NotAllowed, NotVisible, ReasonMissing, RequirementUnmet, StaleVersion
from registry.organisations.address_change_queries import address_change_by_id
from registry.organisations.address_changes import draft_of
from registry.organisations.models import AddressChange, AddressChangeState
from registry.organisations.workflow import AddressChangeStep
from registry.workflow.models import WorkflowStep
from registry.workflow.operations import start
from registry.workflow.queries import history
from tests.factories import NOW, make_address_change, make_provider
from tests.registry.workflow.conftest import CALENDAR, PROPOSAL, TRAIL, Scene

SAVE, SUBMIT, RETURN = AddressChangeStep.SAVE, AddressChangeStep.SUBMIT, AddressChangeStep.RETURN
CONFIRM, WITHDRAW = AddressChangeStep.CONFIRM, AddressChangeStep.WITHDRAW


def draw_up(scene: Scene, who: str = "provider", key: str | None = None) -> WorkflowStep:
    actor = scene.people[who]
    change = draft_of(scene.site, PROPOSAL, asked_by_id=actor.account_id, at=NOW)
    return start(
        scene.session,
        change,
        actor=actor,
        at=NOW,
        trail=TRAIL,
        calendar=CALENDAR,
        facts=PROPOSAL,
        idempotency_key=key,
    )


def submitted(scene: Scene) -> AddressChange:
    change = scene.change()
    scene.take(change, SUBMIT, "provider")
    return change


def test_a_provider_draws_up_a_change_for_its_own_site(scene: Scene) -> None:
    taken = draw_up(scene)
    change = address_change_by_id(scene.session, taken.subject_id)
    assert change is not None
    assert (change.state, change.address, change.from_address) == ("draft", "示例路99号", "示例路1号")
    assert (taken.step, taken.from_state, taken.to_state) == ("draw_up", "", "draft")


@pytest.mark.parametrize("who", ["other provider", "district", "city", "sysadmin"])
def test_nobody_else_draws_one_up(scene: Scene, who: str) -> None:
    with pytest.raises(NotVisible):
        draw_up(scene, who)
    assert scene.session.scalar(sa.select(sa.func.count()).select_from(AddressChange)) == 0


def test_the_same_form_sent_twice_makes_one_change(scene: Scene) -> None:
    first = draw_up(scene, key="form-1")
    second = draw_up(scene, key="form-1")
    assert second is first
    assert scene.session.scalar(sa.select(sa.func.count()).select_from(AddressChange)) == 1


def test_the_same_form_sent_twice_takes_one_step(scene: Scene) -> None:
    change = scene.change()
    first = scene.take(change, SUBMIT, "provider", version=1, idempotency_key="form-2")
    second = scene.take(change, SUBMIT, "provider", version=1, idempotency_key="form-2")
    assert second is first
    assert len(history(scene.session, change)) == 1


def test_a_form_s_key_cannot_be_used_for_another_step(scene: Scene) -> None:
    change = scene.change()
    scene.take(change, SUBMIT, "provider", idempotency_key="form-3")
    with pytest.raises(KeyReused):
        scene.take(change, WITHDRAW, "provider", idempotency_key="form-3")


def test_a_form_s_key_cannot_be_used_for_another_record(scene: Scene) -> None:
    change = scene.change()
    scene.take(change, WITHDRAW, "provider", idempotency_key="form-4")
    with pytest.raises(KeyReused):
        scene.take(scene.change(), WITHDRAW, "provider", idempotency_key="form-4")


def test_a_form_s_key_cannot_be_used_by_somebody_else(scene: Scene) -> None:
    change = submitted(scene)
    scene.take(change, RETURN, "district", reason="地址不清", idempotency_key="form-5")
    with pytest.raises(KeyReused):
        scene.take(change, RETURN, "colleague in the district", reason="地址不清", idempotency_key="form-5")


def test_a_step_on_an_outdated_page_is_refused(scene: Scene) -> None:
    change = scene.change()
    seen = change.version
    scene.take(change, SAVE, "provider", facts=PROPOSAL, version=seen)
    with pytest.raises(StaleVersion):
        scene.take(change, SAVE, "provider", facts=PROPOSAL, version=seen)


@pytest.mark.parametrize("reason", ["", "  \n"])
def test_a_return_without_a_reason_is_refused(scene: Scene, reason: str) -> None:
    change = submitted(scene)
    with pytest.raises(ReasonMissing):
        scene.take(change, RETURN, "district", reason=reason)
    assert change.state is AddressChangeState.SUBMITTED


def test_whoever_submitted_does_not_confirm(scene: Scene) -> None:
    change = submitted(scene)
    history(scene.session, change)[-1].actor_code = scene.people["district"].code
    with pytest.raises(NotAllowed, match="不能是同一人"):
        scene.take(change, CONFIRM, "district")
    scene.take(change, CONFIRM, "colleague in the district")


def test_the_history_tells_who_did_what_when_and_why(scene: Scene) -> None:
    change = submitted(scene)
    later = NOW + timedelta(hours=2)
    scene.take(change, RETURN, "district", reason=" 门牌号不全 ", at=later)
    taken = history(scene.session, change)[-1]
    assert (taken.from_state, taken.to_state, taken.reason) == ("submitted", "returned", "门牌号不全")
    assert (taken.actor_code, taken.at) == (scene.people["district"].code, later)


def test_each_step_is_an_entry_of_the_trail(scene: Scene) -> None:
    change = submitted(scene)
    scene.take(change, CONFIRM, "district")
    entries = list(scene.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.sequence)))
    assert [entry.action for entry in entries] == ["address_change.submit", "address_change.confirm"]
    confirmed = entries[-1]
    assert (confirmed.result, confirmed.subject_code) == (Result.DONE, change.code)
    assert (confirmed.division_code, confirmed.request_id) == ("310101002", "r-1")
    assert confirmed.facts["from_code"] == "310101002"
    assert confirmed.facts["effective_on"] == "2026-12-01"


def test_a_second_change_of_a_site_waits_for_the_first(scene: Scene) -> None:
    draw_up(scene)
    with pytest.raises(RequirementUnmet, match="已有一件未办结"):
        draw_up(scene)


def test_a_site_that_is_closed_does_not_move(scene: Scene) -> None:
    scene.site.closed_on = date(2026, 11, 23)
    with pytest.raises(RequirementUnmet, match="已停用"):
        draw_up(scene)


def test_a_change_after_a_withdrawn_one_is_free_to_begin(scene: Scene) -> None:
    change = scene.change()
    scene.take(change, WITHDRAW, "provider")
    assert draw_up(scene).to_state == "draft"


def test_another_site_s_change_does_not_matter(scene: Scene) -> None:
    make_address_change(scene.session, make_provider(scene.session))
    assert draw_up(scene).to_state == "draft"


def test_the_day_of_a_step_is_the_day_in_shanghai(scene: Scene) -> None:
    late = NOW.replace(hour=17)  # 01:00 of the next day in Shanghai
    change = scene.change(effective_on=date(2027, 1, 23))
    scene.take(change, SAVE, "provider", facts=PROPOSAL, at=late)
    assert history(scene.session, change)[-1].at == late
