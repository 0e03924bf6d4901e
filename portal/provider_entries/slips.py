"""The slip of a listed provider, and the page where whoever holds one checks it, without signing in."""

from datetime import date
from io import BytesIO

from flask import Blueprint, current_app, flash, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.days import printable
from portal.extensions import db
from portal.formatting import language
from portal.htmx import render_page
from portal.provider_entries.routes import bp as entries
from portal.public.keeping import kept_for_everyone
from portal.security import allowed, public
from portal.settings import Settings
from portal.translating import catalogue
from registry.actions import Action
from registry.clock import today
from registry.errors import NotVisible
from registry.organisations.address_change_queries import place_names
from registry.provider_entries.models import EntryState, ProviderEntry
from registry.provider_entries.queries import WHOLE, entry_by_check_code, entry_that_stands
from registry.services.models import ServiceKind
from registry.successions.queries import merger_of
from reports.documents.slip_paper import NOT_A_LICENCE, Merger, Slip, grouped

bp = Blueprint("public_check", __name__, url_prefix="/public/check")

SAYS = {
    EntryState.LISTED: "done",
    EntryState.LEAVING: "waiting",
    EntryState.DECIDING: "waiting",
    EntryState.LEFT: "ended",
}


@entries.get("/<code:provider_entry>/slip")
@allowed(Action.PROVIDER_ENTRY_SEE, on=ProviderEntry, load=WHOLE)
def slip(provider_entry: ProviderEntry) -> ResponseReturnValue:
    from reports.documents.pdf import to_pdf  # WeasyPrint takes a second to load, and few pages print
    from reports.documents.slip_paper import slip_paper
    from reports.documents.speech import Speech

    if provider_entry.standing is None:
        flash(_("确认入库之后才有入库信息凭证。"))
        return redirect(url_for("provider_entries.show", provider_entry=provider_entry.code), code=303)
    say = Speech(catalogue(language()), language())
    data = to_pdf(slip_paper(slip_of(db.session(), provider_entry, today()), say), say)
    name = f"{_('入库信息凭证')}-{provider_entry.standing.number}.pdf"
    return send_file(BytesIO(data), mimetype="application/pdf", as_attachment=True, download_name=name)


@bp.get("")
@public
@kept_for_everyone
def index() -> ResponseReturnValue:
    typed = request.args.get("code", "").strip()
    if not typed:
        return render_page("provider_entries/check.html", typed="", is_unknown=False)
    return redirect(url_for(".show", check_code=_written(typed) or "-"), code=303)


@bp.get("/<check_code>")
@public
@kept_for_everyone
def show(check_code: str) -> ResponseReturnValue:
    session = db.session()
    entry = entry_by_check_code(session, _written(check_code))
    if entry is None or entry.standing is None:
        typed = printable(check_code)
        return render_page("provider_entries/check.html", status=404, typed=typed, is_unknown=True)
    current = entry_that_stands(session, entry)
    return render_page(
        "provider_entries/checked.html",
        slip=slip_of(session, current, today()),
        kind=SAYS.get(current.state, "ended"),
        check_code=grouped(entry.check_code),
        not_a_licence=_(NOT_A_LICENCE),
    )


def slip_of(session: Session, entry: ProviderEntry, on: date) -> Slip:
    """What the register says of an entry on a day."""
    if entry.standing is None:
        raise NotVisible
    settings: Settings = current_app.extensions["settings"]
    path = url_for("public_check.show", check_code=entry.check_code)
    merger = merger_of(session, entry.organisation_id, on)
    return Slip(
        number=entry.standing.number,
        organisation=entry.organisation,
        site=entry.site,
        place=place_names(session, (entry.site.located_code,))[entry.site.located_code],
        state=entry.state,
        marks=entry.marks_on(on) if merger is None else (),
        merger=Merger(merger.successor.name, merger.on) if merger is not None else None,
        granted_on=entry.standing.granted_on,
        ended_on=entry.standing.ended_on,
        valid_until=entry.valid_until,
        is_adopted=entry.is_adopted,
        kinds=[ServiceKind(kind) for kind in entry.answers.get("kinds", []) if kind in set(ServiceKind)],
        phone=str(entry.answers.get("phone", "")),
        check_code=entry.check_code,
        check_url=f"{settings.public_url}{path}" if settings.public_url else "",
        printed_on=on,
    )


def _written(typed: str) -> str:
    """As it is kept: people copy codes with blanks and in capitals."""
    return "".join(typed.split()).lower()
