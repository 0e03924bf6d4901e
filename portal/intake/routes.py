"""批量导入: template, upload, preview, annotated copy, load, result; details.py has the lists behind the result."""

from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.formatting import language, spoken_message, word_within
from portal.htmx import render_page
from portal.intake import judging, working
from portal.intake.effects import Effect, effects_of
from portal.intake.findings import causes_of, kept_problems, problems_not_kept
from portal.intake.forms import CommitForm, PlacesUploadForm, UploadForm
from portal.intake.judging import (
    Upload,
    is_for_a_worker,
    judged_again,
    judged_table,
    kept_since,
    kind_of,
    read,
)
from portal.intake.kept import kept_file, refuse_readers, uploaded_files
from portal.intake.remains import told
from portal.sealing import current_seals
from portal.security import actor_may, allowed, current_actor, current_trail
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import utc_now
from registry.intake.coordinates import Crs
from registry.intake.declaration import WorkbookKind
from registry.intake.kinds import KINDS
from registry.intake.lines import sheet_of
from registry.intake.mappings import is_kept_to_be_mapped
from registry.intake.models import ASKS_COLUMNS, CONTENT, IntakeRun
from registry.intake.operations import hold, record_preview
from registry.intake.partial import may_be_loaded_in_part, without_errors
from registry.intake.problems import FileRefused
from registry.intake.queries import earlier_load, may_choose_known, may_load_part, may_read_file, recent_runs
from registry.intake.undoing import may_be_undone, undo_until, undoing_from
from reports.figures.definitions import QUALIFIED_SHARE

bp = Blueprint("intake", __name__, url_prefix="/intake")

SHOWN_PROBLEMS = 20
"""Problems listed on the page of the run; all of them have a page of their own."""
SHOWN_RANGES = 20
"""Rows that were left out, named on the page as ranges."""


@bp.get("/")
@allowed(Action.INTAKE_RUN)
def index() -> ResponseReturnValue:
    runs = recent_runs(db.session(), current_actor())
    kinds = [kind for kind in KINDS.values() if actor_may(kind.action)]
    return render_page("intake/index.html", kinds=kinds, names=KINDS, runs=runs)


@bp.get("/<kind>/template.xlsx")
@allowed(Action.INTAKE_RUN)
def template(kind: str) -> ResponseReturnValue:
    from reports.workbooks.templates import template as blank  # writing workbooks is not needed to start

    wanted = _offered(kind)
    return _download(blank(wanted, locale=language(), gettext=_), f"{word_within(wanted)}.xlsx")


@bp.route("/<kind>", methods=["GET", "POST"])
@allowed(Action.INTAKE_RUN)
def upload(kind: str) -> ResponseReturnValue:
    wanted = _offered(kind)
    form = PlacesUploadForm() if _has_points(wanted) else UploadForm()
    if form.validate_on_submit():
        try:
            run = _previewed(wanted, form, at=utc_now())
        except FileRefused as refusal:
            problem = refusal.problem
            form.file.errors = [spoken_message(problem.message), spoken_message(problem.remedy)]
        else:
            asks = run.options.get(ASKS_COLUMNS) and uploaded_files().read(run) is not None
            return redirect(url_for("columns.show" if asks else ".show", intake_run=run.code), code=303)
    return render_page("intake/upload.html", kind=wanted, form=form)


@bp.get("/runs/<code:intake_run>")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def show(intake_run: IntakeRun) -> ResponseReturnValue:
    actor, session, kind = current_actor(), db.session(), kind_of(intake_run.kind)
    if working.is_shown_for(intake_run):
        return working.page(intake_run, kind)
    is_readable, at = may_read_file(actor, intake_run, kind), utc_now()
    problems = kept_problems(intake_run, with_values=is_readable)
    return render_page(
        "intake/run.html",
        run=intake_run,
        kind=kind,
        is_readable=is_readable,
        causes=causes_of(problems),
        problems=problems[:SHOWN_PROBLEMS],
        problem_count=len(problems) + problems_not_kept(intake_run),
        effects=effects_of(intake_run),
        effect_url=effect_url,
        earlier=earlier_load(
            session,
            actor,
            kind=intake_run.kind,
            sha256=intake_run.sha256,
            content=intake_run.options.get(CONTENT, ""),
        ),
        is_kept=uploaded_files().read(intake_run) is not None,
        has_rows=uploaded_files().sheet(intake_run) is not None,
        is_forgotten=intake_run.at < kept_since(session, intake_run, at),
        may_load_part=may_load_part(intake_run, kind),
        may_choose_known=may_choose_known(intake_run, kind),
        undo_until=undo_until(session, intake_run) if may_be_undone(session, intake_run, at) else None,
        left_out_words=_("、").join(_range_in_words(*one) for one in intake_run.left_out_rows[:SHOWN_RANGES])
        + ("…" if len(intake_run.left_out_rows) > SHOWN_RANGES else ""),
        undoing=told(session, undoing_from(intake_run.undone), actor),
        not_undone=working.reason_in_words(intake_run),
        form=CommitForm(),
        text=_,
    )


@bp.get("/runs/<code:intake_run>/annotated")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def annotated_copy(intake_run: IntakeRun) -> ResponseReturnValue:
    from reports.workbooks.annotating import annotated  # writing workbooks is not needed to start

    refuse_readers(intake_run)
    data, actor = kept_file(intake_run), current_actor()
    found = judged_again(db.session(), intake_run, data, actor=actor, at=utc_now(), seals=current_seals())
    copy = annotated(found, locale=language(), gettext=_)
    stem = intake_run.file_name.rpartition(".")[0]
    return _download(copy.data, f"{_('%(stem)s（已标注）', stem=stem)}.{copy.suffix}")


@bp.post("/runs/<code:intake_run>/commit")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def load(intake_run: IntakeRun) -> ResponseReturnValue:
    return _load(intake_run, in_part=False)


@bp.post("/runs/<code:intake_run>/commit-part")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def load_part(intake_run: IntakeRun) -> ResponseReturnValue:
    """The rows without errors."""
    return _load(intake_run, in_part=True)


def _load(intake_run: IntakeRun, *, in_part: bool) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    if intake_run.asked_at is not None:
        return working.given_to_load(intake_run, in_part=in_part)
    hold(session, intake_run)
    if intake_run.is_over:
        return redirect(url_for(".show", intake_run=intake_run.code), code=303)
    found = judged_again(
        session, intake_run, kept_file(intake_run), actor=actor, at=utc_now(), seals=current_seals()
    )
    is_of_part = in_part and may_be_loaded_in_part(found)
    loaded, left_out = without_errors(session, found) if is_of_part else (found, [])
    judging.load(session, intake_run, loaded, actor=actor, trail=current_trail(), left_out=left_out)
    uploaded_files().keep_sheet(intake_run, sheet_of(found))
    session.commit()
    flash(_load_in_words(intake_run))
    return redirect(url_for(".show", intake_run=intake_run.code), code=303)


def _range_in_words(first: int, last: int) -> str:
    return str(first) if first == last else f"{first}–{last}"


def _load_in_words(run: IntakeRun) -> str:
    counts = {"file": run.file_name, "create": run.create, "update": run.update, "left_out": run.left_out}
    if run.left_out:
        return str(
            _(
                "已导入《%(file)s》：新增%(create)s行，更新%(update)s行；有错误的%(left_out)s行没有导入。",
                **counts,
            )
        )
    return str(_("已导入《%(file)s》：新增%(create)s行，更新%(update)s行。", **counts))


@bp.post("/runs/<code:intake_run>/cancel")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def cancel(intake_run: IntakeRun) -> ResponseReturnValue:
    return working.cancelled(intake_run)


def effect_url(effect: Effect) -> str:
    """The figure of the division, or the person-by-person ledger of the institution."""
    code = QUALIFIED_SHARE.code
    if effect.is_institution:
        return url_for("figures.organisation", code=code, organisation=effect.code)
    return url_for("figures.show", code=code, division=effect.code)


def _previewed(kind: WorkbookKind[Any], form: UploadForm, *, at: datetime) -> IntakeRun:
    session, actor = db.session(), current_actor()
    crs = Crs(form.crs.data) if isinstance(form, PlacesUploadForm) else Crs.WGS84
    sent = Upload(form.file.data.filename or "", form.file.data.read(), crs)
    table = read(kind, sent)
    if is_for_a_worker(session, kind, table, actor=actor, at=at):
        return working.given_to_check(kind, sent, table, at=at)
    found = judged_table(session, kind, table, crs=crs, actor=actor, at=at, seals=current_seals())
    run = record_preview(session, found, actor=actor, at=at)
    uploaded_files().forget(kept_since(session, run, at))
    if not found.holds_identity_numbers or is_kept_to_be_mapped(found):
        uploaded_files().keep(run, sent.data)
    uploaded_files().keep_sheet(run, sheet_of(found))
    session.commit()
    return run


def _offered(code: str) -> WorkbookKind[Any]:
    """NotAllowed where the kind is for others: an organisation loads no list of the authority."""
    kind = kind_of(code)
    authorize(current_actor(), kind.action)
    return kind


def _has_points(kind: WorkbookKind[Any]) -> bool:
    return any(column.key == "latitude" for column in kind.columns)


def _download(data: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(data), as_attachment=True, download_name=name)
