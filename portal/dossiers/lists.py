"""`/dossiers`: charities and associations in one list, and the file of exactly the same rows."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting import export_answer
from portal.htmx import render_page
from portal.listing import Words, ask
from portal.organisations.lists import drawn_list
from portal.security import allowed
from portal.unchanged import unless_unchanged
from registry.actions import Action
from registry.dossiers.queries import DOSSIER_LIST
from registry.listing import Question

bp = Blueprint("dossiers", __name__, url_prefix="/dossiers")

WORDS = Words(
    total=_l("共 %(count)s 份档案（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 份档案（%(place)s，含下级）"),
)


@bp.get("")
@allowed(Action.DOSSIER_SEE)
@unless_unchanged
def index() -> ResponseReturnValue:
    drawn = drawn_list(
        asked(),
        WORDS,
        template="dossiers/_list.html",
        endpoint="dossiers.index",
        tabs=frozenset({"kind", "state"}),
    )
    return render_page("dossiers/index.html", drawn_list=drawn)


@bp.get("/export")
@allowed(Action.DOSSIER_EXPORT)
def export() -> ResponseReturnValue:
    return export_answer(asked(), title=_("慈善组织和行业协会名单"), action=Action.DOSSIER_EXPORT)


def asked() -> Question:
    """What the address asks of the dossiers."""
    return ask(DOSSIER_LIST, Action.DOSSIER_SEE)
