"""The steps of an inspection after the draft, each with a page of its own that says what it does."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import flash
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.htmx import render_page
from portal.inspections.forms import (
    AnswerForm,
    DefenceForm,
    RecheckForm,
    UpholdingForm,
    WithdrawalForm,
    report_form,
)
from portal.inspections.routes import bp as bp
from portal.inspections.routes import is_open, shown, status_of
from portal.inspections.views import inspection_page
from portal.security import allowed, current_actor
from portal.translating import said
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today
from registry.inspections.models import Inspection
from registry.inspections.queries import WHOLE
from registry.inspections.workflow import InspectionStep
from registry.messages import N_


@dataclass(frozen=True)
class Words:
    """What the page of a step says: msgids."""

    does: str
    lead: str
    button: str
    done: str


WORDS = {
    InspectionStep.NOTIFY: Words(
        N_("告知机构"),
        N_("告知之后，机构会看到检查情况和问题，可以在期限内陈述申辩，并按整改期限整改；问题不能再改。"),
        N_("告知机构"),
        N_("已告知机构，机构的待办里会出现整改事项。"),
    ),
    InspectionStep.CONCLUDE: Words(
        N_("未发现问题，结案"),
        N_("本次检查没有登记问题。结案之后，机构会收到通知；由没有登记这次检查的人员办理。"),
        N_("结案"),
        N_("已按未发现问题结案，机构会收到通知。"),
    ),
    InspectionStep.WITHDRAW: Words(
        N_("作废检查记录"),
        N_("只有还没有告知机构的记录可以作废；作废的记录保留备查，机构看不到。"),
        N_("作废"),
        N_("检查记录已作废。"),
    ),
    InspectionStep.AGREE: Words(
        N_("无异议，开始整改"),
        N_("确认对检查结果没有异议，之后不能再陈述申辩；请按期限整改，完成后报送整改情况。"),
        N_("无异议，开始整改"),
        N_("已确认无异议，请按期限整改。"),
    ),
    InspectionStep.DEFEND: Words(
        N_("陈述申辩"),
        N_("提交之后由检查人员答复；答复之前不用整改有异议的问题，整改期限不变。"),
        N_("提交申辩"),
        N_("陈述申辩已提交，等待答复。"),
    ),
    InspectionStep.UPHOLD: Words(
        N_("维持认定"),
        N_("没有勾选的问题继续由机构整改，机构会看到答复意见。"),
        N_("维持认定"),
        N_("已答复，机构继续整改。"),
    ),
    InspectionStep.ACCEPT_DEFENCE: Words(
        N_("采纳申辩"),
        N_("全部问题不再追究，转另一名检查人员审核结案。"),
        N_("采纳申辩"),
        N_("已采纳申辩，等待结案。"),
    ),
    InspectionStep.REPORT: Words(
        N_("报送整改情况"),
        N_("逐条填写整改完成日期；报送之后由检查人员复查。"),
        N_("报送"),
        N_("整改情况已报送，等待复查。"),
    ),
    InspectionStep.CLEAR: Words(
        N_("复查"),
        N_("逐条核对机构报送的整改情况。复查的人不能自己结案。"),
        N_("提交复查结果"),
        N_("复查结果已登记。"),
    ),
    InspectionStep.CLOSE: Words(
        N_("结案"),
        N_("核对问题、整改情况和复查情况，无误后结案；结案之后不能再改，机构会收到通知。"),
        N_("结案"),
        N_("检查已结案，机构会收到通知。"),
    ),
}

Facts = Callable[[], Any]


@bp.route("/inspections/<code:inspection>/notify", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def notify(inspection: Inspection) -> ResponseReturnValue:
    return _step(inspection, InspectionStep.NOTIFY, StepForm(obj=inspection))


@bp.route("/inspections/<code:inspection>/conclude", methods=["GET", "POST"])
@allowed(Action.INSPECTION_CLOSE, on=Inspection, load=WHOLE)
def conclude(inspection: Inspection) -> ResponseReturnValue:
    return _step(inspection, InspectionStep.CONCLUDE, StepForm(obj=inspection))


@bp.route("/inspections/<code:inspection>/withdraw", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def withdraw(inspection: Inspection) -> ResponseReturnValue:
    form = WithdrawalForm(data={"version": inspection.version})
    return _step(inspection, InspectionStep.WITHDRAW, form, reason=form.reason.data)


@bp.route("/inspections/<code:inspection>/agree", methods=["GET", "POST"])
@allowed(Action.INSPECTION_ANSWER, on=Inspection, load=WHOLE)
def agree(inspection: Inspection) -> ResponseReturnValue:
    return _step(inspection, InspectionStep.AGREE, StepForm(obj=inspection))


@bp.route("/inspections/<code:inspection>/defend", methods=["GET", "POST"])
@allowed(Action.INSPECTION_ANSWER, on=Inspection, load=WHOLE)
def defend(inspection: Inspection) -> ResponseReturnValue:
    form = DefenceForm(data={"version": inspection.version})
    return _step(inspection, InspectionStep.DEFEND, form, facts=lambda: form.defence.data)


@bp.route("/inspections/<code:inspection>/uphold", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def uphold(inspection: Inspection) -> ResponseReturnValue:
    form = UpholdingForm(inspection.open_findings, data={"version": inspection.version})
    step = InspectionStep.UPHOLD
    return _step(inspection, step, form, reason=form.reason.data, facts=lambda: form.dropped.data)


@bp.route("/inspections/<code:inspection>/accept-defence", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def accept_defence(inspection: Inspection) -> ResponseReturnValue:
    form = AnswerForm(data={"version": inspection.version})
    return _step(inspection, InspectionStep.ACCEPT_DEFENCE, form, reason=form.reason.data)


@bp.route("/inspections/<code:inspection>/report", methods=["GET", "POST"])
@allowed(Action.INSPECTION_ANSWER, on=Inspection, load=WHOLE)
def report(inspection: Inspection) -> ResponseReturnValue:
    form = report_form(inspection, today())
    return _step(inspection, InspectionStep.REPORT, form, facts=form.report)


@bp.route("/inspections/<code:inspection>/recheck", methods=["GET", "POST"])
@allowed(Action.INSPECTION_RECORD, on=Inspection, load=WHOLE)
def recheck(inspection: Inspection) -> ResponseReturnValue:
    form = RecheckForm(inspection.open_findings, data={"version": inspection.version})
    asked = {finding.number for finding in inspection.open_findings}
    is_all = asked <= set(form.passed.data or ())
    step = InspectionStep.CLEAR if is_all or not form.is_submitted() else InspectionStep.SEND_BACK
    return _step(inspection, step, form, facts=form.look, words=WORDS[InspectionStep.CLEAR])


@bp.route("/inspections/<code:inspection>/close", methods=["GET", "POST"])
@allowed(Action.INSPECTION_CLOSE, on=Inspection, load=WHOLE)
def close(inspection: Inspection) -> ResponseReturnValue:
    return _step(inspection, InspectionStep.CLOSE, StepForm(obj=inspection))


def _step(
    inspection: Inspection,
    step: InspectionStep,
    form: StepForm,
    *,
    reason: str | None = None,
    facts: Facts | None = None,
    words: Words | None = None,
) -> ResponseReturnValue:
    """The page of a step, or the step; a link to one that is not open leads to the inspection as it stands."""
    spoken = words or WORDS[step]
    if form.validate_on_submit() and is_taken(inspection, step, form, reason=reason, facts=facts):
        flash(said(spoken.done))
        return shown(inspection)
    if not is_open(inspection, step) and not form.form_errors:
        return shown(inspection)
    return render_page(
        "inspections/step.html",
        page=inspection_page(db.session(), inspection, current_actor(), today()),
        form=form,
        words=spoken,
        fields=[field for field in form if field.name not in ("csrf_token", "key", "version")],
        text=_,
        status=status_of(form),
    )
