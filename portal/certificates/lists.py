"""`/workforce/certificates`: whose registration ends when; names and numbers as the reader may see them."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting_people import people_answer
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.people_lists import list_file, record_question_sight
from portal.security import allowed, current_actor
from registry.access.masks import certificate_number, staff_name
from registry.actions import Action
from registry.certificates.models import Ending
from registry.certificates.queries import CERTIFICATES
from registry.listing import Question

bp = Blueprint("certificates_ending", __name__, url_prefix="/workforce/certificates")

ENDS = "ends"
WORDS = Words(
    total=_l("共 %(count)s 本证书（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 本证书（%(place)s，含下级）"),
)
ALMOST = 30
"""Days before the end from which a row looks urgent."""


@bp.get("")
@allowed(Action.PRACTITIONER_SEE)
def index() -> ResponseReturnValue:
    if (
        ENDS not in request.args
    ):  # the list speaks of ends: without one it would be all certificates there are
        asked_for = request.args.to_dict() | {ENDS: Ending.D180.value}
        return redirect(f"{url_for('.index')}?{urlencode(asked_for)}", code=303)
    question, session, actor = asked(), db.session(), current_actor()
    page = fetched(session, question)
    places = places_of(session, question, actor.division_code)
    view = ListView(
        question, page, places, WORDS, endpoint="certificates_ending.index", tabs=frozenset({ENDS})
    )
    answer = render_page(
        "certificates/index.html", view=view, shown=SHOWN, kind_of=kind_of, left_words=left_words
    )
    record_question_sight(question, page.count.number)
    return answer


@bp.route("/export", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_EXPORT)
def export() -> ResponseReturnValue:
    return people_answer(
        list_file(asked(), title=_("即将到期的证书"), endpoint="certificates_ending.index", shown=SHOWN)
    )


def asked() -> Question:
    """What the address asks of the certificates of people in the reader's scope."""
    return ask(CERTIFICATES, Action.PRACTITIONER_SEE)


def kind_of(row: Any) -> str:
    """The sign and colour of a row: red once it is over."""
    if row.days_left is None:
        return "draft"
    if row.days_left <= 0:
        return "late"
    return "active" if row.days_left <= ALMOST else "waiting"


def left_words(row: Any) -> str:
    """剩 20 天, 已到期 3 天."""
    if row.days_left is None:
        return str(_("无期限"))
    if row.days_left == 0:
        return str(_("今天起失效"))
    if row.days_left < 0:
        return str(_("已到期 %(count)s 天", count=-row.days_left))
    return str(_("剩 %(count)s 天", count=row.days_left))


SHOWN = {
    "name": lambda row: staff_name(current_actor(), row.name),
    "number": lambda row: certificate_number(current_actor(), row.number),
}
"""Columns that a reader does not see as they are stored."""
