"""`/services`: what is offered where, for everybody who is signed in."""

from flask import Blueprint, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from markupsafe import Markup

from portal.exporting import export_answer
from portal.extensions import db
from portal.formatting import language
from portal.htmx import part_of_page, render_page
from portal.listing import Words, ask, fetched, places_of
from portal.remembering import remembered
from portal.security import actor_may, allowed, current_actor
from portal.services.lists import ServiceList, names_in
from portal.services.views import OFFER_KINDS, offer_of, service_facts
from portal.services.wording import fee_in_words, hours_of, weekdays_in_words
from portal.unchanged import unless_unchanged
from portal.workflow.forms import StepForm
from registry.access.rules import may, readable
from registry.actions import Action
from registry.clock import today
from registry.listing import Question, Row
from registry.organisations.address_change_queries import place_names
from registry.services.listings import SERVICES
from registry.services.models import Activity, Service
from registry.services.queries import OF_SERVICE, open_report_of, totals_in

bp = Blueprint("services", __name__, url_prefix="/services")

WORDS = Words(
    total=_l("共 %(count)s 个服务项目（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 个服务项目（%(place)s，含下级）"),
)
TEMPLATE = "services/_list.html"


@bp.get("")
@allowed(Action.SERVICE_SEE)
@unless_unchanged
def index() -> ResponseReturnValue:
    key = StepForm().key.data  # of the draft that the button makes
    return render_page("services/index.html", drawn_list=_drawn(asked_services()), key=key)


@bp.get("/export")
@allowed(Action.DIRECTORY_EXPORT)
def export() -> ResponseReturnValue:
    shown = {"weekdays": lambda row: weekdays_in_words(row.weekdays), "fee": _fee_in_file}
    title = _("服务项目名单")
    return export_answer(asked_services(), title=title, action=Action.DIRECTORY_EXPORT, shown=shown)


@bp.get("/<code:service>")
@allowed(Action.SERVICE_SEE, on=Service, load=OF_SERVICE)
def show(service: Service) -> ResponseReturnValue:
    session, actor, on = db.session(), current_actor(), today()
    report = open_report_of(session, service)
    knows = report is not None and may(actor, Action.SERVICE_REPORT_SEE, report)
    sees = may(actor, Action.ACTIVITY_SEE, service)
    scope = readable(Activity, actor, Action.ACTIVITY_SEE)
    totals = totals_in(session, scope, Activity.service_id == service.id) if sees else None
    return render_page(
        "services/show.html",
        service=service,
        facts=service_facts(service),
        offer=offer_of(service, on),
        kind=OFFER_KINDS[offer_of(service, on)],
        report=report if knows else None,
        may_report=may(actor, Action.SERVICE_REPORT_ASK, service) and report is None,
        key=StepForm().key.data,
        may_record=may(actor, Action.ACTIVITY_RECORD, service),
        totals=totals,
        hours=hours_of(totals.minutes) if totals else "",
        activities_url=url_for("activities.index", service=service.code),
        place=place_names(session, [service.division_code])[service.division_code],
    )


def asked_services() -> Question:
    """What the address asks of the services."""
    return ask(SERVICES, Action.SERVICE_SEE)


def _drawn(question: Question) -> Markup:
    """The whole list as text, remembered: nobody is told of in its rows."""

    def drawn() -> Markup:
        session = db.session()
        places = places_of(session, question, current_actor().division_code)
        page = fetched(session, question)
        tabs = frozenset({"offer"})
        view = ServiceList(
            question,
            page,
            places,
            WORDS,
            endpoint="services.index",
            tabs=tabs,
            named=names_in(session, question),
        )
        return part_of_page(TEMPLATE, view=view, may=actor_may)

    return remembered((TEMPLATE, question, language(), today()), drawn)


def _fee_in_file(row: Row) -> str:
    return fee_in_words(row.fee)
