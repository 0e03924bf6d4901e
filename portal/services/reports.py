"""`/service-reports`: new, changed and ended services; the pages of a draft come from `portal/drafts`."""

from collections.abc import Sequence
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField

from portal.drafts.area import DraftPages
from portal.drafts.views import topic_url
from portal.extensions import db
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.services.report_list import report_list
from portal.services.report_words import KIND, STATES
from portal.workflow.forms import StepForm
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import today, utc_now
from registry.drafts.questions import questionnaire_of
from registry.errors import NotVisible, RequirementUnmet
from registry.organisations.models import Site
from registry.policy.queries import working_calendar
from registry.services.models import ReportKind, Service, ServiceReport
from registry.services.queries import (
    OF_SERVICE,
    open_report_of,
    open_sites,
    report_by_id,
    untouched_report,
)
from registry.services.reporting import draft_of
from registry.workflow.operations import start

bp = Blueprint("service_reports", __name__)
DraftPages(KIND).register(bp, "/service-reports")


class BeginForm(StepForm):
    """A new service is reported for one site."""

    site = SelectField(_l("服务场所"))

    @classmethod
    def for_sites(cls, sites: Sequence[Site], asked: str) -> Any:
        """With the sites of the organisation; the first where none was asked for."""
        codes = [site.code for site in sites]
        form = cls(data={"site": asked if asked in codes else codes[0]})
        form.site.choices = [(site.code, f"{site.name}（{site.address}）") for site in sites]
        return form


@bp.get("/service-reports")
@allowed(Action.SERVICE_REPORT_SEE)
def index() -> ResponseReturnValue:
    key = StepForm().key.data
    return render_page("service_reports/index.html", **report_list(), kinds=STATES, key=key)


@bp.route("/service-reports/new", methods=["GET", "POST"])
@allowed(Action.SERVICE_REPORT_ASK)
def new() -> ResponseReturnValue:
    sites = open_sites(db.session(), current_actor().organisation_id or 0, today())
    if not sites:
        return render_page("activities/no_site.html")
    form = BeginForm.for_sites(sites, request.args.get("site", ""))
    is_chosen = len(sites) == 1 or "site" in request.form  # the button of a list names none
    if is_chosen and form.validate_on_submit():
        site = next(one for one in sites if one.code == form.site.data)
        earlier = untouched_report(db.session(), site, asked_by_id=current_actor().account_id)
        return _written(earlier) if earlier else _begun(ReportKind.NEW, site, form)
    return render_page("service_reports/begin.html", form=form, kind=ReportKind.NEW, service=None)


@bp.route("/services/<code:service>/change", methods=["GET", "POST"])
@allowed(Action.SERVICE_REPORT_ASK, on=Service, see=Action.SERVICE_SEE, load=OF_SERVICE)
def change(service: Service) -> ResponseReturnValue:
    return _begin(ReportKind.CHANGE, service)


@bp.route("/services/<code:service>/end", methods=["GET", "POST"])
@allowed(Action.SERVICE_REPORT_ASK, on=Service, see=Action.SERVICE_SEE, load=OF_SERVICE)
def end(service: Service) -> ResponseReturnValue:
    return _begin(ReportKind.END, service)


def _begin(kind: ReportKind, service: Service) -> ResponseReturnValue:
    """A service has one report in hand: whoever begins another is led to it. A form that was sent is heard first."""
    form = StepForm()
    if form.validate_on_submit():
        return _begun(kind, service.site, form, service)
    report = open_report_of(db.session(), service)
    if report is not None:
        return _in_hand(report)
    return render_page("service_reports/begin.html", form=form, kind=kind, service=service)


def _begun(
    kind: ReportKind, site: Site, form: StepForm, service: Service | None = None
) -> ResponseReturnValue:
    """To the draft that this form makes, or made before when it is sent twice."""
    session = db.session()
    try:
        report = _drawn_up(kind, site, form, service)
    except RequirementUnmet:
        session.rollback()
        in_hand = open_report_of(session, service) if service is not None else None
        if in_hand is None:
            raise
        return _in_hand(in_hand)
    session.commit()
    return _written(report)


def _drawn_up(kind: ReportKind, site: Site, form: StepForm, service: Service | None) -> ServiceReport:
    session, actor, at = db.session(), current_actor(), utc_now()
    authorize(actor, Action.SERVICE_REPORT_ASK, site, see=Action.SITE_SEE)
    taken = start(
        session,
        draft_of(kind, site, service=service, asked_by_id=actor.account_id, at=at),
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        idempotency_key=form.key.data,
    )
    report = report_by_id(session, taken.subject_id)
    if report is None:
        raise NotVisible
    return report


def _written(report: ServiceReport) -> ResponseReturnValue:
    return redirect(topic_url(KIND, report, questionnaire_of(report).topics[0]), code=303)


def _in_hand(report: ServiceReport) -> ResponseReturnValue:
    flash(_("本服务项目已有一件未办结的申报，见本页。"))
    return redirect(url_for("service_reports.show", service_report=report.code), code=303)
