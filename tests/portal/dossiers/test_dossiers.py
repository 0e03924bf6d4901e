"""The pages of dossiers: the list, the check, the two gates, and what an organisation says against its own."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.clock import today
from registry.dossiers.fundraising import (
    CLEAN_YEARS,
    DECIDE_DAYS,
    NON_MAINLAND_MOST,
    RELATED_MOST,
    REVOKED_YEARS,
    SUPERVISORS_LEAST,
    WAIT_MONTHS,
)
from registry.dossiers.models import Dossier, DossierRemark, DossierState, FactKind, RemarkState
from registry.organisations.models import Organisation
from tests.dossiers_factories import LIST_DAY, make_dossier, make_fact, make_remark
from tests.factories import (
    HUANGPU,
    make_actor,
    make_division,
    make_organisation,
    make_parameter,
    make_standing,
)
from tests.portal.polite import Polite

SignIn = Callable[..., Actor]
TERMS = {
    WAIT_MONTHS: 12,
    REVOKED_YEARS: 5,
    DECIDE_DAYS: 20,
    RELATED_MOST: "1/3",
    NON_MAINLAND_MOST: "1/3",
    SUPERVISORS_LEAST: 3,
    CLEAN_YEARS: 2,
}


@pytest.fixture
def place(session: Session) -> Session:
    for code in ("31", "3101", HUANGPU, "310115"):
        make_division(session, code)
    for key, value in TERMS.items():
        make_parameter(session, key, value)
    make_parameter(session, "dossier.remark_workdays", 5)
    return session


def charity(session: Session, name: str = "示例助康服务中心", **facts: Any) -> Dossier:
    dossier = make_dossier(session, make_organisation(session, name=name), **facts)
    make_fact(session, dossier, FactKind.RECOGNITION, "recognised", date(2024, 2, 29))
    return dossier


def path(dossier: Dossier, step: str = "") -> str:
    return f"/dossiers/{dossier.code}{step}"


def test_the_list_is_cut_by_what_the_facts_say(place: Session, sign_in: SignIn, polite: Polite) -> None:
    held, revoked = charity(place, "示例持证基金会"), charity(place, "示例吊销基金会")
    for dossier in (held, revoked):
        make_fact(place, dossier, FactKind.CERTIFICATE, "证1", date(2025, 5, 6))
    make_fact(place, revoked, FactKind.CERTIFICATE_REVOKED, "revoked", date(2026, 5, 6))
    absent = charity(place, "示例未检中心", missing_on=date(2026, 11, 20))
    make_fact(place, absent, FactKind.ANNUAL_CHECK, "passed", LIST_DAY, 2024)
    make_fact(place, absent, FactKind.ANNUAL_CHECK, "absent", LIST_DAY, 2025)
    make_fact(place, absent, FactKind.ABNORMAL, "listed", date(2026, 7, 1))
    sign_in(Role.DISTRICT)

    def names(query: str) -> list[str]:
        return [row[0].split(" ")[0] for row in polite.get(f"/dossiers?{query}").rows]

    assert len(names("kind=charity")) == 3
    assert names("fundraising=held") == ["示例持证基金会"]
    assert names("fundraising=revoked") == ["示例吊销基金会"]
    assert names("check=absent") == names("presence=missing") == names("credit=abnormal") == ["示例未检中心"]
    assert names("q=持证") == ["示例持证基金会"]
    assert "没有符合条件的记录" in polite.get("/dossiers?kind=association").main
    assert "不在可选范围内" in polite.get("/dossiers?kind=provider", 400).text


def test_the_file_holds_the_rows_of_the_page(place: Session, sign_in: SignIn, polite: Polite) -> None:
    charity(place)
    sign_in(Role.DISTRICT)
    answer = polite.client.get("/dossiers/export?format=csv")
    assert answer.status_code == 200
    assert "示例助康服务中心" in answer.get_data(as_text=True)


def test_the_district_records_that_list_and_register_agree(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    sign_in(Role.DISTRICT)
    page = polite.follow(polite.get(path(dossier)), "核对一致")
    polite.submit(page, {}, button="记为核对一致")
    place.expire_all()
    assert dossier.state is DossierState.CHECKED
    shown = polite.get(path(dossier))
    assert f"沪慈善{today().year}-0001" in shown.main
    assert "核对一致" not in shown.links


def test_what_plainly_differs_is_said_above_the_form(place: Session, sign_in: SignIn, polite: Polite) -> None:
    dossier = charity(place)
    make_fact(place, dossier, FactKind.NAME, "示例另一个名称", LIST_DAY)
    sign_in(Role.DISTRICT)
    page = polite.submit(polite.get(path(dossier, "/check")), {}, button="记为核对一致", status=409)
    assert page.errors == ["名单与本库登记有1处不一致，请选“登记不一致”，写明是哪一方有误。"]


def test_a_difference_is_recorded_settled_and_checked(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    make_fact(place, dossier, FactKind.NAME, "示例更名中心", LIST_DAY)
    make_actor(place, Role.DISTRICT)  # somebody has to be there who may check the correction
    sign_in(Role.DISTRICT)
    token = {"fields": ["name"], "reason": "登记证书上已更名", "version": dossier.version, "key": "k" * 16}
    assert polite.get(path(dossier, "/differs")).heading.startswith("登记不一致")
    polite.post(path(dossier, "/differs"), token)
    shown = polite.get(path(dossier)).main
    assert "登记不一致：单位名称" in shown
    assert "登记证书上已更名" in shown
    place.expire_all()
    settled = {"side": "register", "reason": "登记证书", "version": dossier.version, "key": "m" * 16}
    polite.get(path(dossier, "/correct"))
    polite.post(path(dossier, "/correct"), settled)
    place.expire_all()
    assert dossier.organisation.name == "示例更名中心"
    assert dossier.state is DossierState.CORRECTED
    corrected = polite.get(path(dossier))
    assert "已登记更正，由另一名人员再核对" in corrected.main
    assert "核对一致" not in corrected.links
    sign_in(Role.DISTRICT)
    assert "核对一致" in polite.get(path(dossier)).links


def test_a_difference_without_fields_or_reason_is_sent_back(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    sign_in(Role.DISTRICT)
    typed = {"reason": "不一致", "version": dossier.version, "key": "k" * 16}
    page = polite.post(path(dossier, "/differs"), typed, 200)
    assert "请至少选一项不一致的内容。" in page.errors
    page = polite.submit(polite.get(path(dossier, "/differs")), {}, button="登记不一致", status=200)
    assert "请写明怎样不一致。" in page.errors


def test_a_step_that_is_not_open_leads_to_the_dossier(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    sign_in(Role.DISTRICT)
    assert polite.get(path(dossier, "/correct"), 303).response.headers["Location"].endswith(path(dossier))


def test_the_gates_say_what_is_met_and_what_the_registrar_verifies(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    sign_in(Role.DISTRICT)
    page = polite.get(path(dossier, "/fundraising")).main
    assert "可以向登记的民政部门申请" in page
    assert "自2024-02-29起算，2025-03-01起已满期。" in page
    assert page.count("须由登记机关核实") >= 6
    plain = make_dossier(place)
    assert "还不是慈善组织" in polite.get(path(plain, "/fundraising")).main


def test_history_shows_corrections_and_keeps_what_was_wrong(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    wrong = make_fact(place, dossier, FactKind.ANNUAL_CHECK, "passed", LIST_DAY, 2025)
    right = make_fact(place, dossier, FactKind.ANNUAL_CHECK, "failed", LIST_DAY, 2025)
    wrong.replaced_by_id = right.id
    place.flush()
    sign_in(Role.DISTRICT)
    rows = polite.get(path(dossier)).rows
    values = [row[2] for row in rows if len(row) > 2 and row[1] == "2025年年检结论"]
    assert len(values) == 2
    assert any("已更正" in value for value in values)


def own_charity(session: Session, organisation: Organisation) -> Dossier:
    return make_dossier(session, organisation)


def test_a_charity_sees_its_own_dossier_and_says_what_is_wrong(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    own = make_organisation(place, name="示例本会")
    dossier, other = own_charity(place, own), charity(place, "示例别会")
    sign_in(Role.CHARITY, organisation=own)
    assert [row[0] for row in polite.get("/dossiers?division=0").rows] == ["示例本会"]
    polite.get(path(other), 404)
    polite.get(path(dossier, "/check"), 403)
    polite.follow(polite.get(path(dossier)), "提出与登记不符")
    typed = {"fields": ["certificate"], "text": "发证日期应为8日。", "version": 1, "key": "k" * 16}
    polite.post(path(dossier, "/remarks/new"), typed)
    polite.post(path(dossier, "/remarks/new"), typed)  # a double click is one remark
    remark = place.scalars(sa.select(DossierRemark)).one()
    assert "发证日期应为8日。" in polite.get(f"/dossiers/remarks/{remark.code}").main


def test_the_district_answers_and_the_charity_reads_it(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    remark = make_remark(place, dossier)
    sign_in(Role.DISTRICT)
    url = f"/dossiers/remarks/{remark.code}"
    page = polite.submit(polite.get(f"{url}/answer"), {}, button="答复", status=200)
    assert "请写明答复的内容。" in page.errors
    polite.submit(polite.get(f"{url}/answer"), {"答复": "已函请登记机关更正。"}, button="答复")
    place.expire_all()
    assert remark.state is RemarkState.ANSWERED
    sign_in(Role.CHARITY, organisation=dossier.organisation)
    assert "已函请登记机关更正。" in polite.get(url).main
    assert polite.get(f"{url}/withdraw", 303).response.headers["Location"].endswith(url)


def test_the_page_of_the_organisation_leads_to_its_dossier(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    dossier = charity(place)
    make_standing(place, dossier.organisation)
    sign_in(Role.DISTRICT)
    page = polite.get(f"/providers/{dossier.organisation.code}")
    assert page.links["慈善组织档案"] == path(dossier)


def test_a_provider_is_offered_no_list_of_the_authority(
    place: Session, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(Role.PROVIDER)
    assert "慈善组织名单" not in polite.get("/intake/").main
    polite.get("/intake/charities", 403)
    polite.get("/intake/charities/template.xlsx", 403)
    sign_in(Role.DISTRICT)
    assert "慈善组织名单" in polite.get("/intake/").main
    assert polite.client.get("/intake/associations/template.xlsx").status_code == 200
