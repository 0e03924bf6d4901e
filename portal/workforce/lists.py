"""The list of practitioners: names as the reader may see them, on the page as in the file."""

from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting_people import people_answer
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.people_lists import list_file, record_question_sight
from portal.security import allowed, current_actor
from registry.access.masks import staff_name
from registry.actions import Action
from registry.listing import Question
from registry.workforce.listings import PRACTITIONERS

bp = Blueprint("workforce", __name__, url_prefix="/workforce")

WORDS = Words(
    total=_l("共 %(count)s 人（%(place)s，含下级）"), capped=_l("超过 %(count)s 人（%(place)s，含下级）")
)


@bp.get("")
@allowed(Action.PRACTITIONER_SEE)
def index() -> ResponseReturnValue:
    question, session, actor = asked(), db.session(), current_actor()
    page = fetched(session, question)
    places = places_of(session, question, actor.division_code)
    view = ListView(question, page, places, WORDS, endpoint="workforce.index")
    answer = render_page("workforce/index.html", view=view, name_of=name_of)
    record_question_sight(question, page.count.number)
    return answer


@bp.route("/export", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_EXPORT)
def export() -> ResponseReturnValue:
    return people_answer(
        list_file(asked(), title=_("从业人员名单"), endpoint="workforce.index", shown={"name": name_of})
    )


def asked() -> Question:
    """What the address asks of the practitioners in the reader's scope."""
    return ask(PRACTITIONERS, Action.PRACTITIONER_SEE)


def name_of(row: Any) -> str | None:
    """The name as the reader may see it."""
    return staff_name(current_actor(), row.name)
