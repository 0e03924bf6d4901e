"""A service is reported by its organisation and confirmed by the district; until then nothing changes."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import pytest
import sqlalchemy as sa

from registry.drafts.operations import save_answers
from registry.drafts.queries import open_remarks, rounds_of
from registry.drafts.questions import Answer
from registry.drafts.reading import faults
from registry.errors import NotAllowed, NotVisible, ReasonMissing, RequirementUnmet
from registry.services.listings import SERVICES
from registry.services.models import ReportKind, Service, ServiceKind, ServiceReport
from registry.services.questions import QUESTIONS, answers_of, offer_in
from registry.services.reporting import draft_of
from registry.services.workflow import ServiceReportStep
from registry.workflow.queries import waiting_on
from tests.factories import NOW
from tests.registry.services.conftest import TODAY, Scene
from tests.services_factories import make_service

SUBMIT, RETURN = ServiceReportStep.SUBMIT, ServiceReportStep.RETURN
CONFIRM, WITHDRAW = ServiceReportStep.CONFIRM, ServiceReportStep.WITHDRAW
WHOLE: dict[str, Answer] = {
    "service_kind": "RS08",
    "title": "同伴支持小组",
    "place": "一楼",
    "weekdays": ["2", "4"],
    "hours": "14:00–16:00",
    "capacity": "8",
    "charge": "free",
    "contact": "值班社工",
    "phone": "021-00000000",
    "effective_on": "2026-12-01",
}
CHANGED: dict[str, Answer] = {"capacity": "30"}
ENDS: dict[str, Answer] = {"effective_on": "2026-12-31", "explanation": "场地收回"}


def drawn(
    scene: Scene,
    answers: Mapping[str, Answer] = WHOLE,
    kind: ReportKind = ReportKind.NEW,
    service: Service | None = None,
    who: str = "provider",
) -> ServiceReport:
    asked_by = scene.people[who].account_id
    report = draft_of(kind, scene.site, service=service, asked_by_id=asked_by, at=NOW)
    scene.start(report, who)
    typed(scene, report, answers, who)
    return report


def typed(scene: Scene, report: ServiceReport, answers: Mapping[str, Answer], who: str = "provider") -> None:
    save_answers(scene.session, report, answers, base=report.version, actor=scene.people[who], at=NOW)


def submitted(scene: Scene, *args, **more) -> ServiceReport:
    report = drawn(scene, *args, **more)
    scene.take(report, SUBMIT)
    return report


def services(scene: Scene) -> list[Service]:
    return list(scene.session.scalars(sa.select(Service)))


def test_a_confirmed_report_of_a_new_service_puts_it_on_the_list(scene: Scene) -> None:
    scene.take(submitted(scene), CONFIRM, "district")
    (service,) = services(scene)
    assert (service.title, service.kind, service.weekdays) == ("同伴支持小组", ServiceKind.PEER, "24")
    assert (service.started_on, service.site) == (date(2026, 12, 1), scene.site)


def test_nothing_is_listed_before_the_district_confirms(scene: Scene) -> None:
    submitted(scene)
    assert services(scene) == []


def test_a_confirmed_change_changes_the_service_and_keeps_its_code(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    code, changed = service.code, {"weekdays": list("12345"), "charge": "unknown"}
    scene.take(submitted(scene, changed, ReportKind.CHANGE, service), CONFIRM, "district")
    (stands,) = services(scene)
    assert (stands.code, stands.weekdays, stands.fee) == (code, "12345", None)


def test_a_confirmed_end_ends_the_service_on_its_day(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    scene.take(submitted(scene, ENDS, ReportKind.END, service), CONFIRM, "district")
    assert service.is_offered_on(date(2026, 12, 30))
    assert not service.is_offered_on(date(2026, 12, 31))


def test_a_draft_may_have_gaps_and_is_handed_in_without_any(scene: Scene) -> None:
    report = drawn(scene, {"title": "小组"})
    with pytest.raises(RequirementUnmet, match="没有填好"):
        scene.take(report, SUBMIT)
    typed(scene, report, WHOLE)
    scene.take(report, SUBMIT)


@pytest.mark.parametrize(
    ("kind", "missing"),
    [
        (ReportKind.NEW, ["service_kind", "title", "hours", "charge", "contact", "phone", "effective_on"]),
        (ReportKind.CHANGE, ["service_kind", "title", "hours", "charge", "contact", "phone"]),
        (ReportKind.END, ["effective_on", "explanation"]),
    ],
)
def test_what_is_needed_depends_on_what_is_reported(kind: ReportKind, missing: list[str]) -> None:
    assert [gap.field for gap in faults(QUESTIONS[kind], {})] == missing


def test_a_change_that_changes_nothing_is_not_handed_in(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    with pytest.raises(RequirementUnmet, match="没有需要变更"):
        submitted(scene, {"hours": " 09:00–11:30 ", "explanation": "没有变"}, ReportKind.CHANGE, service)


def test_a_service_cannot_end_before_it_began(scene: Scene) -> None:
    service = make_service(scene.session, scene.site, started_on=TODAY)
    with pytest.raises(RequirementUnmet, match="早于本项目的开始日期"):
        submitted(scene, ENDS | {"effective_on": "2026-01-01"}, ReportKind.END, service)


def test_a_return_needs_only_a_reason_and_empties_nothing(scene: Scene) -> None:
    report = submitted(scene)
    with pytest.raises(ReasonMissing):
        scene.take(report, RETURN, "district")
    scene.take(report, RETURN, "district", reason="请补充地点")
    assert report.answers == WHOLE
    scene.take(report, SUBMIT)


def test_each_hand_in_is_a_round_and_a_remark_is_pinned_to_an_answer(scene: Scene) -> None:
    report = submitted(scene)
    scene.take(report, RETURN, "district", reason="请核对", facts={"place": "几楼？"})
    assert open_remarks(scene.session, report)["place"].text == "几楼？"
    typed(scene, report, {"place": "二楼"})
    scene.take(report, SUBMIT)
    assert [one.answers["place"] for one in rounds_of(scene.session, report)] == ["一楼", "二楼"]


def test_a_returned_change_stands_beside_the_service_as_it_is_then(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    report = submitted(scene, CHANGED, ReportKind.CHANGE, service)
    service.hours = "10:00–12:00"
    scene.session.flush()
    scene.take(report, RETURN, "district", reason="登记已有变动")
    assert (report.base_answers["hours"], report.answers["hours"]) == ("10:00–12:00", "09:00–11:30")
    typed(scene, report, {"hours": "10:00–12:00"})
    scene.take(report, SUBMIT)
    scene.take(report, CONFIRM, "district")
    assert (service.hours, service.capacity) == ("10:00–12:00", 30)


@pytest.mark.parametrize("fee", [None, Decimal(0), Decimal("12.50"), Decimal(20)])
def test_a_service_as_answers_is_the_same_service(scene: Scene, fee: Decimal | None) -> None:
    service = make_service(scene.session, scene.site, fee=fee, weekdays="", capacity=None)
    report = drawn(scene, {}, ReportKind.CHANGE, service)
    assert report.answers == answers_of(service)
    assert {name: getattr(service, name) for name in offer_in(report)} == offer_in(report)


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"charge": "paid"}, "请填写每次收费的金额"),
        ({"charge": "paid", "fee": "0"}, "请填写每次收费的金额"),
        ({"charge": "free", "fee": "20"}, "请清空每次收费"),
        ({"charge": "paid", "fee": "100001"}, "不能大于100000"),
    ],
)
def test_a_fee_that_contradicts_the_charge_is_not_handed_in(
    scene: Scene, said: dict[str, Answer], wrong: str
) -> None:
    with pytest.raises(RequirementUnmet, match=wrong):
        submitted(scene, WHOLE | said)


def test_whoever_is_called_nothing_yet_has_the_name_of_its_service_or_site(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    assert drawn(scene, {}).title == scene.site.name
    assert drawn(scene, ENDS, ReportKind.END, service).title == service.title


def test_a_service_that_was_changed_meanwhile_is_not_overwritten(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    report = submitted(scene, CHANGED, ReportKind.CHANGE, service)
    service.hours = "10:00–12:00"
    scene.session.flush()
    with pytest.raises(RequirementUnmet):
        scene.take(report, CONFIRM, "district")


def test_a_second_report_of_the_same_service_waits_for_the_first(scene: Scene) -> None:
    service = make_service(scene.session, scene.site)
    first = drawn(scene, CHANGED, ReportKind.CHANGE, service)
    with pytest.raises(RequirementUnmet):
        drawn(scene, CHANGED, ReportKind.CHANGE, service)
    scene.take(first, WITHDRAW)
    drawn(scene, CHANGED, ReportKind.CHANGE, service)


def test_a_closed_site_reports_nothing(scene: Scene) -> None:
    scene.site.closed_on = TODAY
    with pytest.raises(RequirementUnmet):
        drawn(scene)


def test_the_districts_officers_have_five_working_days(scene: Scene) -> None:
    (todo,) = waiting_on(scene.session, submitted(scene))
    assert (todo.role.value, todo.due_on) == ("district", date(2026, 11, 30))


def test_an_officer_does_not_know_of_a_draft(scene: Scene) -> None:
    with pytest.raises(NotVisible):
        scene.take(drawn(scene), RETURN, "district", reason="不清楚")


@pytest.mark.parametrize("who", ["provider", "street"])
def test_whoever_sees_a_report_and_does_not_decide_on_it_is_refused(scene: Scene, who: str) -> None:
    with pytest.raises(NotAllowed):
        scene.take(submitted(scene), CONFIRM, who)


@pytest.mark.parametrize("who", ["other provider", "district elsewhere"])
def test_strangers_learn_of_no_report(scene: Scene, who: str) -> None:
    with pytest.raises(NotVisible):
        scene.take(submitted(scene), CONFIRM, who)


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ({"weekday": "2"}, 1),
        ({"weekday": "7"}, 0),
        ({"charge": "free"}, 1),
        ({"charge": "unknown"}, 1),
        ({"offer": "offered"}, 2),
        ({"offer": "ended"}, 1),
        ({"kind": "RS08"}, 1),
        ({"q": "小组"}, 3),
    ],
)
def test_a_list_of_services_is_cut_by(scene: Scene, typed: dict[str, str], found: int) -> None:
    make_service(scene.session, scene.site)
    make_service(scene.session, scene.site, kind=ServiceKind.PEER, weekdays="24", fee=None)
    make_service(scene.session, scene.site, fee=Decimal(20), ended_on=TODAY)
    question = SERVICES.ask(typed, scope=sa.true(), on=TODAY)
    assert question.count(scene.session).number == found
