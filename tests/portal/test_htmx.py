"""One address gives the page, or the part of it that htmx asks for."""

import pytest
from flask import Blueprint, Flask, Response

from portal.htmx import render_page
from portal.security import public
from tests.portal.applications import trial_app

bp = Blueprint("trial", __name__)


@bp.get("/part")
@public
def part() -> Response:
    return render_page("access/sign_in.html", "layouts/_messages.html", form=None)


@bp.get("/whole")
@public
def whole() -> Response:
    return render_page("access/sign_in.html", status=422, form=None)


@pytest.fixture
def portal(settings) -> Flask:
    portal = trial_app(settings, bp)
    portal.jinja_env.get_or_select_template("access/sign_in.html")
    return portal


@pytest.fixture
def pages(app: Flask, tmp_path):
    """Two small templates instead of real ones."""
    from jinja2 import DictLoader

    loader = app.jinja_env.loader
    app.jinja_env.loader = DictLoader(
        {"access/sign_in.html": "<p>page</p>", "layouts/_messages.html": "<p>part</p>"}
    )
    app.jinja_env.cache.clear()
    yield
    app.jinja_env.loader = loader
    app.jinja_env.cache.clear()


@pytest.mark.parametrize(
    ("headers", "body"),
    [
        ({}, "<p>page</p>"),
        ({"HX-Request": "true"}, "<p>part</p>"),
        ({"HX-Request": "true", "HX-History-Restore-Request": "true"}, "<p>page</p>"),
        ({"HX-Request": "true", "HX-Boosted": "true"}, "<p>page</p>"),
    ],
)
def test_a_part_is_given_to_whom_asks_for_it(client, pages, headers, body):
    answer = client.get("/part", headers=headers)

    assert answer.text == body
    assert "HX-Request" in answer.headers["Vary"]


def test_a_page_without_parts_is_given_whole_with_its_status(client, pages):
    answer = client.get("/whole", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.text) == (422, "<p>page</p>")
