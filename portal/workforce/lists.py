"""The list of practitioners: names as the reader may see them, on the page as in the file."""

from typing import Any
from urllib.parse import urlencode

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting import file_headers, question_lines, shown_rows
from portal.exporting_people import PeopleFile, people_answer
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.security import allowed, current_actor
from registry.access.exports import most_rows
from registry.access.masks import staff_name
from registry.actions import Action
from registry.clock import utc_now
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
    return render_page("workforce/index.html", view=view, name_of=name_of)


@bp.route("/export", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_EXPORT)
def export() -> ResponseReturnValue:
    return people_answer(people_file(asked()))


def people_file(question: Question) -> PeopleFile:
    """The list as a file that somebody answers for."""
    session, actor, title = db.session(), current_actor(), _("从业人员名单")
    return PeopleFile(
        title=title,
        name=f"{title}-{question.on.isoformat()}",
        headers=file_headers(question),
        count=question.count_up_to(session, most_rows(session, actor, utc_now())),
        read=lambda: [list(row) for row in shown_rows(question, {"name": name_of})],
        about=question_lines(question),
        subject_type="listing",
        subject_code=question.listing.key,
        division_code=question.typed.get("division", actor.division_code),
        facts={"filters": dict(question.typed), "on": question.on.isoformat()},
        back=f"{url_for('workforce.index')}?{urlencode(question.typed)}",
    )


def asked() -> Question:
    """What the address asks of the practitioners in the reader's scope."""
    return ask(PRACTITIONERS, Action.PRACTITIONER_SEE)


def name_of(row: Any) -> str | None:
    """The name as the reader may see it."""
    return staff_name(current_actor(), row.name)
