"""The polite client complains: a check that finds nothing would prove nothing."""

import pytest
from flask import Blueprint, Flask, Response, g, make_response, render_template_string
from werkzeug.test import TestResponse
from werkzeug.wrappers import Request

from portal.extensions import db
from portal.security import public
from registry.access.models import Account, Role
from tests.factories import make_account
from tests.portal import manners
from tests.portal.applications import trial_app
from tests.portal.pages import Page
from tests.portal.polite import Polite

NONCE = "n0nce"
HEAD = '<!doctype html><html lang="zh-CN"><head><title>名单 - 精康通</title></head>'
GOOD = HEAD + "<body><main><h1>名单</h1></main></body></html>"

bp = Blueprint("trial", __name__)


@bp.get("/draws-with-a-query")
@public
def draws_with_a_query() -> str:
    names = db.session.query(Account.name)
    return render_template_string("{% for row in names %}{{ row.name }}{% endfor %}", names=names)


@bp.get("/rude")
@public
def rude() -> Response:
    return make_response(f"<!doctype html><html><body>{g.nonce}</body></html>")


@pytest.fixture
def portal(settings) -> Flask:
    return trial_app(settings, bp)


def page_of(html: str) -> Page:
    policy = {"Content-Security-Policy": f"script-src 'self' 'nonce-{NONCE}'", "Content-Type": "text/html"}
    return Page("/x", TestResponse([html.encode()], "200 OK", policy, Request({}), ()))


def body(markup: str) -> Page:
    return page_of(GOOD.replace("</main>", f"{markup}</main>"))


def test_a_good_page_has_no_fault():
    assert manners.faults_of(page_of(GOOD)) == []


@pytest.mark.parametrize(
    ("markup", "manner"),
    [
        ("<p><div></div></p>", "is_well_formed"),
        ("<b><i></b></i>", "is_well_formed"),
        ('<p id="a"></p><p id="a"></p>', "is_well_formed"),
        ('<input aria-label="a" aria-describedby="gone">', "is_well_formed"),
        ("<h1>再来一个</h1>", "has_one_heading"),
        ('<input name="q">', "labels_its_controls"),
        ("<select name='q'></select>", "labels_its_controls"),
        ("<textarea name='q'></textarea>", "labels_its_controls"),
        ('<a href="/x"><svg></svg></a>', "names_its_buttons_and_links"),
        ("<button type='button'></button>", "names_its_buttons_and_links"),
        ('<form method="post"></form>', "sends_tokens"),
        ('<form method="POST"><input type="hidden" name="other"></form>', "sends_tokens"),
        ("<script>alert(1)</script>", "carries_its_nonce"),
        ('<script nonce="another" src="/a.js"></script>', "carries_its_nonce"),
        ("<style>p {}</style>", "carries_its_nonce"),
        ('<a href="https://elsewhere.example">出去</a>', "stays_inside"),
        ('<img alt="图" src="//elsewhere.example/a.png">', "stays_inside"),
        ('<a href="javascript:alert(1)">脚本</a>', "stays_inside"),
        ('<form action="http://elsewhere.example"></form>', "stays_inside"),
        ('<p style="color: red">红</p>', "keeps_styles_and_scripts_apart"),
        ('<p onclick="x()">点</p>', "keeps_styles_and_scripts_apart"),
        ('<p hx-on:click="x()">点</p>', "keeps_styles_and_scripts_apart"),
    ],
)
def test_bad_manners_are_named(markup, manner):
    faults = manners.faults_of(body(markup))

    assert any(fault.startswith(f"{manner}:") for fault in faults), faults


@pytest.mark.parametrize(
    "markup",
    [
        '<label for="q">名称</label><input id="q" name="q">',
        "<label>名称 <input name='q'></label>",
        '<input name="q" aria-label="名称">',
        '<input type="hidden" name="q">',
        f'<script nonce="{NONCE}" src="/a.js"></script>',
        '<a href="/providers?q=https">名单</a>',
        '<form method="get"><button>筛选</button></form>',
        '<form method="post"><input type="hidden" name="csrf_token"><button>提交</button></form>',
    ],
)
def test_good_manners_are_left_alone(markup):
    assert manners.faults_of(body(markup)) == []


@pytest.mark.parametrize("title", ["精康通", " - 精康通", "名单"])
def test_a_title_says_the_page_and_the_product(title):
    page = page_of(GOOD.replace("<title>名单 - 精康通</title>", f"<title>{title}</title>"))

    assert any(fault.startswith("has_title:") for fault in manners.faults_of(page))


@pytest.mark.parametrize(
    ("markup", "count"),
    [
        ("<p>List</p>", 0),
        ("<p>名单</p>", 1),
        ('<p>List of <span lang="zh-Hans">黄浦区</span></p>', 0),
        ('<p lang="zh-Hans">黄浦<b>区</b></p>', 0),
        ('<p>List of <span lang="zh-Hans">黄浦区</span>的</p>', 1),
        ('<p aria-label="名单">List</p>', 1),
        ('<p aria-label="List of 黄浦区"><span lang="zh-Hans">黄浦区</span></p>', 0),
        ('<select aria-label="a"><option lang="zh-Hans">黄浦区</option></select>', 0),
    ],
)
def test_chinese_on_an_english_page_is_found_unless_it_is_data(markup, count):
    html = GOOD.replace("zh-CN", "en").replace("名单 - 精康通", "List - Jingkangtong").replace("名单", "List")

    assert len(list(manners.is_translated(page_of(html.replace("</main>", f"{markup}</main>"))))) == count


def test_a_statement_while_drawing_is_refused(polite: Polite, session):
    make_account(session, Role.CITY)
    session.commit()

    with pytest.raises(AssertionError, match="asks the database"):
        polite.get("/draws-with-a-query")


def test_a_page_with_a_fault_is_not_given_to_the_test(polite: Polite, only_once: None):
    with pytest.raises(AssertionError, match="has_one_heading"):
        polite.get("/rude")


def test_an_unexpected_status_is_told_with_the_page(polite: Polite):
    with pytest.raises(AssertionError, match="answered 200, not 404"):
        polite.get("/sign-in", 404)


def test_a_label_that_the_form_lacks_is_a_mistake_of_the_test(polite: Polite):
    with pytest.raises(AssertionError, match="no control for"):
        polite.submit(polite.get("/sign-in"), {"没有这一栏": "x"})


@pytest.mark.parametrize(
    ("markup", "is_small"),
    [
        ("<h2>hand in</h2>", True),
        ("<button>hand in</button>", True),
        ('<a class="button" href="/x">hand in</a>', True),
        ('<span class="tag"><span aria-hidden="true">✓</span>done</span>', True),
        ("<nav><a href='/x'>inbox</a></nav>", True),
        ("<h2>Hand in</h2>", False),
        ("<p>see <a href='/x'>the inbox</a></p>", False),
        ("<dl><dt><code>division</code></dt><dd></dd></dl>", False),
        ('<h2><span lang="zh-Hans">示例</span></h2>', False),
    ],
)
def test_english_that_stands_by_itself_begins_with_a_capital(markup: str, *, is_small: bool):
    head = GOOD.replace('lang="zh-CN"', 'lang="en"').replace("名单 - 精康通", "List - Jingkangtong")
    page = page_of(head.replace("名单", "List").replace("</main>", f"{markup}</main>"))

    assert bool(list(manners.begins_with_capitals(page))) is is_small
