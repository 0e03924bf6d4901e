"""`/station-filings`: the list and a new one, which a street begins where nobody at the station has an account.

The pages of a draft come from `portal/drafts`.
"""

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.validators import InputRequired

from portal.drafts.area import DraftPages
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.security import allowed, current_actor, current_trail
from portal.station_filings.words import KIND, STATES
from portal.workflow.forms import StepForm
from registry.access.actors import Actor
from registry.access.models import Role
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible
from registry.organisations.models import Site, SiteKind
from registry.organisations.queries import open_sites_of
from registry.policy.queries import working_calendar
from registry.station_filings.models import StationFiling
from registry.station_filings.operations import filing_of
from registry.station_filings.queries import FILINGS, filing_by_id, filing_in_hand, stations_without_account
from registry.workflow.operations import start

bp = Blueprint("station_filings", __name__, url_prefix="/station-filings")
DraftPages(KIND).register(bp)

LIST_WORDS = Words(
    total=_l("共 %(count)s 件（%(place)s，含下级）"), capped=_l("超过 %(count)s 件（%(place)s，含下级）")
)


class BeginForm(StepForm):
    """A draft is drawn up for one station."""

    site = SelectField(_l("站点"), validators=[InputRequired(_l("请选择站点。"))])


@bp.get("")
@allowed(Action.STATION_FILING_SEE)
def index() -> ResponseReturnValue:
    session, actor, question = db.session(), current_actor(), ask(FILINGS, Action.STATION_FILING_SEE)
    places = places_of(session, question, actor.division_code)
    page = fetched(session, question)
    view = ListView(question, page, places, LIST_WORDS, endpoint="station_filings.index")
    return render_page("station_filings/index.html", view=view, kinds=STATES)


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.STATION_FILING_ASK)
def new() -> ResponseReturnValue:
    stations = _stations(current_actor())
    form = BeginForm()
    form.site.choices = [(site.code, f"{site.name}（{site.address}）") for site in stations]
    if form.validate_on_submit():
        site = next(site for site in stations if site.code == form.site.data)
        in_hand = filing_in_hand(db.session(), site.id)
        if in_hand is not None:
            flash(_("该站点已有一件未办结的备案，见本页。"))
            return redirect(url_for(".show", station_filing=in_hand.code), code=303)
        filing = _drawn_up(form, site)
        if filing is not None:
            return redirect(url_for(".show", station_filing=filing.code), code=303)
    is_street = current_actor().role is Role.STREET
    return render_page("station_filings/new.html", form=form, is_street=is_street)


def _stations(actor: Actor) -> list[Site]:
    """A street finds the stations where nobody has an account."""
    if actor.role is Role.STREET:
        return stations_without_account(db.session(), actor.division_code, today())
    if actor.organisation_id is None:
        raise NotVisible
    sites = open_sites_of(db.session(), actor.organisation_id, today())
    return [site for site in sites if site.kind is SiteKind.STATION]


def _drawn_up(form: BeginForm, site: Site) -> StationFiling | None:
    """The draft that this form makes, or made before when it is sent twice; None where it is refused."""
    session, at, actor = db.session(), utc_now(), current_actor()
    street_on = today() if actor.role is Role.STREET else None
    try:
        taken = start(
            session,
            filing_of(session, site, street_on=street_on),
            actor=actor,
            at=at,
            trail=current_trail(),
            calendar=working_calendar(session),
            idempotency_key=form.key.data,
        )
    except InvalidInput as refused:
        session.rollback()
        form.refused(refused)
        return None
    session.commit()
    return filing_by_id(session, taken.subject_id)
