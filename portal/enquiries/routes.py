"""`/enquiries`: what the public wrote, answered by the district or passed on."""

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.enquiries.forms import PassingForm, ReplyForm
from portal.enquiries.views import SEEN, enquiry_page, row_of
from portal.extensions import db
from portal.htmx import render_page
from portal.sealing import current_seals
from portal.security import allowed, current_actor
from portal.sights import record_sight
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today
from registry.enquiries.answering import Answer
from registry.enquiries.models import Enquiry, EnquiryState
from registry.enquiries.queries import WHOLE, enquiries
from registry.enquiries.sealed_fields import ANSWER
from registry.enquiries.workflow import EnquiryStep
from registry.workflow.queries import open_steps

bp = Blueprint("enquiries", __name__, url_prefix="/enquiries")

DONE = "done"


@bp.get("")
@allowed(Action.ENQUIRY_SEE)
def index() -> ResponseReturnValue:
    is_done = request.args.get("show") == DONE
    states = [state for state in EnquiryState if (state is EnquiryState.ANSWERED) == is_done]
    found = enquiries(db.session(), current_actor(), states)
    return render_page("enquiries/index.html", rows=[row_of(one) for one in found], is_done=is_done)


@bp.get("/<code:enquiry>")
@allowed(Action.ENQUIRY_SEE, on=Enquiry, load=WHOLE)
def show(enquiry: Enquiry) -> ResponseReturnValue:
    return _page("enquiries/show.html", enquiry, StepForm(obj=enquiry))


@bp.route("/<code:enquiry>/answer", methods=["GET", "POST"])
@allowed(Action.ENQUIRY_ANSWER, on=Enquiry, load=WHOLE)
def answer(enquiry: Enquiry) -> ResponseReturnValue:
    form = ReplyForm(data={"version": enquiry.version})
    sealed = ANSWER.values(current_seals(), form.answer.data or "", enquiry.code)[ANSWER.sealed.key]
    given = Answer(sealed=sealed if isinstance(sealed, bytes) else None)
    if form.validate_on_submit() and is_taken(enquiry, EnquiryStep.ANSWER, form, facts=lambda: given):
        flash(_("已答复，对方凭编号和查询码可以看到。"))
        return _shown(enquiry)
    return _step_page("enquiries/answer.html", enquiry, EnquiryStep.ANSWER, form)


@bp.route("/<code:enquiry>/pass-on", methods=["GET", "POST"])
@allowed(Action.ENQUIRY_ANSWER, on=Enquiry, load=WHOLE)
def pass_on(enquiry: Enquiry) -> ResponseReturnValue:
    form = PassingForm(data={"version": enquiry.version})
    given = Answer(passed_to=form.passed_to.data or "")
    if form.validate_on_submit() and is_taken(enquiry, EnquiryStep.PASS_ON, form, facts=lambda: given):
        flash(_("已记为转交，对方会看到转交给了谁。"))
        return _shown(enquiry)
    return _step_page("enquiries/pass_on.html", enquiry, EnquiryStep.PASS_ON, form)


def _step_page(template: str, enquiry: Enquiry, step: EnquiryStep, form: StepForm) -> ResponseReturnValue:
    """A link to a step that is not open leads to the enquiry as it stands."""
    is_open = step in {one.step for one in open_steps(db.session(), enquiry, current_actor())}
    return _page(template, enquiry, form) if is_open or form.form_errors else _shown(enquiry)


def _page(template: str, enquiry: Enquiry, form: StepForm) -> ResponseReturnValue:
    """What people wrote is read: an entry says by whom."""
    page = enquiry_page(db.session(), enquiry, current_actor(), today())
    answered = render_page(template, page=page, form=form, status=409 if form.form_errors else 200)
    record_sight(
        Action.ENQUIRY_SEE,
        subject_type="enquiry",
        subject_code=enquiry.code,
        division_code=enquiry.division_code,
        facts={"fields": [field.value for field in SEEN]},
    )
    return answered


def _shown(enquiry: Enquiry) -> ResponseReturnValue:
    return redirect(url_for(".show", enquiry=enquiry.code), code=303)
