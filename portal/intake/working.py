"""The page of a long file while a worker has it, and what hands it to one."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import Response, current_app, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal import jobs
from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import asks_for_fragment, render_page
from portal.intake.files import UploadedFiles
from portal.intake.judging import Upload, kept_since, kind_of
from portal.intake.progress import Progress, ProgressFile, Stage
from portal.sealing import current_seals
from portal.security import current_actor, current_trail
from portal.settings import Settings
from registry.clock import utc_now
from registry.intake.declaration import WorkbookKind
from registry.intake.errands import ask_to_check, ask_to_load, ask_to_undo, cancel, reason_of
from registry.intake.models import IntakeRun, IntakeState
from registry.intake.queries import may_load_part
from registry.intake.tables import RawTable

QUICK, SLOW = 2, 10
"""Seconds between two looks: soon after a worker was asked, and later."""
SOON = timedelta(seconds=60)
OVER_WITHOUT_A_LOAD = (IntakeState.FAILED, IntakeState.CANCELLED)


@dataclass(frozen=True)
class WorkView:
    """A file that a worker has, or that it could not finish."""

    run: IntakeRun
    at: datetime
    progress: Progress | None
    has_worker: bool

    @property
    def is_loading(self) -> bool:
        """Asked for after the preview."""
        return self.run.state is IntakeState.LOADING

    @property
    def is_undoing(self) -> bool:
        """Asked for after the load."""
        return self.run.state is IntakeState.UNDOING

    @property
    def is_putting_back(self) -> bool:
        """Records can be counted."""
        progress = self.progress
        return progress is not None and progress.stage is Stage.UNDOING and progress.done > 0

    @property
    def is_cancellable(self) -> bool:
        """Nothing is written yet."""
        return not self.is_undoing and self.run.is_in_hand and (not self.is_loading or self.run.is_queued)

    @property
    def is_judging(self) -> bool:
        """Rows can be counted."""
        return self.progress is not None and self.progress.stage is Stage.JUDGING

    @property
    def is_writing(self) -> bool:
        """The last part of a load."""
        return self.progress is not None and self.progress.stage is Stage.WRITING

    @property
    def seconds_left(self) -> int | None:
        """Until the check is over, or the load, whose writing takes about as long as its check."""
        progress = self.progress
        if progress is None:
            return None
        if progress.stage is Stage.WRITING:
            return max(1, round(progress.judged_in - progress.seconds))
        left = progress.seconds_left
        if left is None or not self.is_loading:
            return left
        return left + round(progress.seconds / progress.done * progress.rows)

    @property
    def seconds(self) -> int:
        """How long the worker has been at it."""
        begun = self.run.begun_at
        return max(0, round((self.at - begun).total_seconds())) if begun else 0

    @property
    def pause(self) -> int:
        """Seconds until the page looks again."""
        return QUICK if self.run.asked_at and self.at - self.run.asked_at < SOON else SLOW

    @property
    def reason(self) -> str:
        """Why it could not be done."""
        return reason_in_words(self.run)


def reason_in_words(run: IntakeRun) -> str:
    """Why a worker could not do what it was asked for; empty where it could."""
    found = reason_of(run)
    return spoken_message(found) if found else ""


def is_shown_for(run: IntakeRun) -> bool:
    """Whether there is nothing to show of the file but how far it is; a script that asks on is told to look anew."""
    return run.is_in_hand or run.state in OVER_WITHOUT_A_LOAD or asks_for_fragment()


def page(run: IntakeRun, kind: WorkbookKind[Any]) -> ResponseReturnValue:
    """The page, or its part that asks again by itself until there is a result."""
    if not run.is_in_hand and asks_for_fragment():
        return Response(status=200, headers={"HX-Refresh": "true"})
    now, settings = utc_now(), _settings()
    progress = ProgressFile(settings.home, run.code).read() if run.is_in_hand else None
    has_worker = run.is_in_hand and jobs.is_worker_at_work(settings)
    view = WorkView(run, now, progress, has_worker)
    return render_page("intake/work.html", fragment="intake/_progress.html", run=run, kind=kind, view=view)


def given_to_check(kind: WorkbookKind[Any], sent: Upload, table: RawTable, *, at: datetime) -> IntakeRun:
    """The bytes first, then the record, then the queue: what cannot be reached now is asked for by the next worker."""
    session, actor = db.session(), current_actor()
    run = ask_to_check(session, kind, table, crs=sent.crs, actor=actor, at=at)
    files = UploadedFiles(_settings().uploads, current_seals())
    files.forget(kept_since(session, run, at))
    files.keep(run, sent.data)
    session.commit()
    _ask(jobs.INTAKE_CHECK, run.code)
    return run


def given_to_load(run: IntakeRun, *, in_part: bool) -> ResponseReturnValue:
    """Once, however often it is pressed; `in_part`, the rows without errors alone."""
    session = db.session()
    is_of_part = in_part and may_load_part(run, kind_of(run.kind))
    if ask_to_load(session, run, actor=current_actor(), at=utc_now(), in_part=is_of_part):
        session.commit()
        _ask(jobs.INTAKE_LOAD, run.code)
    return redirect(url_for("intake.show", intake_run=run.code), code=303)


def given_to_undo(run: IntakeRun) -> ResponseReturnValue:
    """Once, however often it is pressed."""
    session = db.session()
    if ask_to_undo(session, run, actor=current_actor(), at=utc_now()):
        session.commit()
        _ask(jobs.INTAKE_UNDO, run.code)
    return redirect(url_for("intake.show", intake_run=run.code), code=303)


def cancelled(run: IntakeRun) -> ResponseReturnValue:
    """Nothing was written; the bytes go at once."""
    session = db.session()
    cancel(session, run, actor=current_actor(), at=utc_now(), trail=current_trail())
    session.commit()
    UploadedFiles(_settings().uploads, current_seals()).remove(run.code)
    flash(_("已取消《%(file)s》，没有导入任何一行。", file=run.file_name))
    return redirect(url_for("intake.show", intake_run=run.code), code=303)


def _ask(errand: jobs.Errand, code: str) -> None:
    try:
        jobs.ask_for(_settings(), errand, code)
    except jobs.JobStoreFailed:
        current_app.logger.warning("the job store cannot be reached", extra={"run": code})


def _settings() -> Settings:
    settings: Settings = current_app.extensions["settings"]
    return settings
