"""The lists of institutions and of sites: the page, and the file of exactly the same rows."""

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting import export_answer
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, places_of
from portal.security import allowed, current_actor
from registry.access.rules import readable
from registry.actions import Action
from registry.listing import Question
from registry.organisations.models import Organisation, Site
from registry.organisations.queries import SITES
from registry.workforce.institutions import PROVIDERS

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
def index() -> ResponseReturnValue:
    view = shown(asked_providers(), PROVIDER_WORDS, endpoint="providers.index", tabs=frozenset({"standing"}))
    return render_page("organisations/providers.html", view=view)


@providers.get("/export")
@allowed(Action.DIRECTORY_EXPORT)
def export() -> ResponseReturnValue:
    return export_answer(asked_providers(), title=_("机构名单"), action=Action.DIRECTORY_EXPORT)


@sites.get("", endpoint="index")
@allowed(Action.SITE_SEE)
def index_of_sites() -> ResponseReturnValue:
    view = shown(asked_sites(), SITE_WORDS, endpoint="sites.index")
    return render_page("organisations/sites.html", view=view)


@sites.get("/export", endpoint="export")
@allowed(Action.DIRECTORY_EXPORT)
def export_of_sites() -> ResponseReturnValue:
    return export_answer(asked_sites(), title=_("服务场所名单"), action=Action.DIRECTORY_EXPORT)


def asked_providers() -> Question:
    """What the address asks of the institutions."""
    actor = current_actor()
    scope = readable(Organisation, actor, Action.ORGANISATION_SEE)
    return ask(PROVIDERS, scope=scope, division=actor.division_code)


def asked_sites() -> Question:
    """What the address asks of the sites."""
    actor = current_actor()
    scope = readable(Site, actor, Action.SITE_SEE)
    return ask(SITES, scope=scope, division=actor.division_code)


def shown(question: Question, words: Words, *, endpoint: str, tabs: frozenset[str] = frozenset()) -> ListView:
    """The page of a list, with all that its template needs."""
    session = db.session()
    page = question.fetch(session)
    places = places_of(session, question, current_actor().division_code)
    return ListView(question, page, places, words, endpoint=endpoint, tabs=tabs)
