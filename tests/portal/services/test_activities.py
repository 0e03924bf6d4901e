"""An activity on pages: recorded with what little has to be typed, corrected, struck out, and never twice."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import today
from registry.services.models import Activity, ActivityState, ServiceKind
from tests.factories import LONG_AGO
from tests.portal.polite import Polite
from tests.portal.services.conftest import Place
from tests.services_factories import make_activity, make_service

NEW = "/activities/new"


def only(session: Session) -> Activity:
    session.expire_all()
    return session.scalars(sa.select(Activity)).one()


def recorded(polite: Polite, *, status: int = 303, **typed: str):
    values = {"参加人数": "10", "时长": "90"} | typed
    return polite.submit(polite.get(NEW), values, button="登记", status=status)


def test_from_the_home_page_it_takes_one_tap_three_answers_and_one_more_tap(
    polite: Polite, place: Place, sign_in
) -> None:
    make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    form = polite.follow(polite.get("/"), "登记活动")
    page = polite.submit(form, {"参加人数": "10", "时长": "90"}, button="登记")
    assert "活动已登记" in page.text
    activity = only(place.session)
    assert (activity.held_on, activity.persons, activity.person_times) == (today(), 10, 10)
    assert activity.service is not None
    assert activity.kind is ServiceKind.LIVING


def test_the_next_form_begins_with_what_was_recorded_last(polite: Polite, place: Place, sign_in) -> None:
    sign_in(account=place.station)
    recorded(polite, 活动内容="k:RS09", 时长="120")
    data = {control.get("name"): control for control in polite.get(NEW).all("input")}
    assert data["minutes"].get("value") == "120"
    chosen = [one.get("value") for one in polite.get(NEW).all("option") if "selected" in one.attrib]
    assert chosen == ["k:RS09"]


def test_what_took_place_earlier_is_marked_with_the_day_of_its_entry(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    page = recorded(polite, 活动日期=(today() - timedelta(days=2)).isoformat())
    assert "补录" in page.main
    assert "补录" in polite.get("/activities").main


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ({"参加人数": ""}, "请填写参加人数"),
        ({"参加人数": "十个"}, "不是数字"),
        ({"参加人数": "-1"}, "人数应在0到10000之间"),
        ({"人次（选填）": "3"}, "人次不能少于人数"),
        ({"时长": "0"}, "时长应在1到1440分钟之间"),
        ({"时长": "1441"}, "时长应在1到1440分钟之间"),
        ({"活动日期": "2099-01-01"}, "活动日期不能晚于今天"),
        ({"活动日期": (LONG_AGO - timedelta(days=1)).isoformat()}, "活动日期不能早于场所的开业日期"),
        ({"活动日期": "2026-02-30"}, "不存在"),
        ({"活动内容": "k:RS99"}, "请选择活动内容"),
        ({"活动内容": "s:2222222222"}, "请选择活动内容"),
    ],
)
def test_what_cannot_be_is_said_beside_its_field_and_nothing_is_lost(
    polite: Polite, place: Place, sign_in, typed: dict[str, str], why: str
) -> None:
    sign_in(account=place.station)
    values = {"参加人数": "10", "时长": "90", "备注（选填）": "包粽子"} | typed
    page = polite.submit(polite.get(NEW), values, button="登记", status=200)
    assert why in page.main
    assert 'value="包粽子"' in page.html
    assert place.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 0


def test_a_double_click_makes_one_record(polite: Polite, place: Place, sign_in) -> None:
    sign_in(account=place.station)
    form = polite.get(NEW)
    for _click in range(2):
        polite.submit(form, {"参加人数": "10", "时长": "90"}, button="登记")
    assert only(place.session).persons == 10


def test_going_back_and_sending_other_numbers_makes_no_silent_change(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    form = polite.get(NEW)
    polite.submit(form, {"参加人数": "10", "时长": "90"}, button="登记")
    again = polite.submit(form, {"参加人数": "12", "时长": "90"}, button="登记", status=409)
    assert "这份表单已经登记过一条活动" in again.main
    assert only(place.session).persons == 10
    polite.submit(again, button="登记")
    assert place.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 2


def test_a_second_form_with_the_same_words_is_asked_whether_it_is_another_activity(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    assert "确实是另一场活动" not in polite.get(NEW).main
    recorded(polite)
    asked = recorded(polite, status=200)
    assert "这一天已登记相同的活动" in asked.main
    assert only(place.session).persons == 10
    page = polite.submit(asked, {"确实是另一场活动，再登记一条": True}, button="登记")
    assert "活动已登记" in page.text
    assert place.session.scalar(sa.select(sa.func.count()).select_from(Activity)) == 2


def test_a_day_on_which_the_service_was_not_offered_is_told_beside_its_field(
    polite: Polite, place: Place, sign_in
) -> None:
    make_service(place.session, place.site, started_on=today())
    place.session.commit()
    sign_in(account=place.station)
    page = recorded(polite, status=200, 活动日期=(today() - timedelta(days=1)).isoformat())
    assert f"自{today().isoformat()}起开设" in page.main
    assert not place.session.scalars(sa.select(Activity)).all()


def test_a_number_of_somebody_in_the_note_or_in_a_reason_is_sent_back_with_the_remedy(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    assert "不写服务对象的姓名" in polite.get(NEW).main
    words = {"备注（选填）": "张三 13800138000 未到"}
    assert "请删去；参加的人记在签到表上" in recorded(polite, status=200, **words).main
    activity = make_activity(place.session, place.site)
    place.session.commit()
    page = polite.get(f"/activities/{activity.code}/void")
    page = polite.submit(page, {"reason": "13800138000说没来"}, button="作废", status=200)
    assert "请删去" in page.main
    page = polite.get(f"/activities/{activity.code}/correct")
    page = polite.submit(
        page, {"参加人数": "9", "reason": "13800138000说九人"}, button="保存更正", status=200
    )
    assert "请删去" in page.main
    assert only(place.session).state is ActivityState.RECORDED


def test_a_correction_shows_what_was_said_before_and_why(polite: Polite, place: Place, sign_in) -> None:
    sign_in(account=place.station)
    page = recorded(polite)
    form = polite.follow(page, "更正")
    missing = polite.submit(form, {"人次（选填）": "15"}, button="保存更正", status=200)
    assert "请写明原因" in missing.main
    shown = polite.submit(missing, {"更正原因": "按签到表更正"}, button="保存更正")
    assert "15 人次" in shown.main
    assert "按签到表更正" in shown.main
    assert only(place.session).person_times == 15


def test_two_colleagues_who_correct_at_once_do_not_overwrite_each_other(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    page = recorded(polite)
    first, second = polite.follow(page, "更正"), polite.follow(page, "更正")
    polite.submit(first, {"参加人数": "8", "更正原因": "一"}, button="保存更正")
    told = polite.submit(second, {"参加人数": "9", "更正原因": "二"}, button="保存更正", status=409)
    assert "内容已被他人更改" in told.main
    assert only(place.session).persons == 8


def test_what_was_struck_out_stays_and_is_not_summed(polite: Polite, place: Place, sign_in) -> None:
    sign_in(account=place.station)
    page = polite.follow(recorded(polite), "作废")
    polite.submit(page, {"更正原因": "登记了两次"}, button="作废")
    assert only(place.session).state is ActivityState.VOIDED
    listed = polite.get("/activities")
    assert "已作废" in listed.main
    assert "合计 0 场" in listed.main


def test_a_total_leads_to_exactly_its_rows(polite: Polite, place: Place, sign_in) -> None:
    service = make_service(place.session, place.site)
    for day in (today(), today() - timedelta(days=400)):
        make_activity(place.session, place.site, service=service, held_on=day, entered_on=day)
    make_activity(place.session, place.site, held_on=today(), entered_on=today())
    place.session.commit()
    sign_in(account=place.station)
    page = polite.get(f"/services/{service.code}")
    rows = polite.follow(page, "已登记 2 场，20 人次，3.0 小时")
    assert "合计 2 场，20 人次，3.0 小时" in rows.main
    assert service.title in rows.main


def test_officers_read_the_activities_of_their_divisions_and_record_none(
    polite: Polite, place: Place, sign_in
) -> None:
    activity = make_activity(place.session, place.site)
    place.session.commit()
    sign_in(account=place.district)
    assert place.site.name in polite.get("/activities").main
    page = polite.get(f"/activities/{activity.code}")
    assert "更正" not in page.links
    polite.get(NEW, status=403)


def test_a_stranger_is_told_that_there_is_no_such_activity(polite: Polite, place: Place, sign_in) -> None:
    activity = make_activity(place.session, place.site)
    place.session.commit()
    sign_in(account=place.stranger)
    polite.get(f"/activities/{activity.code}", status=404)
    assert "还没有活动记录" in polite.get("/activities").main


def test_an_organisation_without_an_open_site_is_told_whom_to_ask(
    polite: Polite, place: Place, sign_in
) -> None:
    place.site.closed_on = today()
    place.session.commit()
    sign_in(account=place.station)
    assert "没有在用的服务场所" in polite.get(NEW).main


def test_the_form_may_begin_with_a_service(polite: Polite, place: Place, sign_in) -> None:
    make_service(place.session, place.site, title="甲")
    second = make_service(place.session, place.site, title="乙")
    place.session.commit()
    sign_in(account=place.station)
    page = polite.follow(polite.get(f"/services/{second.code}"), "登记活动")
    chosen = [one.get("value") for one in page.all("option") if "selected" in one.attrib]
    assert chosen == [f"s:{second.code}"]
