"""`/provider-entries`: the list, a new one, the slip; the pages of a draft come from `portal/drafts`."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.drafts.area import DraftPages
from portal.extensions import db
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, fetched, places_of
from portal.provider_entries.forms import BeginForm
from portal.provider_entries.words import KIND, STATES
from portal.security import allowed, current_actor, current_trail
from registry.access.actors import Actor
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, NotVisible
from registry.organisations.queries import open_sites_of, organisation_by_id
from registry.policy.queries import working_calendar
from registry.provider_entries.models import EntryKind, EntryMark, ProviderEntry, marks_of
from registry.provider_entries.operations import entry_of
from registry.provider_entries.queries import ENTRIES, entry_by_id, entry_in_force, entry_in_hand
from registry.workflow.operations import start

bp = Blueprint("provider_entries", __name__, url_prefix="/provider-entries")
DraftPages(KIND).register(bp)

LIST_WORDS = Words(
    total=_l("共 %(count)s 件（%(place)s，含下级）"), capped=_l("超过 %(count)s 件（%(place)s，含下级）")
)


@bp.get("")
@allowed(Action.PROVIDER_ENTRY_SEE)
def index() -> ResponseReturnValue:
    session, actor, question = db.session(), current_actor(), ask(ENTRIES, Action.PROVIDER_ENTRY_SEE)
    places = places_of(session, question, actor.division_code)
    page = fetched(session, question)
    view = ListView(question, page, places, LIST_WORDS, endpoint="provider_entries.index")
    return render_page("provider_entries/index.html", view=view, kinds=STATES, marks_of=_marks_of)


def _marks_of(row: Any) -> tuple[EntryMark, ...]:
    """Of one line of the list."""
    return marks_of(row.state, row.suspended_on, row.valid_until, today())


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.PROVIDER_ENTRY_ASK)
def new() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    in_hand = entry_in_hand(session, _organisation_of(actor))
    form = BeginForm.for_sites(open_sites_of(session, _organisation_of(actor), today()), _kinds(actor))
    if in_hand is not None and not form.is_submitted():
        flash(_("本机构已有一件未办结的入库材料，见本页。"))
        return redirect(url_for(".show", provider_entry=in_hand.code), code=303)
    if form.validate_on_submit():
        entry = _drawn_up(form, actor)
        if entry is not None:
            return redirect(url_for(".show", provider_entry=entry.code), code=303)
    return render_page("provider_entries/new.html", form=form)


def _kinds(actor: Actor) -> list[EntryKind]:
    """An institution that is listed changes or renews what stands; another asks to be listed."""
    is_listed = entry_in_force(db.session(), _organisation_of(actor)) is not None
    return [EntryKind.CHANGE, EntryKind.RENEWAL] if is_listed else [EntryKind.ENTRY]


def _drawn_up(form: BeginForm, actor: Actor) -> ProviderEntry | None:
    """The draft that this form makes, or made before when it is sent twice; None where it is refused."""
    session, at = db.session(), utc_now()
    organisation = organisation_by_id(session, _organisation_of(actor))
    site = next(one for one in open_sites_of(session, organisation.id, today()) if one.code == form.site.data)
    try:
        entry = entry_of(session, organisation, site, EntryKind(form.kind.data), today())
        taken = start(
            session,
            entry,
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
    return entry_by_id(session, taken.subject_id)


def _organisation_of(actor: Actor) -> int:
    if actor.organisation_id is None:
        raise NotVisible
    return actor.organisation_id
