"""The list of reports of services, as one address shows it."""

from typing import Any

from flask_babel import lazy_gettext as _l

from portal.extensions import db
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.security import current_actor
from registry.access.roles import ORGANISATION_ROLES
from registry.actions import Action
from registry.divisions.codes import NATION
from registry.services.report_listing import REPORTS

WORDS = Words(
    total=_l("共 %(count)s 件申报（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 件申报（%(place)s，含下级）"),
)
OWN_WORDS = Words(total=_l("共 %(count)s 件申报"), capped=_l("超过 %(count)s 件申报"))


def report_list() -> dict[str, Any]:
    """What the template draws: the list, and whether it is an organisation's own."""
    session, actor = db.session(), current_actor()
    is_own = actor.role in ORGANISATION_ROLES
    question = ask(REPORTS, Action.SERVICE_REPORT_SEE, home=NATION if is_own else None)
    view = ListView(
        question,
        fetched(session, question),
        places_of(session, question, actor.division_code),
        OWN_WORDS if is_own else WORDS,
        endpoint="service_reports.index",
        tabs=frozenset({"show"}),
    )
    return {"view": view, "is_own": is_own}
