"""What people read when something is refused or broken: what happened, whether data are safe, what to do."""

import pytest
import sqlalchemy as sa
from flask import Blueprint, Flask, abort
from sqlalchemy.orm.exc import StaleDataError

from portal import errors
from portal.extensions import db
from portal.security import allowed, public
from registry import errors as refusals
from registry.access.models import Role
from registry.actions import Action
from registry.audit.models import AuditEntry, Result
from registry.messages import N_, message
from tests.factories import make_organisation, make_site
from tests.portal.applications import trial_app
from tests.portal.pages import Page
from tests.portal.polite import Polite, checked

SENTENCE = message(N_("第 %(row)s 行的日期不存在，请改正后再传。"), row=3)
RAISED = {
    "not-visible": refusals.NotVisible(),
    "not-allowed": refusals.NotAllowed(),
    "step": refusals.StepNotOpen(),
    "stale": refusals.StaleVersion(),
    "overtaken": StaleDataError("two at once"),
    "reason": refusals.ReasonMissing(),
    "input": refusals.InvalidInput("day", SENTENCE),
    "division": refusals.UnknownDivision(),
    "unlisted": refusals.Refusal(SENTENCE),
}

bp = Blueprint("trial", __name__)


@bp.get("/raise/<name>")
@allowed(Action.HOME_SEE)
def raise_it(name: str) -> str:
    raise RAISED[name]


@bp.get("/abort/<int:status>")
@public
def stop(status: int) -> str:
    abort(status)


@bp.get("/break")
@public
def break_down() -> str:
    raise ZeroDivisionError("the secret inside")


@bp.post("/api/v1/thing")
@public
def thing() -> str:
    return "done"


@pytest.fixture
def portal(settings) -> Flask:
    return trial_app(settings, bp)


@pytest.fixture
def polite(client) -> Polite:
    """Looks at each page once, in Chinese: the sentences above are in no catalogue, and entries are counted."""
    return Polite(client, reads_english=False)


@pytest.mark.parametrize(
    ("name", "status", "heading"),
    [
        ("not-visible", 404, "未找到，或您无权查看"),
        ("division", 404, "未找到，或您无权查看"),
        ("not-allowed", 403, "您不能执行此操作"),
        ("step", 409, "内容已有变化，这一步没有执行"),
        ("stale", 409, "内容已有变化，这一步没有执行"),
        ("overtaken", 409, "内容已有变化，这一步没有执行"),
        ("reason", 400, "这个请求无法处理"),
        ("input", 400, "这个请求无法处理"),
        ("unlisted", 400, "这个请求无法处理"),
    ],
)
def test_a_refusal_of_the_registry_becomes_a_page(polite: Polite, sign_in, name, status, heading):
    sign_in(Role.CITY)

    page = polite.get(f"/raise/{name}", status)

    assert page.heading == heading
    assert page.response.headers["X-Request-Id"] in page.main


def test_the_sentence_of_a_refusal_is_on_its_page(polite: Polite, sign_in):
    sign_in(Role.CITY)

    assert "第 3 行的日期不存在，请改正后再传。" in polite.get("/raise/input", 400).main


@pytest.mark.parametrize(
    ("status", "heading"),
    [
        (400, "这个请求无法处理"),
        (405, "不支持这种访问方式"),
        (413, "上传的内容过大"),
        (429, "操作过于频繁"),
        (418, "这个请求无法处理"),
        (502, "系统出现故障"),
        (503, "现在办不了这一步"),
    ],
)
def test_what_the_server_refuses_becomes_a_page(polite: Polite, status, heading):
    page = polite.get(f"/abort/{status}", status)

    assert page.heading == heading
    assert "返回首页" in page.links


def test_an_error_page_keeps_the_frame_of_whoever_is_signed_in(polite: Polite, sign_in):
    sign_in(Role.CITY)

    assert "工作台" in polite.get("/abort/404", 404).links


def test_a_failure_shows_no_cause_and_asks_neither_database_nor_session(
    app: Flask, client, connection, sign_in
):
    sign_in(Role.CITY)
    app.testing = False
    asked: list[str] = []
    sa.event.listen(connection, "before_cursor_execute", lambda *facts: asked.append(facts[2]))

    page = checked(Page("/break", client.get("/break")), 500)

    app.testing = True
    assert page.heading == "系统出现故障"
    assert "没有完成，也没有保存一半的数据" in page.main
    assert page.response.headers["X-Request-Id"] in page.main
    assert "secret" not in page.html
    assert "Traceback" not in page.html
    assert asked == []
    assert "Set-Cookie" not in page.response.headers


def test_a_failure_is_told_in_the_language_of_the_reader(app: Flask, client):
    app.testing = False
    client.set_cookie("language", "en")

    page = Page("/break", client.get("/break"))

    app.testing = True
    assert page.title.endswith(" - Jingkangtong")


def test_a_form_without_its_token_is_refused(client, sign_in):
    page = checked(Page("/sign-out", client.post("/sign-out")), 400)

    assert page.heading == "表单已失效，请重新提交"


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}],
)
def test_a_form_from_another_site_is_refused_whatever_it_carries(client, polite, headers):
    token = token_of(polite.get("/sign-in"))

    answer = client.post("/sign-in", data={"csrf_token": token}, headers=headers)

    assert answer.status_code == 400
    assert "表单已失效" in answer.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "same-origin", "Origin": "null"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "http://localhost"},
        {"Origin": "null"},
        {},
    ],
)
def test_a_form_of_our_own_is_taken(client, polite, headers):
    token = token_of(polite.get("/sign-in"))

    assert client.post("/sign-in", data={"csrf_token": token}, headers=headers).status_code == 200


def test_a_method_that_is_not_offered_names_those_that_are(client):
    answer = client.get("/sign-out")

    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_a_form_that_outlived_its_session_is_told_so_instead_of_being_led_away(client, sign_in):
    sign_in(Role.CITY)
    token = token_of(Page("/", client.get("/")))
    client.delete_cookie("session")

    page = checked(Page("/inbox", client.post("/inbox/abcd/read", data={"csrf_token": token})), 401)

    assert page.heading == "请重新登录"
    assert page.links["在新窗口登录"] == "/sign-in"


def test_a_script_whose_form_outlived_its_session_is_told_401(client):
    assert client.post("/inbox/abcd/read", headers={"HX-Request": "true"}).status_code == 401


def test_a_script_is_told_401_instead_of_being_led_to_the_door(client):
    answer = client.get("/", headers={"HX-Request": "true"})

    assert answer.status_code == 401
    assert "Location" not in answer.headers
    assert "请重新登录" in answer.text


def test_a_program_is_answered_in_json(client):
    answer = client.post("/api/v1/thing")

    assert answer.status_code == 400
    assert answer.json["error"] == "表单已失效，请重新提交"
    assert answer.json["request_id"] == answer.headers["X-Request-Id"]


def test_being_refused_a_record_is_an_entry_of_the_trail(polite: Polite, sign_in, session):
    actor = sign_in(Role.CITY)

    polite.get("/raise/not-allowed", 403)

    entry = session.scalars(sa.select(AuditEntry)).one()
    assert (entry.result, entry.actor_code, entry.action) == (Result.REFUSED, actor.code, "home.see")
    assert entry.request_id


def test_the_record_that_was_refused_is_named_in_the_trail(polite: Polite, sign_in, session):
    sign_in(Role.SYSADMIN)
    site = make_site(session, make_organisation(session))
    session.commit()

    polite.get(f"/sites/{site.code}", 404)

    assert session.scalars(sa.select(AuditEntry.subject_code)).all() == [site.code]


def test_every_refusal_of_the_registry_has_its_status():
    kinds = {
        kind
        for kind in vars(refusals).values()
        if isinstance(kind, type) and issubclass(kind, refusals.Refusal)
    }

    assert {kind for kind in kinds if kind not in errors.STATUSES} == {refusals.Refusal}
    assert set(errors.STATUSES.values()) <= set(errors.EXPLANATIONS)


def test_a_get_that_changes_something_is_a_mistake_of_its_author(app: Flask, sign_in, session):
    make_organisation(session)
    session.commit()

    with app.test_request_context("/"):
        from registry.organisations.models import Organisation

        found = db.session.scalars(sa.select(Organisation)).first()
        found.name = "changed by looking"
        with pytest.raises(RuntimeError, match="only reads"):
            db.session.flush()


def token_of(page: Page) -> str:
    return next(field.get("value") for field in page.all("input") if field.get("name") == "csrf_token")
