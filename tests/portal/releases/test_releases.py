"""超限导出 on pages: asked for where the file is made, decided by a second person, taken once."""

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import parse_qsl

import pytest
import sqlalchemy as sa
from flask import Flask
from flask.testing import FlaskClient
from openpyxl import load_workbook
from sqlalchemy.orm import Session

from portal import lapsing
from portal.sessions import STRICTNESS_KEY
from portal.settings import Settings
from registry.access.actors import Actor
from registry.access.exports import ExportReason, Purpose
from registry.access.models import Account, Role, SignIn
from registry.access.strictness import DENGBAO3
from registry.audit.models import AuditEntry, Result
from registry.audit.trail import Trail
from registry.clock import WorkingCalendar, today, utc_now
from registry.releases.models import FileKind, Release, ReleaseState
from registry.releases.operations import Wanted, release_of
from registry.releases.workflow import ReleaseStep
from registry.workflow.operations import start, take_step
from tests.factories import NOW, make_account, make_parameter, make_post, make_practitioner, make_provider
from tests.portal.conftest import SECRET
from tests.portal.pages import Page
from tests.portal.people_files import PURPOSE, taken
from tests.portal.polite import Polite
from tests.reports.figures.worlds import lay_out_city

SignInAs = Callable[..., Actor]
LIST = "/workforce/export?format=xlsx"
PEOPLE = "/figures/qualified-share/export?what=people&format=csv"
WHY = Purpose(ExportReason.REPORTING, "2026年第四季度核对")
PURPOSE_TYPED = {"reason": "reporting", "具体用途": "2026年第四季度核对"}


@dataclass(frozen=True)
class Bureau:
    """Two people work in Huangpu; a file there holds one."""

    session: Session
    maker: Account
    colleague: Account
    site: object

    @property
    def release(self) -> Release:
        """The newest one."""
        self.session.expire_all()
        found = self.session.scalars(sa.select(Release).order_by(Release.id.desc())).first()
        assert found is not None
        return found

    @property
    def page(self) -> str:
        return f"/releases/{self.release.code}"

    def entries(self) -> list[tuple[str, str, Result]]:
        """What was done or refused, first to last."""
        found = sa.select(AuditEntry).order_by(AuditEntry.sequence)
        return [(one.action, one.actor_name, one.result) for one in self.session.scalars(found)]


@pytest.fixture
def bureau(session: Session) -> Bureau:
    lay_out_city(session)
    make_parameter(session, "release.decide_workdays", 2)
    make_parameter(session, "release.valid_days", 7)
    session.execute(sa.text("UPDATE parameter SET value = '1' WHERE key = 'export.rows.district'"))
    site = make_provider(session)
    for name in ("欧阳小明", "张示例"):
        make_post(session, make_practitioner(session, name=name), site)
    maker = make_account(session, Role.DISTRICT, name="钱示例")
    colleague = make_account(session, Role.DISTRICT, name="孙示例")
    session.commit()
    return Bureau(session, maker, colleague, site)


@pytest.fixture
def quick(client: FlaskClient) -> Polite:
    """Reads in one language: the tour and the refusal read in both."""
    return Polite(client, reads_english=False)


def asked(polite: Polite, sign_in: SignInAs, bureau: Bureau, url: str = LIST) -> Page:
    sign_in(account=bureau.maker)
    return polite.submit(polite.get(url), PURPOSE_TYPED, button="提出申请")


def released(sign_in: SignInAs, bureau: Bureau, url: str = LIST) -> None:
    """Asked for by the maker, released by his colleague, past the pages; the maker is signed in."""
    path, _, query = url.partition("?")
    asked_for = dict(parse_qsl(query)) | {"on": today().isoformat()}
    kind = FileKind(asked_for.pop("format"))
    wanted = Wanted(kind, "从业人员名单", path, asked_for, about=(), rows=2)
    maker, colleague = (Actor.of(one.positions[0]) for one in (bureau.maker, bureau.colleague))
    world = {"at": utc_now(), "trail": Trail(SECRET[::-1].encode()), "calendar": WorkingCalendar({})}
    release = release_of(wanted, WHY, actor=maker, at=world["at"])
    start(bureau.session, release, actor=maker, **world)
    take_step(bureau.session, release, ReleaseStep.RELEASE, actor=colleague, **world)
    bureau.session.commit()
    sign_in(account=bureau.maker)


def test_a_file_above_the_cap_is_asked_for_released_and_taken_once(
    polite: Polite, sign_in: SignInAs, bureau: Bureau
) -> None:
    page = asked(polite, sign_in, bureau)
    assert page.heading.startswith("超限导出 · 从业人员名单")
    assert "2 人" in page.main
    assert "批准导出" not in page.links, "the maker decides nothing"

    sign_in(account=bureau.colleague)
    assert "复核超限导出 · 从业人员名单" in polite.get("/").main
    page = polite.follow(polite.follow(polite.get("/inbox"), "复核超限导出 · 从业人员名单"), "批准导出")
    for said in ("2 人", "xlsx", "统计报送", "2026年第四季度核对", "钱示例", "黄浦区"):
        assert said in page.main
    assert "欧阳小明" not in page.html
    page = polite.submit(page, button="批准导出")
    assert "已批准，待取走" in page.main
    assert "取走文件" not in page.links, "a release is nobody's but the maker's"

    sign_in(account=bureau.maker)
    page = polite.follow(polite.get("/inbox"), "取走已批准的导出文件 · 从业人员名单")
    page = polite.follow(page, "取走文件")
    file = polite.submit(page, button="取走 xlsx 文件", status=200).response
    workbook = load_workbook(io.BytesIO(file.data))
    assert workbook.worksheets[0].max_row == 3
    about = {row[0]: row[1] for row in workbook.worksheets[1].iter_rows(values_only=True)}
    assert (about["具体用途"], about["批准人"]) == ("2026年第四季度核对", "孙示例")
    assert bureau.release.state is ReleaseState.TAKEN
    assert bureau.entries() == [
        ("release.ask", "钱示例", Result.DONE),
        ("release.release", "孙示例", Result.DONE),
        ("release.take", "钱示例", Result.DONE),
        ("practitioner.export", "钱示例", Result.DONE),
    ]
    assert "已取走" in polite.get("/releases?show=done").main


def test_a_released_file_asks_for_a_fresh_proof_as_every_file_with_people(
    app: Flask, quick: Polite, sign_in: SignInAs, bureau: Bureau, monkeypatch: pytest.MonkeyPatch
) -> None:
    released(sign_in, bureau)
    page = quick.follow(quick.get(bureau.page), "取走文件")
    monkeypatch.setitem(app.extensions, STRICTNESS_KEY, DENGBAO3)
    bureau.session.execute(sa.update(SignIn).values(proved_at=utc_now() - timedelta(minutes=11)))
    bureau.session.commit()

    asked = quick.submit(page, button="取走 xlsx 文件", status=401)

    assert asked.heading == "请确认是您本人"
    assert not any(action == "practitioner.export" for action, *_ in bureau.entries())


def test_what_was_taken_is_not_taken_again(quick: Polite, sign_in: SignInAs, bureau: Bureau) -> None:
    released(sign_in, bureau)
    page = quick.follow(quick.get(bureau.page), "取走文件")
    quick.submit(page, button="取走 xlsx 文件", status=200)

    quick.submit(page, button="取走 xlsx 文件", status=409)

    assert "已取走" in quick.follow_redirect(page.url).main
    assert sum(action == "practitioner.export" for action, *_ in bureau.entries()) == 1


def test_a_csv_file_says_on_every_row_who_took_it(quick: Polite, sign_in: SignInAs, bureau: Bureau) -> None:
    released(sign_in, bureau, PEOPLE)
    page = quick.follow(quick.get(bureau.page), "取走文件")

    file = quick.submit(page, button="取走 csv 文件", status=200).response

    heads, *rows = csv.reader(io.StringIO(file.data.decode("utf-8-sig")))
    assert len(rows) == 2
    assert {len(row) for row in rows} == {len(heads)}
    assert heads[-1] == "水印"
    for row in rows:
        assert f"钱示例（{bureau.maker.username}）" in row[-1]
        assert file.headers["X-Request-Id"] in row[-1]


def test_other_filters_than_the_released_ones_give_no_file(
    quick: Polite, sign_in: SignInAs, bureau: Bureau
) -> None:
    released(sign_in, bureau)
    address = quick.get(bureau.page).links["取走文件"]
    for changed in (
        f"{address}&profession=nurse",
        address.replace("format=xlsx", "format=csv"),
        f"{address}&q=张",
    ):
        assert "这不是批准的那份文件" in quick.get(changed).main
        quick.post(changed, {}, status=409)

    assert bureau.release.state is ReleaseState.RELEASED
    assert "practitioner.export" not in [action for action, *_ in bureau.entries()]


def test_a_file_that_grew_is_asked_for_again(quick: Polite, sign_in: SignInAs, bureau: Bureau) -> None:
    released(sign_in, bureau)
    address = quick.get(bureau.page).links["取走文件"]
    make_post(bureau.session, make_practitioner(bureau.session, name="赵示例"), bureau.site)
    bureau.session.commit()

    assert "批准时2人，现在3人" in quick.get(address).main
    assert "批准时2人，现在3人" in quick.post(address, {}, status=409).main
    assert bureau.release.state is ReleaseState.RELEASED


def test_a_release_that_lapsed_gives_no_file(quick: Polite, sign_in: SignInAs, bureau: Bureau) -> None:
    released(sign_in, bureau)
    address = quick.get(bureau.page).links["取走文件"]
    bureau.session.execute(sa.text("UPDATE release SET valid_until = '2026-01-01'"))
    bureau.session.commit()

    assert "已经失效" in quick.get(address).main
    quick.post(address, {}, status=409)
    assert bureau.release.state is ReleaseState.RELEASED


def test_a_refusal_is_read_by_the_maker_with_its_reason(
    polite: Polite, sign_in: SignInAs, bureau: Bureau
) -> None:
    asked(polite, sign_in, bureau)
    sign_in(account=bureau.colleague)
    form = polite.get(f"{bureau.page}/refuse")
    assert polite.submit(form, button="不批准", status=200).errors == ["请写明不批准的原因。"]
    polite.submit(form, {"不批准的原因": "请按街道分批导出"}, button="不批准")

    sign_in(account=bureau.maker)
    assert "超限导出未获批准 · 从业人员名单" in polite.get("/inbox").main
    page = polite.get(bureau.page)
    assert "请按街道分批导出" in page.main
    assert "取走文件" not in page.links


def test_the_maker_is_refused_his_own_release_and_others_learn_nothing_of_it(
    quick: Polite, sign_in: SignInAs, bureau: Bureau
) -> None:
    asked(quick, sign_in, bureau)
    key = {"key": "k" * 32, "version": "1"}

    quick.post(f"{bureau.page}/release", key, status=403)
    quick.post(f"{bureau.page}/refuse", key | {"reason": "不同意"}, status=403)
    sign_in(Role.DISTRICT, division_code="310115")
    for page in (
        bureau.page,
        f"{bureau.page}/release",
        f"{bureau.page}/refuse",
        f"{LIST}&release={bureau.release.code}",
    ):
        quick.get(page, status=404)
    quick.post(f"{bureau.page}/release", key, status=404)
    sign_in(Role.PROVINCE)
    quick.post(f"{bureau.page}/release", key, status=403)
    sign_in(Role.HEALTH)
    quick.get("/releases", status=403)
    quick.get(bureau.page, status=404)

    assert bureau.release.state is ReleaseState.ASKED


def test_a_colleague_does_not_take_what_another_asked_for(
    quick: Polite, client: FlaskClient, sign_in: SignInAs, bureau: Bureau
) -> None:
    released(sign_in, bureau)
    address = quick.get(bureau.page).links["取走文件"]
    sign_in(account=bureau.colleague)

    assert client.get(address).headers["Location"] == bureau.page
    quick.post(address, {}, status=403)

    assert bureau.release.state is ReleaseState.RELEASED


def test_a_list_that_grew_above_the_cap_offers_the_release_with_what_was_typed(
    quick: Polite, sign_in: SignInAs, bureau: Bureau
) -> None:
    """The form was opened below the cap."""
    bureau.session.execute(sa.text("UPDATE parameter SET value = '2' WHERE key = 'export.rows.district'"))
    bureau.session.commit()
    sign_in(account=bureau.maker)
    page = quick.get(LIST)
    make_post(bureau.session, make_practitioner(bureau.session, name="赵示例"), bureau.site)
    bureau.session.commit()

    offered = quick.submit(page, PURPOSE_TYPED, button="导出 xlsx", status=403)

    assert "超过本岗位一次最多2人的上限" in offered.main
    assert 'value="2026年第四季度核对"' in offered.html
    assert bureau.entries() == [("practitioner.export", "钱示例", Result.REFUSED)]
    quick.submit(offered, button="提出申请")
    assert (bureau.release.rows, bureau.release.note) == (3, "2026年第四季度核对")


def test_the_same_form_sent_twice_is_one_release(quick: Polite, sign_in: SignInAs, bureau: Bureau) -> None:
    sign_in(account=bureau.maker)
    form = quick.get(LIST)

    first = quick.submit(form, PURPOSE_TYPED, button="提出申请")
    again = quick.submit(form, PURPOSE_TYPED, button="提出申请")
    other = quick.submit(quick.get(LIST), PURPOSE_TYPED, button="提出申请", status=409)

    assert first.url == again.url
    assert "您已经申请过同一份文件" in other.main
    assert bureau.session.scalar(sa.select(sa.func.count()).select_from(Release)) == 1


def test_below_the_cap_nothing_is_asked_for(
    quick: Polite, client: FlaskClient, sign_in: SignInAs, bureau: Bureau
) -> None:
    sign_in(Role.CITY)

    refused = quick.post(LIST, PURPOSE | {"ask": "1", "key": "k" * 32}, status=409)

    assert "直接导出即可" in refused.main
    assert taken(client, LIST).mimetype.startswith("application/vnd")


def test_the_job_of_the_night_ends_what_nobody_took(
    quick: Polite, sign_in: SignInAs, settings: Settings, bureau: Bureau
) -> None:
    released(sign_in, bureau)
    last_day = bureau.release.valid_until
    part = lapsing.RELEASES

    done = [
        lapsing.do_part(settings, bureau.session, part, day, NOW)
        for day in (last_day - timedelta(days=1), last_day, last_day)
    ]
    bureau.session.commit()

    assert done == [0, 1, 0]
    assert "已失效" in quick.get(bureau.page).main
    assert "取走已批准的导出文件" not in quick.get("/inbox").main
    assert bureau.entries()[-1] == ("release.lapse", "portal jobs", Result.DONE)
