"""The lists behind a run: its findings by cause, its rows with who counts, and the way back."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.figures.speaking import WORDS
from portal.htmx import render_page
from portal.intake import working
from portal.intake.findings import (
    PAGE_ROWS,
    PRINTED_ROWS,
    causes_of,
    kept_problems,
    narrowed,
    page_of,
    problems_not_kept,
)
from portal.intake.forms import CommitForm
from portal.intake.judging import is_undone_by_a_worker, kind_of, undo_load
from portal.intake.kept import uploaded_files
from portal.intake.known import bp as bp
from portal.intake.people import standings_of
from portal.intake.remains import told
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput
from registry.intake.declaration import Outcome
from registry.intake.lines import Line, as_seen, named_columns
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.operations import hold
from registry.intake.queries import may_read_file
from registry.intake.undoing import foresee, may_be_undone, undo_until, undoing_from
from registry.messages import N_, message

OUTCOMES = {
    Outcome.CREATE: N_("新增"),
    Outcome.UPDATE: N_("更新"),
    Outcome.SAME: N_("与登记册相同"),
    Outcome.SKIP: N_("已有，跳过"),
    Outcome.DUPLICATE: N_("文件内重复"),
    Outcome.ERROR: N_("错误"),
}


@bp.get("/runs/<code:intake_run>/problems")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def problems(intake_run: IntakeRun) -> ResponseReturnValue:
    kind = kind_of(intake_run.kind)
    is_readable = may_read_file(current_actor(), intake_run, kind)
    every = kept_problems(intake_run, with_values=is_readable)
    severity, cause = request.args.get("severity", ""), request.args.get("cause", "")
    found = narrowed(every, severity=severity, cause=cause)
    is_print = request.args.get("all") == "1"
    page = page_of(found, request.args.get("page", "1"))
    return render_page(
        "intake/problems.html",
        run=intake_run,
        kind=kind,
        causes=causes_of(every),
        severity=severity,
        cause=cause,
        page=page,
        problems=found[:PRINTED_ROWS] if is_print else page.rows,
        is_print=is_print,
        not_kept=problems_not_kept(intake_run),
        address=lambda **asked: _address("problems", intake_run, severity=severity, cause=cause, **asked),
        size=PAGE_ROWS,
    )


@bp.get("/runs/<code:intake_run>/rows")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def rows(intake_run: IntakeRun) -> ResponseReturnValue:
    actor, kind = current_actor(), kind_of(intake_run.kind)
    sheet = uploaded_files().sheet(intake_run)
    outcome = _outcome(request.args.get("outcome", ""))
    lines = [] if sheet is None else [line for line in sheet.lines if outcome in (None, line.outcome)]
    page = page_of(lines, request.args.get("page", "1"))
    is_loaded = intake_run.state is IntakeState.COMMITTED
    return render_page(
        "intake/rows.html",
        run=intake_run,
        kind=kind,
        columns={column.key: column for column in kind.columns},
        named=named_columns(kind),
        outcome=outcome,
        outcomes=OUTCOMES,
        page=page,
        lines=as_seen(page.rows, kind, is_readable=may_read_file(actor, intake_run, kind)),
        is_kept=sheet is not None and bool(sheet.lines),
        standings=_standings(intake_run, page.rows) if is_loaded and kind.holds_people else None,
        words=WORDS,
        address=lambda **asked: _address("rows", intake_run, outcome=outcome, **asked),
        size=PAGE_ROWS,
    )


@bp.route("/runs/<code:intake_run>/undo", methods=["GET", "POST"])
@allowed(Action.INTAKE_UNDO, on=IntakeRun)
def undo(intake_run: IntakeRun) -> ResponseReturnValue:
    session, actor, form = db.session(), current_actor(), CommitForm()
    if intake_run.state is IntakeState.UNDOING:
        return redirect(url_for("intake.show", intake_run=intake_run.code), code=303)
    if form.validate_on_submit():
        hold(session, intake_run)
        if intake_run.state is IntakeState.UNDONE:
            flash(_("这次导入已由%(name)s撤销过，不用再撤销。", name=intake_run.undone_by))
            return redirect(url_for("intake.show", intake_run=intake_run.code), code=303)
        if is_undone_by_a_worker(session, intake_run, utc_now()):
            return working.given_to_undo(intake_run)
        done = undo_load(session, intake_run, actor=actor, at=utc_now(), trail=current_trail())
        session.commit()
        flash(_("已撤销《%(file)s》的导入。", file=intake_run.file_name))
        if done.kept_count:
            flash(_("有%(count)s条记录导入后又有变动，没有撤销，已列在页面上。", count=done.kept_count))
        return redirect(url_for("intake.show", intake_run=intake_run.code), code=303)
    is_open = may_be_undone(session, intake_run, utc_now())
    ahead = foresee(session, intake_run) if is_open else undoing_from(intake_run.undone)
    return render_page(
        "intake/undo.html",
        run=intake_run,
        kind=kind_of(intake_run.kind),
        is_open=is_open,
        until=undo_until(session, intake_run),
        undoing=told(session, ahead, actor),
        form=form,
    )


def _standings(run: IntakeRun, lines: Sequence[Line]) -> dict[str, Any]:
    numbers = [
        line.names[0] for line in lines if line.outcome in (Outcome.CREATE, Outcome.UPDATE, Outcome.SAME)
    ]
    return standings_of(db.session(), run, numbers, actor=current_actor(), on=today(utc_now()))


def _outcome(typed: str) -> Outcome | None:
    try:
        return Outcome(typed) if typed else None
    except ValueError:
        raise InvalidInput("outcome", message(N_("筛选条件不认识；请从导入页重新选择。"))) from None


def _address(endpoint: str, run: IntakeRun, **asked: Any) -> str:
    values = {name: value for name, value in asked.items() if value}
    return url_for(f".{endpoint}", intake_run=run.code, **values)
