"""任免 on pages: asked by one, confirmed or sent back by another, the code shown once, and a position taken away."""

import re
from collections.abc import Callable
from dataclasses import dataclass

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.access.models import Account, OneTimeCode, Role, SignIn
from registry.access.queries import account_by_username
from registry.appointments.models import Appointment, AppointmentState
from registry.audit.models import AuditEntry
from registry.clock import today
from tests.factories import (
    HUANGPU,
    NANJING_EAST_ROAD,
    make_account,
    make_division,
    make_organisation,
    make_parameter,
    make_position,
)
from tests.portal.pages import Page
from tests.portal.polite import Polite

SignInAs = Callable[..., Actor]
PUDONG = "310115"


def typed_today() -> dict[str, str]:
    """Of the day on which the test runs: a run may begin before midnight."""
    return {
        "姓名": "王示例",
        "用户名": "wangmin",
        "拟任岗位": "street",
        "管辖区划": NANJING_EAST_ROAD,
        "到岗日期": today().isoformat(),
        "依据": "2026年11月到岗通知",
    }


@dataclass(frozen=True)
class Office:
    """The people of a city with one district and one street."""

    session: Session
    secadmin: Account
    district: Account
    colleague: Account
    provider: Account

    @property
    def appointment(self) -> Appointment:
        """The newest one."""
        found = self.session.scalars(sa.select(Appointment).order_by(Appointment.id.desc())).first()
        assert found is not None
        return found

    @property
    def page(self) -> str:
        return f"/appointments/{self.appointment.code}"


@pytest.fixture
def office(session: Session) -> Office:
    names = {"31": "上海市", "3101": "市辖区", HUANGPU: "黄浦区", PUDONG: "浦东新区"}
    for code, name in (names | {NANJING_EAST_ROAD: "南京东路街道"}).items():
        make_division(session, code, name=name)
    make_parameter(session, "appointment.confirm_workdays", 3)
    own = make_organisation(session, name="示例心晴中心")
    return Office(
        session,
        secadmin=make_account(session, Role.SECADMIN, name="赵示例"),
        district=make_account(session, Role.DISTRICT, name="钱示例"),
        colleague=make_account(session, Role.DISTRICT, name="孙示例"),
        provider=make_account(session, Role.PROVIDER, name="周示例", organisation=own),
    )


def asked(polite: Polite, sign_in: SignInAs, office: Office, **more: str) -> Page:
    """The security administrator asks for a new officer of the street."""
    sign_in(account=office.secadmin)
    return polite.submit(polite.get("/appointments/new"), typed_today() | more, button="提出任命")


def test_a_new_officer_is_asked_for_reviewed_and_given_a_code_that_is_shown_once(
    polite: Polite, client: FlaskClient, sign_in: SignInAs, office: Office
) -> None:
    page = asked(polite, sign_in, office)
    assert page.heading.startswith("岗位任命 · 王示例")
    assert "街镇 · 上海市黄浦区南京东路街道" in page.main
    assert "等待办理" in page.main

    sign_in(account=office.district)
    assert "复核岗位任命 · 王示例" in polite.get("/").main
    page = polite.follow(polite.follow(polite.get("/inbox"), "复核岗位任命 · 王示例"), "同意任命")
    page = polite.submit(page, button="同意任命")
    assert "已任命" in page.main
    assert "发放首次登录代码" not in page.links, "whoever confirmed does not get the code"

    sign_in(account=office.secadmin)
    assert "发放首次登录的一次性代码 · 王示例" in polite.get("/").main
    form = polite.get(f"{office.page}/invite")
    shown = polite.submit(form, button="发放一次性代码", status=200)
    code = re.search(r"(?:[2-9a-z]{4}-){4}[2-9a-z]{4}", shown.main)
    assert code is not None
    again = polite.submit(form, button="发放一次性代码")
    assert code[0] not in again.html, "the same form a second time shows no code"
    assert office.session.scalar(sa.select(sa.func.count()).select_from(OneTimeCode)) == 1
    kept = "".join(str(row) for row in office.session.execute(sa.select(*AuditEntry.__table__.columns)))
    assert code[0] not in kept
    assert code[0].replace("-", "") not in kept

    client.post("/sign-out")
    door = polite.get(f"/invitation?code={code[0]}")
    polite.submit(door, {"新密码": "Yi-Er-San-456!", "再次输入新密码": "Yi-Er-San-456!"}, button="保存并登录")
    assert account_by_username(office.session, "wangmin").password_set_at is not None


def test_what_is_sent_back_stands_with_its_reason_before_whoever_asked(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    asked(polite, sign_in, office)
    sign_in(account=office.district)
    form = polite.get(f"{office.page}/refuse")
    assert "请写明退回原因。" in polite.submit(form, button="退回任命", status=200).main
    polite.submit(form, {"退回原因": "姓名与通知不符"}, button="退回任命")

    sign_in(account=office.secadmin)
    page = polite.follow(polite.get("/inbox"), "修改或撤回被退回的任命 · 王示例")
    assert "姓名与通知不符" in page.main
    form = polite.follow(page, "提出任命")
    assert "姓名与通知不符" in form.main
    polite.submit(form, {"姓名": "王示例二"}, button="提出任命")

    assert (office.appointment.name, office.appointment.state) == ("王示例二", AppointmentState.ASKED)


def test_an_appointment_is_withdrawn_by_whoever_asked(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    page = asked(polite, sign_in, office)

    page = polite.submit(polite.follow(page, "撤回任命"), button="撤回任命")

    assert "已撤回" in page.heading
    assert "王示例" in polite.get("/appointments?show=done").main
    polite.visit(f"{office.page}/edit")


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"姓名": ""}, "请填写姓名。"),
        ({"拟任岗位": ""}, "请选择拟任岗位。"),
        ({"管辖区划": ""}, "请选择管辖区划。"),
        ({"管辖区划": HUANGPU}, "这个岗位与所选区划的级别不符，请重新选择。"),
        ({"拟任岗位": "provider"}, "社工站、康复服务机构、慈善组织和行业协会的账号须属于一家单位"),
        ({"单位（选填）": "没有这家"}, "没有找到“没有这家”"),
        ({"到岗日期": "昨天"}, "日期"),
        ({"到岗日期": "2026-01-01"}, "到岗日期不能早于今天。"),
        ({"用户名": "赵" * 81}, "用户名应为1至80个字符"),
        ({"依据": "字" * 201}, "请用2至200个字写明依据"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    polite: Polite, sign_in: SignInAs, office: Office, typed: dict[str, str], sentence: str
) -> None:
    sign_in(account=office.secadmin)

    page = polite.submit(
        polite.get("/appointments/new"), typed_today() | typed, button="提出任命", status=200
    )

    assert sentence in page.main
    assert "wangmin" in page.html or "用户名" in typed
    assert office.session.scalar(sa.select(sa.func.count()).select_from(Appointment)) == 0


def test_a_forged_division_or_role_is_refused_beside_its_field(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    sign_in(account=office.secadmin)
    form = polite.get("/appointments/new")

    elsewhere = polite.submit(form, typed_today() | {"管辖区划": "510101"}, button="提出任命", status=200)
    administrator = polite.submit(
        form, typed_today() | {"拟任岗位": "auditadmin"}, button="提出任命", status=200
    )

    assert "请选择管辖区划。" in elsewhere.main
    assert "请选择拟任岗位。" in administrator.main


def test_whoever_may_not_confirm_has_no_button_and_no_door(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    asked(polite, sign_in, office)
    street = make_account(office.session, Role.STREET, division_code=f"{PUDONG}005")

    assert "同意任命" not in polite.get(office.page).links
    polite.get(f"{office.page}/confirm", status=403)
    polite.post(f"{office.page}/confirm", {"key": "k" * 32, "version": "1"}, status=403)
    sign_in(account=street)
    polite.get(office.page, status=404)
    sign_in(account=office.provider)
    polite.get(office.page, status=404)


def test_an_organisation_is_asked_only_who_and_when(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    sign_in(account=office.provider)
    form = polite.get("/appointments/new")
    assert "康复服务机构 · 示例心晴中心" in form.main
    typed = {key: typed_today()[key] for key in ("姓名", "用户名", "到岗日期", "依据")}

    polite.submit(form, typed, button="提出任命")

    made = office.appointment
    assert (made.role, made.division_code, made.organisation.name) == (
        Role.PROVIDER, HUANGPU, "示例心晴中心",
    )  # fmt: skip


def test_a_move_says_what_is_left_and_ends_the_old_position(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    asked(polite, sign_in, office)  # waits for the district
    account = polite.get(f"/accounts/{office.colleague.code}")
    form = polite.follow(account, "变动岗位")
    assert "原岗位还有待办1件，之后由同岗人员（如钱示例）接办。" in form.main
    typed = {key: typed_today()[key] for key in ("到岗日期", "依据")}
    polite.submit(form, typed | {"拟任岗位": "district", "管辖区划": PUDONG}, button="提出任命", status=200)
    make_account(office.session, Role.CITY)
    polite.submit(form, typed | {"拟任岗位": "district", "管辖区划": PUDONG}, button="提出任命")

    sign_in(Role.CITY)
    polite.submit(polite.get(f"{office.page}/confirm"), button="同意任命")

    held = [(one.division_code, one.ended_on) for one in office.colleague.positions]
    assert held == [(HUANGPU, today()), (PUDONG, None)]


def test_the_list_finds_people_by_name_role_and_state(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    sign_in(account=office.secadmin)
    assert [row[0] for row in polite.get("/accounts").rows] == sorted(
        ["赵示例", "钱示例", "孙示例", "周示例"]
    )

    assert [row[0] for row in polite.get("/accounts?q=钱").rows] == ["钱示例"]
    assert [row[0] for row in polite.get("/accounts?role=provider").rows] == ["周示例"]
    assert len(polite.get("/accounts?state=invited").rows) == 4
    assert polite.get("/accounts?tenure=ended").rows == []
    sign_in(account=office.provider)
    assert [row[0] for row in polite.get("/accounts").rows] == ["周示例"]
    sign_in(account=office.district)
    assert "赵示例" not in polite.get("/accounts").main


def test_a_position_ends_at_once_with_a_reason_and_without_a_second_person(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    sign_in(account=office.colleague)
    sign_in(account=office.secadmin)
    form = polite.follow(polite.get(f"/accounts/{office.colleague.code}"), "终止岗位")
    assert "请用2至200个字写明原因" in polite.submit(form, button="终止岗位", status=200).main

    page = polite.submit(form, {"终止原因": "调离，见调令"}, button="终止岗位")

    assert "已终止" in page.main
    position = office.colleague.positions[0]
    assert position.ended_on == today()
    stays = sa.select(SignIn.ended_at).where(SignIn.position_id == position.id)
    assert None not in office.session.scalars(stays).all()
    entry = office.session.scalar(sa.select(AuditEntry).where(AuditEntry.action == "position.end"))
    assert (entry.actor_code, entry.subject_code, entry.reason) == (
        office.secadmin.code, office.colleague.code, "调离，见调令",
    )  # fmt: skip
    polite.submit(form, {"终止原因": "再来一次"}, button="终止岗位", status=409)


def test_nobody_ends_his_own_position_an_administrators_or_one_out_of_reach(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    auditor = make_account(office.session, Role.AUDITADMIN)
    other = make_account(office.session, Role.PROVIDER)
    reason = {"reason": "不需要了", "key": "k" * 32, "version": "1"}

    sign_in(account=office.secadmin)
    for account, status in ((office.secadmin, 403), (auditor, 403)):
        polite.post(f"/accounts/positions/{account.positions[0].code}/end", reason, status=status)
    sign_in(account=office.provider)
    polite.post(f"/accounts/positions/{office.provider.positions[0].code}/end", reason, status=403)
    polite.get(f"/accounts/positions/{other.positions[0].code}/end", status=404)
    sign_in(account=office.district)
    polite.get(f"/accounts/positions/{office.colleague.positions[0].code}/end", status=403)
    assert all(one.positions[0].ended_on is None for one in (office.secadmin, auditor, office.provider))


def test_of_an_account_a_reader_sees_the_positions_in_his_reach_and_no_others(
    polite: Polite, sign_in: SignInAs, office: Office
) -> None:
    make_position(office.session, office.provider, Role.FINANCE, division_code=PUDONG)
    colleague = make_account(
        office.session, Role.PROVIDER, organisation=office.provider.positions[0].organisation
    )
    sign_in(account=colleague)

    page = polite.get(f"/accounts/{office.provider.code}")

    assert "示例心晴中心" in page.main
    assert "浦东新区" not in page.main
