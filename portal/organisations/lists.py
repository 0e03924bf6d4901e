"""The lists of institutions and of sites: the page, and the file of exactly the same rows."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.exporting import export_answer
from portal.extensions import db
from portal.formatting import language
from portal.htmx import part_of_page, render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.remembering import remembered
from portal.security import actor_may, allowed, current_actor
from portal.unchanged import unless_unchanged
from registry.actions import Action
from registry.clock import today
from registry.listing import Question
from registry.organisations.queries import SITES
from registry.successions.queries import PROVIDERS

providers = Blueprint("providers", __name__, url_prefix="/providers")
sites = Blueprint("sites", __name__, url_prefix="/sites")

PROVIDER_WORDS = Words(
    total=_l("共 %(count)s 家机构（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 家机构（%(place)s，含下级）"),
)
SITE_WORDS = Words(
    total=_l("共 %(count)s 处场所（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 处场所（%(place)s，含下级）"),
)


@providers.get("")
@allowed(Action.ORGANISATION_SEE)
@unless_unchanged
def index() -> ResponseReturnValue:
    drawn = drawn_list(
        asked_providers(),
        PROVIDER_WORDS,
        template="organisations/_providers_list.html",
        endpoint="providers.index",
        tabs=frozenset({"standing"}),
    )
    return render_page("organisations/providers.html", drawn_list=drawn)


@providers.get("/export")
@allowed(Action.DIRECTORY_EXPORT)
def export() -> ResponseReturnValue:
    return export_answer(asked_providers(), title=_("机构名单"), action=Action.DIRECTORY_EXPORT)


@sites.get("", endpoint="index")
@allowed(Action.SITE_SEE)
@unless_unchanged
def index_of_sites() -> ResponseReturnValue:
    template = "organisations/_sites_list.html"
    drawn = drawn_list(asked_sites(), SITE_WORDS, template=template, endpoint="sites.index")
    return render_page("organisations/sites.html", drawn_list=drawn)


@sites.get("/export", endpoint="export")
@allowed(Action.DIRECTORY_EXPORT)
def export_of_sites() -> ResponseReturnValue:
    return export_answer(asked_sites(), title=_("服务场所名单"), action=Action.DIRECTORY_EXPORT)


def asked_providers() -> Question:
    """What the address asks of the institutions."""
    return ask(PROVIDERS, Action.ORGANISATION_SEE)


def asked_sites() -> Question:
    """What the address asks of the sites."""
    return ask(SITES, Action.SITE_SEE)


def drawn_list(
    question: Question, words: Words, *, template: str, endpoint: str, tabs: frozenset[str] = frozenset()
) -> Markup:
    """The whole list as text, remembered: nobody is told of in its rows, and it holds no form that changes anything."""

    def drawn() -> Markup:
        session = db.session()
        page = fetched(session, question)
        places = places_of(session, question, current_actor().division_code)
        view = ListView(question, page, places, words, endpoint=endpoint, tabs=tabs)
        return part_of_page(template, view=view, may=actor_may)

    return remembered((template, question, language(), today()), drawn)
