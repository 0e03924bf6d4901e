"""`/majors`: which majors count, since when, by what authority; and the history of each."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting import export_answer
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.majors.views import COUNTING_KINDS, GRADE_KINDS, IN_FORCE_KINDS, STATE_KINDS, entry_rows
from portal.security import allowed, current_actor
from registry.access.rules import may
from registry.actions import Action
from registry.clock import today
from registry.errors import NotVisible
from registry.listing import Question
from registry.majors.queries import MAJORS, changes_of, history_of
from registry.majors.workflow import name_of
from registry.workforce.models import Catalogue

bp = Blueprint("majors", __name__, url_prefix="/majors")

WORDS = Words(total=_l("共 %(count)s 条"), capped=_l("超过 %(count)s 条"))
IN_FORCE = "in-force"


@bp.get("")
@allowed(Action.MAJOR_SEE)
def index() -> ResponseReturnValue:
    session, question = db.session(), asked()
    page = fetched(session, question)
    places = places_of(session, question, current_actor().division_code)
    view = ListView(question, page, places, WORDS, endpoint="majors.index", tabs=frozenset({IN_FORCE}))
    return render_page(
        "majors/index.html",
        view=view,
        counting_kinds=COUNTING_KINDS,
        in_force_kinds=IN_FORCE_KINDS,
        grade_kinds=GRADE_KINDS,
    )


@bp.get("/export")
@allowed(Action.MAJOR_SEE)
def export() -> ResponseReturnValue:
    return export_answer(asked(), title=_("专业目录"), action=Action.MAJOR_SEE)


@bp.get("/<any(undergraduate, postgraduate, vocational):catalogue>/<major_code>")
@allowed(Action.MAJOR_SEE)
def show(catalogue: str, major_code: str) -> ResponseReturnValue:
    """NotVisible where no such major was ever on the list."""
    session, actor = db.session(), current_actor()
    entries = history_of(session, Catalogue(catalogue), major_code)
    if not entries:
        raise NotVisible
    sees_changes = may(actor, Action.MAJOR_CHANGE_SEE)
    proposals = changes_of(session, actor, Catalogue(catalogue), major_code) if sees_changes else []
    return render_page(
        "majors/show.html",
        newest=entries[0],
        rows=entry_rows(entries, today()),
        proposals=proposals,
        counting_kinds=COUNTING_KINDS,
        in_force_kinds=IN_FORCE_KINDS,
        grade_kinds=GRADE_KINDS,
        state_kinds=STATE_KINDS,
        name_of=name_of,
    )


def asked() -> Question:
    """What the address asks of the list; it is one list for the whole country."""
    return ask(MAJORS, Action.MAJOR_SEE)
