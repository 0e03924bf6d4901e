"""Recording a merger: seen first, confirmed then; the old organisation says where it went; undone while it can be."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Role
from registry.organisations.models import Organisation, Site
from registry.successions.models import OrganisationSuccession
from tests.dossiers_factories import make_succession
from tests.entry_factories import make_entry
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    make_division,
    make_organisation,
    make_post,
    make_practitioner,
    make_site,
    make_staff,
    make_standing,
)
from tests.portal.polite import Polite
from tests.services_factories import make_service

SignIn = Callable[..., Actor]


@pytest.fixture
def old(session: Session) -> Organisation:
    for code in ("31", "3101", HUANGPU, NANJING_EAST_ROAD):
        make_division(session, code)
    organisation = make_organisation(session, name="示例甲中心")
    make_standing(session, organisation, number="沪康复2020-0001")
    make_staff(session, make_site(session, organisation), qualified=1, other=1)
    return organisation


@pytest.fixture
def new(session: Session) -> Organisation:
    return make_organisation(session, name="示例乙中心")


def typed(old: Organisation, new: Organisation, **facts: Any) -> Mapping[str, Any]:
    return {
        "kind": "merge",
        "successor": new.uscc,
        "on": "2026-06-01",
        "document": "示民社〔2026〕6号",
        "sites": [site.code for site in old.sites],
        "version": 1,
        "key": "k" * 16,
        **facts,
    }


def path(old: Organisation) -> str:
    return f"/providers/{old.code}/succession"


def test_a_merger_is_seen_then_confirmed(
    session: Session, old: Organisation, new: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    make_service(session, old.sites[0])
    make_entry(session, old.sites[0])
    sign_in(Role.DISTRICT)
    polite.follow(polite.get(f"/providers/{old.code}"), "登记承继")
    session.refresh(old)
    seen = polite.post(path(old), typed(old, new), 200)
    for sentence in (
        "“示例甲中心”自2026年6月1日起终止",
        "由“示例乙中心”承继。",
        "随场所转入：在岗人员的任职 2 条。",
        "随场所转入：服务项目 1 条。",
        "终止：在办的机构入库材料（按撤回处理） 1 件。",
        "终止：机构入库，编号沪康复2020-0001",
        "转入的场所在它入库之前不计入占比",
    ):
        assert sentence in seen.main
    assert session.scalar(sa.select(sa.func.count()).select_from(OrganisationSuccession)) == 0
    page = polite.submit(seen, {}, button="确认登记承继")
    assert page.main.count("并入“示例乙中心”") == 2  # said above, and in the history
    assert "登记承继" not in page.links
    assert "“示例甲中心”已于2026年6月1日并入该单位" in polite.get(f"/providers/{new.code}").main
    found = polite.get("/providers?standing=&q=沪康复2020-0001").main
    assert "已并入：示例乙中心" in found


def test_only_what_was_seen_is_recorded(
    session: Session, old: Organisation, new: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    session.refresh(old)
    seen = polite.post(path(old), typed(old, new), 200)
    make_post(session, make_practitioner(session), old.sites[0])
    session.commit()
    again = polite.submit(seen, {}, button="确认登记承继", status=200)
    assert again.errors == ["您看过之后情况有变化，下面是现在的结果，请核对后再确认。"]
    polite.submit(again, {}, button="确认登记承继")
    session.expire_all()
    assert session.scalars(sa.select(Site).where(Site.organisation_id == new.id)).one().opened_on is not None


def test_what_cannot_be_is_said_beside_its_field(
    session: Session, old: Organisation, new: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    session.refresh(old)
    for facts, sentence in (
        ({"successor": ""}, "请填写承继单位。"),
        ({"successor": "无此单位"}, "没有找到“无此单位”"),
        ({"successor": old.uscc}, "更名的不属于承继"),
        ({"on": "2099-01-01"}, "承继日期晚于今天"),
        ({"on": "昨天"}, "不是完整的日期"),
        ({"sites": ["nosuchsite"]}, "请重新选择"),
    ):
        page = polite.post(path(old), typed(old, new, **facts), 200)
        assert any(sentence in error for error in page.errors), (facts, page.errors)


def test_an_old_number_leads_to_the_successor_and_takes_over_nothing(
    session: Session, old: Organisation, new: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    make_succession(session, old, new)
    third = make_organisation(session)
    sign_in(Role.DISTRICT)
    page = polite.post(path(third), typed(third, old, successor="沪康复2020-0001", sites=[]), 200)
    assert page.errors == ["“示例甲中心”已于2026-06-01并入“示例乙中心”，请改填承继单位，或先撤销那一项承继。"]
    shown = polite.get(f"/providers/{old.code}")
    assert shown.links["打开承继单位"] == f"/providers/{new.code}"


def test_it_is_undone_while_nobody_acted(
    session: Session, old: Organisation, new: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    session.refresh(old)
    polite.submit(polite.post(path(old), typed(old, new), 200), {}, button="确认登记承继")
    page = polite.follow(polite.get(f"/providers/{old.code}"), "撤销承继")
    assert "请写明撤销原因。" in polite.submit(page, {}, button="撤销承继", status=200).errors
    polite.submit(page, {"撤销原因": "登记错了单位"}, button="撤销承继")
    session.expire_all()
    assert old.closed_on is None
    assert "已并入" not in polite.get(f"/providers/{old.code}").main


def test_after_others_acted_the_page_says_why_not(
    session: Session, old: Organisation, new: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    session.refresh(old)
    polite.submit(polite.post(path(old), typed(old, new), 200), {}, button="确认登记承继")
    site = session.scalars(sa.select(Site).where(Site.organisation_id == new.id)).one()
    make_post(session, make_practitioner(session), site)
    session.commit()
    page = polite.follow(polite.get(f"/providers/{old.code}"), "撤销承继")
    assert "不能再撤销" in page.main


def test_a_street_and_another_district_record_none(
    session: Session, old: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    for role, facts in ((Role.STREET, {}), (Role.DISTRICT, {"division_code": "310115"})):
        sign_in(role, **facts)
        polite.get(path(old), 403)


def test_an_empty_form_is_sent_back(
    session: Session, old: Organisation, sign_in: SignIn, polite: Polite
) -> None:
    sign_in(Role.DISTRICT)
    session.refresh(old)
    page = polite.post(path(old), {}, 200)
    assert "请填写承继单位。" in page.errors
