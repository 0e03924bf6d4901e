"""批量导入: template, upload, preview, annotated copy, load, result."""

from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Blueprint, current_app, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.extensions import db
from portal.formatting import language, spoken_message, word
from portal.htmx import render_page
from portal.intake import judging
from portal.intake.effects import Effect, effects_of
from portal.intake.files import UploadedFiles
from portal.intake.forms import CommitForm, PlacesUploadForm, UploadForm
from portal.intake.judging import Upload, judged, judged_again, kept_since, kind_of
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import InvalidInput, NotAllowed
from registry.intake.coordinates import Crs
from registry.intake.declaration import WorkbookKind
from registry.intake.kinds import KINDS
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.operations import hold, record_preview
from registry.intake.problems import FileRefused
from registry.intake.queries import earlier_load, may_read_file, problems_of, recent_runs
from registry.messages import N_, message
from reports.figures.definitions import QUALIFIED_SHARE

bp = Blueprint("intake", __name__, url_prefix="/intake")

SHOWN_PROBLEMS = 100
"""Problems listed on the page; all of them are in the annotated file."""


@bp.get("/")
@allowed(Action.INTAKE_RUN)
def index() -> ResponseReturnValue:
    runs = recent_runs(db.session(), current_actor())
    return render_page("intake/index.html", kinds=KINDS.values(), names=KINDS, runs=runs)


@bp.get("/<kind>/template.xlsx")
@allowed(Action.INTAKE_RUN)
def template(kind: str) -> ResponseReturnValue:
    from reports.workbooks.templates import template as blank  # writing workbooks is not needed to start

    wanted = kind_of(kind)
    return _download(blank(wanted, locale=language(), gettext=_), f"{word(wanted)}.xlsx")


@bp.route("/<kind>", methods=["GET", "POST"])
@allowed(Action.INTAKE_RUN)
def upload(kind: str) -> ResponseReturnValue:
    wanted = kind_of(kind)
    form = PlacesUploadForm() if _has_points(wanted) else UploadForm()
    if form.validate_on_submit():
        try:
            run = _previewed(wanted, form, at=utc_now())
        except FileRefused as refusal:
            problem = refusal.problem
            form.file.errors = [spoken_message(problem.message), spoken_message(problem.remedy)]
        else:
            return redirect(url_for(".show", intake_run=run.code), code=303)
    return render_page("intake/upload.html", kind=wanted, form=form)


@bp.get("/runs/<code:intake_run>")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def show(intake_run: IntakeRun) -> ResponseReturnValue:
    actor, kind = current_actor(), kind_of(intake_run.kind)
    is_readable = may_read_file(actor, intake_run, kind)
    problems = problems_of(intake_run, with_values=is_readable)
    return render_page(
        "intake/run.html",
        run=intake_run,
        kind=kind,
        is_readable=is_readable,
        problems=problems[:SHOWN_PROBLEMS],
        left_out=max(0, len(problems) - SHOWN_PROBLEMS) + intake_run.problems_left_out,
        effects=effects_of(intake_run),
        effect_url=effect_url,
        earlier=earlier_load(db.session(), actor, kind=intake_run.kind, sha256=intake_run.sha256),
        is_kept=_files().read(intake_run) is not None,
        is_forgotten=intake_run.at < kept_since(db.session(), intake_run, utc_now()),
        form=CommitForm(),
    )


@bp.get("/runs/<code:intake_run>/annotated")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def annotated_copy(intake_run: IntakeRun) -> ResponseReturnValue:
    from reports.workbooks.annotating import annotated  # writing workbooks is not needed to start

    actor = current_actor()
    if not may_read_file(actor, intake_run, kind_of(intake_run.kind)):
        raise NotAllowed
    found = judged_again(
        db.session(), intake_run, _kept(intake_run), actor=actor, at=utc_now(), seals=current_seals()
    )
    copy = annotated(found, locale=language(), gettext=_)
    stem = intake_run.file_name.rpartition(".")[0]
    return _download(copy.data, f"{_('%(stem)s（已标注）', stem=stem)}.{copy.suffix}")


@bp.post("/runs/<code:intake_run>/commit")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def load(intake_run: IntakeRun) -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    if hold(session, intake_run) is IntakeState.COMMITTED:
        return redirect(url_for(".show", intake_run=intake_run.code), code=303)
    found = judged_again(
        session, intake_run, _kept(intake_run), actor=actor, at=utc_now(), seals=current_seals()
    )
    judging.load(session, intake_run, found, actor=actor, trail=current_trail())
    session.commit()
    flash(
        _(
            "已导入《%(file)s》：新增%(create)s行，更新%(update)s行。",
            file=intake_run.file_name,
            create=intake_run.create,
            update=intake_run.update,
        )
    )
    return redirect(url_for(".show", intake_run=intake_run.code), code=303)


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
    found = judged(session, kind, sent, actor=actor, at=at, seals=current_seals())
    run = record_preview(session, found, actor=actor, at=at)
    _files().forget(kept_since(session, run, at))
    if not found.holds_identity_numbers:
        _files().keep(run, sent.data)
    session.commit()
    return run


def _kept(run: IntakeRun) -> bytes:
    data = _files().read(run)
    if data is None:
        raise InvalidInput("file", message(N_("这个文件没有保存，或已清理；请重新上传。")))
    return data


def _files() -> UploadedFiles:
    return UploadedFiles(current_app.extensions["settings"].uploads, current_seals())


def _has_points(kind: WorkbookKind[Any]) -> bool:
    return any(column.key == "latitude" for column in kind.columns)


def _download(data: bytes, name: str) -> ResponseReturnValue:
    return send_file(BytesIO(data), as_attachment=True, download_name=name)
