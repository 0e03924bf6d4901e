"""`/one-page` and `/inspection-pack`: of a street or district, and of each institution under its own address."""

from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, Response, request, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.documents.issuing import Issuer
from portal.documents.making import MIME_TYPES, file_title
from portal.documents.routes import settings
from portal.exporting import MIME_TYPES as SHEET_TYPES
from portal.exporting_people import PurposeForm, watermark
from portal.extensions import begin_writing, db
from portal.figures.asking import read_choice
from portal.formatting import moment, word
from portal.htmx import render_page
from portal.profiles.making import Taking, made, workbook
from portal.profiles.reading import page_asked, question_of, speech
from portal.profiles.views import page_view
from portal.security import allowed, current_actor, current_trail, require_proof
from registry.access.exports import (
    Purpose,
    TakenAlong,
    most_a_day,
    most_rows,
    refuse_large,
    taken_today,
)
from registry.access.rules import authorize
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import utc_now
from registry.documents.models import Annex, DocumentFormat, DocumentKind
from registry.organisations.models import Organisation
from reports.profiles.one_page import OnePage
from reports.profiles.pack import Pack, pack_of

bp = Blueprint("one_page", __name__)
packs = Blueprint("packs", __name__)

XLSX = "xlsx"
OF_PROVIDER = "/providers/<code:organisation>"


@bp.get(f"{OF_PROVIDER}/one-page")
@allowed(Action.ONE_PAGE_SEE, on=Organisation, see=Action.ORGANISATION_SEE)
def of_organisation(organisation: Organisation) -> ResponseReturnValue:
    return _shown("profiles/one_page.html", _asked(organisation))


@bp.get("/one-page")
@allowed(Action.ONE_PAGE_SEE)
def of_division() -> ResponseReturnValue:
    return _shown("profiles/one_page.html", _asked(None))


@bp.post(f"{OF_PROVIDER}/one-page/issue")
@allowed(Action.ONE_PAGE_ISSUE, on=Organisation, see=Action.ORGANISATION_SEE)
def issue_of_organisation(organisation: Organisation) -> ResponseReturnValue:
    return _issued(_asked(organisation, Action.ONE_PAGE_ISSUE), DocumentKind.ONE_PAGE)


@bp.post("/one-page/issue")
@allowed(Action.ONE_PAGE_ISSUE)
def issue_of_division() -> ResponseReturnValue:
    return _issued(_asked(None, Action.ONE_PAGE_ISSUE), DocumentKind.ONE_PAGE)


@packs.get(f"{OF_PROVIDER}/inspection-pack")
@allowed(Action.ONE_PAGE_SEE, on=Organisation, see=Action.ORGANISATION_SEE)
def pack_of_organisation(organisation: Organisation) -> ResponseReturnValue:
    return _shown("profiles/pack.html", _asked(organisation))


@packs.get("/inspection-pack")
@allowed(Action.ONE_PAGE_SEE)
def pack_of_division() -> ResponseReturnValue:
    return _shown("profiles/pack.html", _asked(None))


@packs.post(f"{OF_PROVIDER}/inspection-pack/issue")
@allowed(Action.ONE_PAGE_ISSUE, on=Organisation, see=Action.ORGANISATION_SEE)
def issue_pack_of_organisation(organisation: Organisation) -> ResponseReturnValue:
    return _pack_issued(_asked(organisation, Action.ONE_PAGE_ISSUE))


@packs.post("/inspection-pack/issue")
@allowed(Action.ONE_PAGE_ISSUE)
def issue_pack_of_division() -> ResponseReturnValue:
    return _pack_issued(_asked(None, Action.ONE_PAGE_ISSUE))


@packs.route(f"{OF_PROVIDER}/inspection-pack/people", methods=["GET", "POST"])
@allowed(Action.ONE_PAGE_ISSUE, on=Organisation, see=Action.ORGANISATION_SEE)
def with_people(organisation: Organisation) -> ResponseReturnValue:
    """The pack with the list of staff: a purpose, a fresh proof, the cap of the role, and an entry."""
    authorize(current_actor(), Action.PRACTITIONER_EXPORT, organisation, see=Action.ORGANISATION_SEE)
    page, form = _asked(organisation, Action.ONE_PAGE_ISSUE), PurposeForm()
    if not form.validate_on_submit():
        return _people_page(page, form)
    purpose = form.purpose()
    if purpose is None:
        return _people_page(page, form, status=400)
    require_proof()
    return _pack_with_people(page, purpose)


def _asked(organisation: Organisation | None, action: Action = Action.ONE_PAGE_SEE) -> OnePage:
    session, at = db.session(), utc_now()
    return page_asked(session, request.values, organisation, actor=current_actor(), at=at, action=action)


def _shown(template: str, page: OnePage) -> ResponseReturnValue:
    return render_page(template, view=page_view(page, speech(), settings()))


def _issued(page: OnePage, kind: DocumentKind) -> ResponseReturnValue:
    wanted = read_choice(DocumentFormat, request.form.get("format", ""), "format") or DocumentFormat.DOCX
    return _paper(Pack(page), kind, wanted)


def _pack_issued(page: OnePage) -> ResponseReturnValue:
    pack = pack_of(db.session(), page)
    if request.form.get("format") == XLSX:
        content = workbook(pack, _about(page), speech())
        _record_workbook(page)
        return _sheet_sent(page, content)
    wanted = read_choice(DocumentFormat, request.form.get("format", ""), "format") or DocumentFormat.DOCX
    return _paper(pack, DocumentKind.PACK, wanted)


def _paper(pack: Pack, kind: DocumentKind, wanted: DocumentFormat, taking: Taking | None = None) -> Response:
    """Put on record with its check code and handed over; with people, their entry in the same transaction."""
    session, kept = db.session(), settings()
    annex = Annex.PEOPLE if taking else Annex.NONE
    question, say = question_of(pack.page, kind, wanted, annex), speech()
    session.expunge_all()  # what was read stays readable when the lock is let go of for the layout
    issuer = Issuer(current_actor(), pack.page.computed_at, kept, current_trail())
    session.rollback()
    _document, data = issuer.hand_out(
        session,
        question,
        lambda code: made(pack, question, code=code, settings=kept, say=say, taking=taking),
        also=(lambda _data: taking.record(session)) if taking else None,
    )
    options: dict[str, Any] = {"mimetype": MIME_TYPES[wanted], "as_attachment": True}
    return send_file(BytesIO(data), download_name=f"{file_title(question)}.{wanted.value}", **options)


def _pack_with_people(page: OnePage, purpose: Purpose) -> Response:
    session, actor, now = db.session(), current_actor(), utc_now()
    pack = pack_of(session, page, with_people=True)
    people = len({row.person.id for row in pack.people})
    refuse_large(people, most_rows(session, actor, now))
    wanted = request.form.get("format", "")
    taking = Taking(actor, now, current_trail(), purpose, _taken(page, wanted, people))
    if wanted != XLSX:
        kind = read_choice(DocumentFormat, wanted, "format") or DocumentFormat.DOCX
        return _paper(pack, DocumentKind.PACK, kind, taking)
    lines = [*_about(page), *taking.about(word(purpose.reason))]
    content = workbook(pack, lines, speech(), mark=watermark(now), session=session, actor=actor)
    taking.record(session)
    session.commit()
    return _sheet_sent(page, content)


def _taken(page: OnePage, wanted: str, people: int) -> TakenAlong:
    facts = {"what": "inspection pack", "format": wanted, "on": page.on.isoformat()}
    return TakenAlong("organisation", page.organisation_code or "", page.division_code, people, facts)


def _people_page(page: OnePage, form: PurposeForm, *, status: int = 200) -> ResponseReturnValue:
    session, actor, now = db.session(), current_actor(), utc_now()
    people = len({row.person.id for row in pack_of(session, page, with_people=True).people})
    return render_page(
        "profiles/people.html",
        view=page_view(page, speech(), settings()),
        form=form,
        people=people,
        most=most_rows(session, actor, now),
        most_a_day=most_a_day(session, actor, now),
        taken=taken_today(session, actor, now),
        status=status,
    )


def _about(page: OnePage) -> list[tuple[str, str]]:
    return [
        (_("名称"), _("迎检台账包：%(name)s", name=page.name)),
        (_("截至日期"), page.on.isoformat()),
        (_("导出人"), current_actor().name),
        (_("导出时间"), moment(utc_now())),
    ]


def _sheet_sent(page: OnePage, content: bytes) -> Response:
    name = f"{_('迎检台账包')}-{page.name}-{page.on.isoformat()}.{XLSX}"
    return send_file(BytesIO(content), mimetype=SHEET_TYPES[XLSX], as_attachment=True, download_name=name)


def _record_workbook(page: OnePage) -> None:
    """One entry: whose lists, in which form."""
    begin_writing()
    actor, trail, at = current_actor(), current_trail(), utc_now()
    _entry(db.session(), page, actor.code, actor.name, at, trail)
    db.session.commit()


def _entry(session: Session, page: OnePage, code: str, name: str, at: datetime, trail: Any) -> None:
    is_one = page.organisation_code is not None
    record_entry(
        session,
        trail=trail,
        at=at,
        actor_code=code,
        actor_name=name,
        action=Action.ONE_PAGE_ISSUE,
        result=Result.DONE,
        subject_type="organisation" if is_one else "division",
        subject_code=page.organisation_code or page.division_code,
        division_code=page.division_code,
        facts={"format": XLSX, "what": "inspection pack", "on": page.on.isoformat()},
    )
