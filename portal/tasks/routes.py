"""`/tasks`: what departments ask of one another, and the joint list of a place."""

from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting import export_answer
from portal.extensions import db
from portal.frame import place_name
from portal.htmx import render_page
from portal.listing import DIVISION, ListView, Words, ask, fetched, places_of
from portal.security import allowed, current_actor, current_trail
from portal.tasks.forms import AgainForm, RequestForm, WordsForm
from portal.tasks.views import (
    STANDING_KINDS,
    grouped_receivers,
    load_rows,
    task_page,
)
from portal.workflow.forms import StepForm
from portal.workflow.taking import is_taken
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.codes import NATION
from registry.errors import InvalidInput, NotVisible
from registry.listing import Question
from registry.messages import N_, message
from registry.policy.queries import working_calendar
from registry.tasks.models import DepartmentTask
from registry.tasks.operations import Request, task_of
from registry.tasks.queries import TASKS, WHOLE, loads, task_by_id
from registry.tasks.receivers import Receiver, receivers_for
from registry.tasks.workflow import TaskStep
from registry.workflow.clocks import cut_off
from registry.workflow.operations import start
from registry.workflow.queries import open_steps

bp = Blueprint("tasks", __name__, url_prefix="/tasks")

WORDS = Words(
    total=_l("共 %(count)s 件任务（%(place)s，含下级）"),
    capped=_l("超过 %(count)s 件任务（%(place)s，含下级）"),
)
SHOW = "show"


@bp.get("")
@allowed(Action.TASK_SEE)
def index() -> ResponseReturnValue:
    session, actor, question = db.session(), current_actor(), asked()
    page = fetched(session, question)
    place = question.typed.get(DIVISION, NATION)
    return render_page(
        "tasks/index.html",
        view=ListView(
            question,
            page,
            places_of(session, question, actor.division_code),
            WORDS,
            endpoint="tasks.index",
            tabs=frozenset({SHOW}),
        ),
        loads=load_rows(loads(session, actor, place, question.on), place),
        place_of={code: place_name(code) for row in page.rows for code in (row.from_code, row.to_code)},
        standing_kinds=STANDING_KINDS,
    )


@bp.get("/export")
@allowed(Action.TASK_SEE)
def export() -> ResponseReturnValue:
    return export_answer(asked(), title=_("部门任务清单"), action=Action.TASK_SEE)


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.TASK_SEND)
def new() -> ResponseReturnValue:
    receivers = receivers_for(db.session(), current_actor(), today())
    closes = cut_off(db.session(), current_actor().division_code, today())
    form = RequestForm(grouped_receivers(receivers), closes)
    if form.validate_on_submit():
        try:
            task = _sent(form, receivers)
        except InvalidInput as fault:
            db.session.rollback()
            form.refused(fault)
        else:
            flash(_("任务已发出，对方的待办里会出现。"))
            return _shown(task)
    return render_page("tasks/new.html", form=form, receivers=receivers)


@bp.get("/<code:department_task>")
@allowed(Action.TASK_SEE, on=DepartmentTask, load=WHOLE)
def show(department_task: DepartmentTask) -> ResponseReturnValue:
    return _page("tasks/show.html", department_task, StepForm(data={"version": department_task.version}))


@bp.post("/<code:department_task>/accept")
@allowed(Action.TASK_ANSWER, on=DepartmentTask, load=WHOLE)
def accept(department_task: DepartmentTask) -> ResponseReturnValue:
    return _direct(department_task, TaskStep.ACCEPT, _("任务已接收，请在期限内答复。"))


@bp.post("/<code:department_task>/close")
@allowed(Action.TASK_SEND, on=DepartmentTask, load=WHOLE)
def close(department_task: DepartmentTask) -> ResponseReturnValue:
    return _direct(department_task, TaskStep.CLOSE, _("任务已办结。"))


@bp.route("/<code:department_task>/reply", methods=["GET", "POST"])
@allowed(Action.TASK_ANSWER, on=DepartmentTask, load=WHOLE)
def reply(department_task: DepartmentTask) -> ResponseReturnValue:
    form = _words(department_task, _("答复"), _("请写明答复。"))
    return _said(
        department_task, TaskStep.REPLY, form, "tasks/reply.html", _("答复已送出，发出任务的部门会看到。")
    )


@bp.route("/<code:department_task>/decline", methods=["GET", "POST"])
@allowed(Action.TASK_ANSWER, on=DepartmentTask, load=WHOLE)
def decline(department_task: DepartmentTask) -> ResponseReturnValue:
    form = _words(department_task, _("退回理由"), _("请写明退回理由。"))
    return _said(
        department_task, TaskStep.DECLINE, form, "tasks/decline.html", _("任务已退回，对方会看到理由。")
    )


@bp.route("/<code:department_task>/withdraw", methods=["GET", "POST"])
@allowed(Action.TASK_SEND, on=DepartmentTask, load=WHOLE)
def withdraw(department_task: DepartmentTask) -> ResponseReturnValue:
    form = _words(department_task, _("撤回原因"), _("请写明撤回原因。"))
    return _said(
        department_task, TaskStep.WITHDRAW, form, "tasks/withdraw.html", _("任务已撤回，已通知对方。")
    )


@bp.route("/<code:department_task>/ask-again", methods=["GET", "POST"])
@allowed(Action.TASK_SEND, on=DepartmentTask, load=WHOLE)
def ask_again(department_task: DepartmentTask) -> ResponseReturnValue:
    form = AgainForm(_("还需要什么"), _("请写明还需要什么。"), data={"version": department_task.version})
    return _said(
        department_task,
        TaskStep.ASK_AGAIN,
        form,
        "tasks/ask_again.html",
        _("已再次要求答复，对方的待办里会出现。"),
        facts=form.new_deadline,
    )


def asked() -> Question:
    """What the address asks of the tasks."""
    return ask(TASKS, Action.TASK_SEE)


def _sent(form: RequestForm, receivers: list[Receiver]) -> DepartmentTask:
    """The task that this form makes, or made before when it is sent twice."""
    session, actor, at = db.session(), current_actor(), utc_now()
    chosen = next((one for one in receivers if one.key == form.receiver.data), None)
    if chosen is None:
        raise InvalidInput("receiver", message(N_("请选择接收部门。")))
    wanted = Request(form.title.data or "", form.content.data or "", form.due_on.data, chosen.desk)
    taken = start(
        session,
        task_of(wanted, actor=actor, at=at),
        actor=actor,
        at=at,
        trail=current_trail(),
        calendar=working_calendar(session),
        idempotency_key=form.key.data,
    )
    session.commit()
    task = task_by_id(session, taken.subject_id)
    if task is None:
        raise NotVisible
    return task


def _words(task: DepartmentTask, label: str, missing: str) -> WordsForm:
    return WordsForm(label, missing, data={"version": task.version})


def _direct(task: DepartmentTask, step: TaskStep, done: str) -> ResponseReturnValue:
    """A step that is taken from the page of the task, which shows all there is to check."""
    form = StepForm(data={"version": task.version})
    if form.validate_on_submit() and is_taken(task, step, form):
        flash(done)
        return _shown(task)
    return _page("tasks/show.html", task, form)


def _said(
    task: DepartmentTask, step: TaskStep, form: WordsForm, template: str, done: str, **more: Any
) -> ResponseReturnValue:
    if form.validate_on_submit() and is_taken(task, step, form, reason=form.reason.data, **more):
        flash(done)
        return _shown(task)
    is_open = step in {one.step for one in open_steps(db.session(), task, current_actor())}
    return _page(template, task, form) if is_open or form.form_errors else _shown(task)


def _page(template: str, task: DepartmentTask, form: StepForm) -> ResponseReturnValue:
    page = task_page(db.session(), task, current_actor(), today())
    return render_page(template, page=page, form=form, status=409 if form.form_errors else 200)


def _shown(task: DepartmentTask) -> ResponseReturnValue:
    return redirect(url_for(".show", department_task=task.code), code=303)
