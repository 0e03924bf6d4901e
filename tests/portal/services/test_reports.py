"""A service on pages: reported, compared, returned with nothing lost, confirmed, and found by everybody."""

from datetime import timedelta

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.services.models import ReportKind, Service, ServiceReport, ServiceReportState
from registry.services.questions import offer_in
from tests.factories import NOW, make_site
from tests.portal.polite import Polite
from tests.portal.services.conftest import Place
from tests.services_factories import make_round, make_service, make_service_report

WHOLE = {
    "项目名称": "同伴支持小组",
    "服务类别": "RS08",
    "时间": "14:00–16:00",
    "联系岗位": "值班社工",
    "联系电话": "021-00000000",
    "开始日期": "2026-12-01",
}


def only(session: Session, model: type):
    session.expire_all()
    return session.scalars(sa.select(model)).one()


def test_a_new_service_goes_to_the_district_and_back_and_through(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    form = polite.submit(polite.get("/services"), button="申报新项目")
    review = polite.submit(form, WHOLE, button="保存并核对")
    submitted = polite.submit(review, button="提交")
    assert "已提交，等待区县确认" in submitted.main
    assert "黄浦区 区县民政" in submitted.main

    sign_in(account=place.district)
    shown = polite.follow(polite.get("/inbox"), "确认服务项目申报 · 同伴支持小组")
    polite.submit(polite.follow(shown, "退回"), {"原因": "请写明地点"}, button="退回")

    sign_in(account=place.station)
    returned = polite.follow(polite.get("/inbox"), "修改被退回的服务项目申报 · 同伴支持小组")
    assert "请写明地点" in returned.main
    editing = polite.follow(returned, "修改")
    assert 'value="同伴支持小组"' in editing.html
    review = polite.submit(editing, {"地点（选填）": "二楼"}, button="保存并核对")
    polite.submit(review, button="提交")

    sign_in(account=place.district)
    shown = polite.follow(polite.get("/inbox"), "确认服务项目申报 · 同伴支持小组")
    assert ["地点", "未填写", "二楼"] in shown.rows
    polite.submit(shown, button="确认")
    service = only(place.session, Service)
    assert (service.title, service.place) == ("同伴支持小组", "二楼")

    sign_in(account=place.stranger)
    assert "同伴支持小组" in polite.get("/services?offer=coming").main


def test_a_change_shows_what_stands_beside_what_is_asked_for(polite: Polite, place: Place, sign_in) -> None:
    service = make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    form = polite.submit(polite.get(f"/services/{service.code}"), button="申报变更")
    review = polite.submit(form, {"名额（选填）": "20", "时间": "08:30–11:30"}, button="保存并核对")
    assert "与“登记的内容”对照，有 2 处变化" in review.main
    sent = polite.submit(review, button="提交")
    assert ["名额", "12 人", "20 人"] in sent.rows
    assert ["时间", "09:00–11:30", "08:30–11:30"] in sent.rows
    assert ["项目名称", "生活技能小组", "生活技能小组"] in sent.rows


def test_a_draft_with_gaps_is_saved_and_says_what_is_missing(polite: Polite, place: Place, sign_in) -> None:
    sign_in(account=place.station)
    form = polite.submit(polite.get("/service-reports/new"), button="开始填写")
    told = polite.submit(form, {"项目名称": "小组"}, button="保存并核对", status=200)
    assert "请填写“服务类别”。" in told.errors
    assert "请填写“联系电话”。" in told.errors
    report = only(place.session, ServiceReport)
    assert report.answers["title"] == "小组"
    review = polite.get(f"/service-reports/{report.code}")
    assert "还有 5 处没有填好，填好之后才能提交" in review.main
    sent = {"key": "k" * 32, "version": report.version}
    polite.post(f"/service-reports/{report.code}/steps/submit", sent, 409)
    assert only(place.session, ServiceReport).state is ServiceReportState.DRAFT


def test_the_end_of_a_service_asks_when_and_why(polite: Polite, place: Place, sign_in) -> None:
    service = make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    form = polite.submit(polite.get(f"/services/{service.code}"), button="申报停止")
    missing = polite.submit(form, {"停止日期": "2026-12-31"}, button="保存并核对", status=200)
    assert missing.errors == ["请填写“停止原因”。"]
    review = polite.submit(missing, {"停止原因": "场地收回"}, button="保存并核对")
    sent = polite.submit(review, button="提交")
    assert ["停止日期", "2026-12-31"] in sent.rows
    assert only(place.session, ServiceReport).kind is ReportKind.END


def test_whoever_begins_a_second_report_is_led_to_the_first(polite: Polite, place: Place, sign_in) -> None:
    service = make_service(place.session, place.site)
    report = make_service_report(
        place.session, place.site, place.station, kind=ReportKind.CHANGE, service=service
    )
    place.session.commit()
    sign_in(account=place.station)
    page = polite.follow_redirect(f"/services/{service.code}/change")
    assert page.url.endswith(report.code)


def test_two_colleagues_who_edit_at_once_see_both_versions(polite: Polite, place: Place, sign_in) -> None:
    report = make_service_report(place.session, place.site, place.station)
    place.session.commit()
    sign_in(account=place.station)
    edit = f"/service-reports/{report.code}/topics/service"
    first, second = polite.get(edit), polite.get(edit)
    polite.submit(first, {"项目名称": "甲组"}, button="保存并核对")
    told = polite.submit(second, {"项目名称": "乙组"}, button="保存并核对", status=409)
    assert ["项目名称", "甲组", "乙组"] in told.rows
    assert 'value="乙组"' in told.html
    polite.submit(told, button="保存并核对")
    assert only(place.session, ServiceReport).title == "乙组"


def test_whoever_begins_twice_goes_on_with_what_he_left_untouched(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    for _ in range(2):
        form = polite.submit(polite.get("/services"), button="申报新项目")
    polite.submit(form, {"项目名称": "小组"}, button="保存，稍后再填")
    polite.submit(polite.get("/services"), button="申报新项目")
    place.session.expire_all()
    assert [one.answers.get("title") for one in place.session.scalars(sa.select(ServiceReport))] == [
        "小组",
        None,
    ]


def test_an_organisation_with_several_sites_chooses_one(polite: Polite, place: Place, sign_in) -> None:
    other = make_site(place.session, place.site.organisation, name="示例分站")
    place.session.commit()
    sign_in(account=place.station)
    asked = polite.submit(polite.get("/services"), button="申报新项目", status=200)
    polite.submit(asked, {"服务场所": other.code}, button="开始填写")
    assert only(place.session, ServiceReport).site_id == other.id


def test_of_two_who_begin_at_once_the_second_is_led_to_the_report_of_the_first(
    polite: Polite, place: Place, sign_in
) -> None:
    service = make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    first, second = (polite.get(f"/services/{service.code}") for _ in range(2))
    polite.submit(first, button="申报变更")
    led = polite.submit(second, button="申报停止")
    assert "已有一件未办结的申报" in led.main
    assert only(place.session, ServiceReport).kind is ReportKind.CHANGE


def test_what_is_typed_of_a_changed_service_is_kept_while_it_is_typed(
    polite: Polite, place: Place, sign_in, client
) -> None:
    service = make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.station)
    form = polite.submit(polite.get(f"/services/{service.code}"), button="申报变更")
    typed = {"service_kind": "RS04", "charge": "free", "hours": "上午", "weekdays": ["1", "6"]}
    sent = {"key": "k" * 32, "version": "1"} | typed
    kept = polite.post(f"{form.url}/save", sent, status=200)
    assert kept.response.json["version"] == 2
    again = polite.get(form.url)
    assert 'value="上午"' in again.html
    assert "登记的内容：09:00–11:30" in again.main
    assert again.main.count("登记的内容：") == 2


def test_a_returned_report_opens_at_the_first_remark(polite: Polite, place: Place, sign_in) -> None:
    report = make_service_report(
        place.session, place.site, place.station, state=ServiceReportState.SUBMITTED, submitted_at=NOW
    )
    make_round(place.session, report)
    place.session.commit()
    sign_in(account=place.district)
    form = polite.get(f"/service-reports/{report.code}/steps/return")
    polite.submit(form, {"原因": "请核对", "remark_hours": "起止时间？"}, button="退回")
    sign_in(account=place.station)
    page = polite.get(f"/service-reports/{report.code}")
    assert page.links["从第一条意见开始修改"].endswith("/topics/service#hours")
    assert "起止时间？" in polite.follow(page, "从第一条意见开始修改").main


def test_an_old_link_to_what_was_handed_in_leads_to_the_report(polite: Polite, place: Place, sign_in) -> None:
    report = make_service_report(
        place.session, place.site, place.station, state=ServiceReportState.SUBMITTED, submitted_at=NOW
    )
    draft = make_service_report(place.session, place.site, place.station)
    place.session.commit()
    sign_in(account=place.station)
    assert "待确认" in polite.visit(f"/service-reports/{report.code}/topics/service").heading
    for one in (report, draft):
        page = polite.visit(f"/service-reports/{one.code}/answers")
        assert page.url == f"/service-reports/{one.code}"


def test_of_two_officers_the_second_is_told_what_happened(polite: Polite, place: Place, sign_in) -> None:
    report = make_service_report(
        place.session, place.site, place.station, state=ServiceReportState.SUBMITTED, submitted_at=NOW
    )
    place.session.commit()
    sign_in(account=place.district)
    page = polite.get(f"/service-reports/{report.code}")
    form = polite.get(f"/service-reports/{report.code}/steps/return")
    polite.submit(form, {"原因": "请核对"}, button="退回")
    polite.submit(page, button="确认", status=409)
    assert place.session.scalar(sa.select(sa.func.count()).select_from(Service)) == 0


def test_a_fee_is_a_number_and_is_asked_of_whoever_says_that_it_costs_something(
    polite: Polite, place: Place, sign_in
) -> None:
    sign_in(account=place.station)
    form = polite.submit(polite.get("/service-reports/new"), button="开始填写")
    none = polite.submit(form, {"charge": "paid"}, button="保存并核对", status=200)
    assert "请填写每次收费的金额" in none.main
    wrong = polite.submit(
        none, {"charge": "paid", "每次收费（选填）": "二十"}, button="保存并核对", status=200
    )
    assert "“每次收费”不是数字" in wrong.main
    said = WHOLE | {"charge": "paid", "每次收费（选填）": "20.5元"}
    polite.submit(polite.submit(wrong, said, button="保存并核对"), button="提交")
    assert str(offer_in(only(place.session, ServiceReport))["fee"]) == "20.5"


def test_the_pages_of_an_organisation_and_a_site_list_what_is_offered(
    polite: Polite, place: Place, sign_in
) -> None:
    service = make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.province)
    for url in (f"/sites/{place.site.code}", f"/providers/{place.site.organisation.code}"):
        page = polite.get(url)
        assert "周一、周三、周五" in page.main
        assert page.links[service.title].endswith(service.code)


def test_a_list_that_is_cut_to_an_organisation_names_it(polite: Polite, place: Place, sign_in) -> None:
    make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.district)
    page = polite.get(f"/services?organisation={place.site.organisation.code}&weekday=1&charge=free")
    assert f"提供机构：{place.site.organisation.name}" in page.main


def test_the_list_is_taken_along_as_a_file(polite: Polite, place: Place, sign_in, client) -> None:
    make_service(place.session, place.site)
    place.session.commit()
    sign_in(account=place.district)
    answer = client.get("/services/export?format=csv")
    assert "周一、周三、周五" in answer.data.decode("utf-8-sig")
    assert "免费" in answer.data.decode("utf-8-sig")


def test_the_list_begins_with_what_has_waited_longest_and_goes_on_page_by_page(
    polite: Polite, place: Place, sign_in
) -> None:
    for number in range(51):
        at = NOW + timedelta(minutes=number)
        make_service_report(
            place.session,
            place.site,
            place.station,
            answers={"title": f"第{number}项"},
            state=ServiceReportState.SUBMITTED,
            asked_at=at,
            submitted_at=at,
        )
    place.session.commit()
    sign_in(account=place.district)

    page = polite.get("/service-reports?show=open")
    assert "共 51 件申报" in page.main
    assert page.main.index("第0项") < page.main.index("第1项")
    assert "第50项" not in page.main
    assert "第50项" in polite.get("/service-reports?show=open&page=2").main
    assert "第7项" in polite.get("/service-reports?show=open&q=第7项").main
    assert "没有已办结的申报" in polite.get("/service-reports?show=done").main
