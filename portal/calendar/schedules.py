"""/calendar/schedule: the notice of a year is read from a file, shown with what it changes, and confirmed."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.calendar.forms import ConfirmForm, ScheduleForm
from portal.extensions import db
from portal.formatting import spoken_message
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import today, utc_now
from registry.intake.problems import FileRefused, Severity
from registry.intake.tables import RawTable
from registry.policy.schedules import (
    HEADERS,
    Changes,
    Fault,
    Schedule,
    ScheduledDay,
    ScheduleRefused,
    changes_by,
    read_schedule,
)
from registry.workflow.redating import publish
from reports.workbooks.reading import read_table

bp = Blueprint("schedules", __name__, url_prefix="/calendar/schedule")

WORKS, OFF = "1", "0"
SAMPLE = (("2026-10-01", "放假", "国庆节"), ("2026-10-10", "上班", "国庆节调休"))
"""What a file looks like."""


@dataclass(frozen=True)
class Line:
    """One day of the preview, with what taking it over would do."""

    one: ScheduledDay
    effect: str
    kind: str


@bp.route("", methods=["GET", "POST"])
@allowed(Action.CALENDAR_CHANGE)
def upload() -> ResponseReturnValue:
    form = ScheduleForm(year=today().year + 1)
    if not form.validate_on_submit():
        return _upload_page(form)
    try:
        table = read_table(form.file.data.read(), form.file.data.filename or "")
        schedule = _read(int(form.year.data or 0), str(form.source.data), table)
    except FileRefused as refusal:
        form.file.errors = [spoken_message(refusal.problem.message), spoken_message(refusal.problem.remedy)]
        return _upload_page(form)
    except ScheduleRefused as refusal:
        return _upload_page(form, refusal.faults)
    return _preview(schedule)


@bp.post("/confirm")
@allowed(Action.CALENDAR_CHANGE)
def confirm() -> ResponseReturnValue:
    form = ConfirmForm()
    if not form.validate_on_submit():
        flash(_("预览已失效，请重新选择文件。"))
        return redirect(url_for(".upload"), code=303)
    try:
        schedule = read_schedule(
            int(form.year.data or 0), str(form.source.data), *unpacked(str(form.days.data))
        )
    except ScheduleRefused as refusal:
        return _upload_page(ScheduleForm(formdata=None, year=form.year.data), refusal.faults)
    done = publish(db.session(), schedule, actor=current_actor(), at=utc_now(), trail=current_trail())
    db.session.commit()
    flash(
        _("与现有安排一致，没有变化。")
        if done.changes.is_empty
        else _(
            "%(year)s年的放假安排已启用：%(moved)s件待办的到期时间有变动，%(confirmed)s件不再是估计。",
            year=schedule.year,
            moved=done.redated.moved,
            confirmed=done.redated.confirmed,
        )
    )
    return redirect(url_for("calendar.show", month=f"{schedule.year}-01"), code=303)


def _read(year: int, source: str, table: RawTable) -> Schedule:
    """ScheduleRefused also for what the reader of the file found."""
    found = [Fault(one.row or None, one.message) for one in table.problems if one.severity is Severity.ERROR]
    if found:
        raise ScheduleRefused(found)
    return read_schedule(year, source, table.headers, [(row.number, row.cells) for row in table.rows])


def _upload_page(form: ScheduleForm, faults: Sequence[Fault] = ()) -> ResponseReturnValue:
    status = 200 if not (faults or form.errors) else 400
    return render_page(
        "calendar/upload.html", form=form, faults=faults, heads=HEADERS.values(), sample=SAMPLE, status=status
    )


def _preview(schedule: Schedule) -> ResponseReturnValue:
    changes = changes_by(db.session(), schedule)
    return render_page(
        "calendar/preview.html",
        schedule=schedule,
        changes=changes,
        lines=[_line(one, changes) for one in schedule.days],
        days=packed(schedule),
    )


def _line(one: ScheduledDay, changes: Changes) -> Line:
    if one.day in changes.added:
        return Line(one, _("新增"), "active")
    return Line(one, _("更改"), "waiting") if one.day in changes.changed else Line(one, _("不变"), "draft")


def packed(schedule: Schedule) -> str:
    """The days as text, for the form that confirms them."""
    text = StringIO()
    rows = ((one.day.isoformat(), WORKS if one.is_workday else OFF, one.name) for one in schedule.days)
    csv.writer(text, lineterminator="\n").writerows(rows)
    return text.getvalue()


def unpacked(text: str) -> tuple[tuple[str, ...], list[tuple[int, list[str]]]]:
    """Heads and numbered rows of it."""
    lines = csv.reader(StringIO(text.replace("\0", "")))
    return tuple(HEADERS), [(number, row) for number, row in enumerate(lines, start=2) if row]
