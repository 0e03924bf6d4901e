"""`/public/ask` and `/public/answer`: the two pages of the public that take something in; nobody keeps them."""

from collections.abc import Sequence

from flask import Blueprint, current_app, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from portal.extensions import db
from portal.public.forms import AnswerForm, AskForm
from portal.public.frame import is_copy, render_public
from portal.sealing import current_seals
from portal.security import current_trail, public
from registry.clock import today, utc_now
from registry.directory.places import counts_below, place_by_code
from registry.divisions.codes import NATION, Level
from registry.documents.codes import grouped
from registry.enquiries.models import EnquiryKind
from registry.enquiries.operations import Receipt, Written, receive
from registry.enquiries.queries import enquiry_looked_up
from registry.enquiries.sealed_fields import ANSWER, opened
from registry.enquiries.workflow import ANSWER_WORKDAYS
from registry.organisations.address_change_queries import district_of, place_names
from registry.organisations.models import Site
from registry.policy.queries import parameter, working_calendar

bp = Blueprint("public_enquiries", __name__, url_prefix="/public")


@bp.route("/ask", methods=["GET", "POST"])
@public
def ask() -> ResponseReturnValue:
    session = db.session()
    site = _site_asked(session)
    if is_copy():
        return render_public("public/ask_elsewhere.html", place=site.division_code if site else NATION)
    form = AskForm(
        _areas(session, site), data={"area": _area_asked(site), "kind": EnquiryKind.QUESTION.value}
    )
    if form.validate_on_submit():
        return _receipt(_received(session, form, site))
    status = 400 if form.errors else 200
    return render_public("public/ask.html", form=form, site=site, status=status)


@bp.route("/answer", methods=["GET", "POST"])
@public
def answer() -> ResponseReturnValue:
    form = AnswerForm()
    if not form.validate_on_submit():
        return render_public(
            "public/answer.html", form=form, enquiry=None, status=400 if form.errors else 200
        )
    session = db.session()
    enquiry = enquiry_looked_up(session, *form.codes)
    if enquiry is None:
        return render_public("public/answer.html", form=form, enquiry=None, is_unknown=True, status=404)
    said = opened(session, current_seals(), enquiry, (ANSWER,))[ANSWER.name]
    return render_public(
        "public/answer.html", form=form, enquiry=enquiry, number=grouped(enquiry.code), said=said
    )


def _received(session: Session, form: AskForm, site: Site | None) -> Receipt:
    written = Written(
        kind=EnquiryKind(form.kind.data),
        text=form.text.data or "",
        contact=form.contact.data or "",
        division_code=site.division_code if site else form.area.data,
        site=site,
    )
    receipt = receive(
        session,
        written,
        form_key=form.key.data or "",
        secret=current_app.config["SECRET_KEY"],
        at=utc_now(),
        seals=current_seals(),
        trail=current_trail(),
        calendar=working_calendar(session),
    )
    session.commit()
    return receipt


def _receipt(receipt: Receipt) -> ResponseReturnValue:
    """Shown in the answer itself: an address would tell both codes to every machine on the way."""
    code = receipt.enquiry.division_code
    return render_public(
        "public/receipt.html",
        place=code,
        number=grouped(receipt.enquiry.code),
        check=grouped(receipt.check_code),
        workdays=int(parameter(db.session(), ANSWER_WORKDAYS, code, today())),
    )


def _site_asked(session: Session) -> Site | None:
    """The place in the address; one that the public is not shown is none."""
    code = request.args.get("place", "")
    found = place_by_code(session, code, today()) if code else None
    return found.site if found else None


def _area_asked(site: Site | None) -> str:
    return district_of(site.division_code) if site else request.args.get("area", "")


def _areas(session: Session, site: Site | None) -> Sequence[tuple[str, str]]:
    """Districts with places; that of the place alone where one is named."""
    codes = (
        [district_of(site.division_code)]
        if site
        else sorted(counts_below(session, NATION, Level.DISTRICT, today()))
    )
    names = place_names(session, codes)
    return [(code, names[code]) for code in codes]
