"""Files that hold people: a page asks what for, the file says who took it, the trail says both.

What may be taken, and how often, is `registry/access/exports.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any

from flask import Response, g, render_template, send_file
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, StringField

from portal.exporting import MIME_TYPES, asked_format
from portal.extensions import db
from portal.formatting import moment, spoken_message, word
from portal.security import current_actor, current_trail
from registry.access.exports import (
    ExportReason,
    Purpose,
    TakenAlong,
    most_a_day,
    most_rows,
    record_people_export,
    refuse_large,
    taken_today,
)
from registry.access.rules import authorize
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import InvalidInput
from reports.workbooks.exporting import Watermark, export_csv, export_xlsx

Rows = Sequence[Sequence[Any]]


@dataclass(frozen=True)
class PeopleFile:
    """What would be taken along; its rows are read when somebody answers for it."""

    title: str
    name: str
    """Of the file, without its ending."""
    headers: Sequence[str]
    count: int
    """How many people; more than the cap where they were counted no further."""
    read: Callable[[], Rows] = field(repr=False)
    about: Sequence[tuple[str, str]]
    """Labels and values: what was asked."""
    subject_type: str
    subject_code: str
    division_code: str
    facts: Mapping[str, Any]
    back: str
    """The page where it was asked for."""

    def taken(self, kind: str, rows: int) -> TakenAlong:
        """The same as the trail names it."""
        facts = {**self.facts, "format": kind}
        return TakenAlong(self.subject_type, self.subject_code, self.division_code, rows, facts)


class PurposeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What the file is for; the purpose is read by the rule of the registry."""

    reason = RadioField(_l("导出用途"), validate_choice=False)
    note = StringField(
        _l("具体用途"),
        description=_l("4至100个字，写明文号、会议或事项，如“2026年第四季度从业人员核对”。"),
        render_kw={"lang": "zh-Hans", "maxlength": 100},
    )

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = {one.value: word(one) for one in ExportReason}

    def purpose(self) -> Purpose | None:
        """What was typed, or None with the error beside its field."""
        try:
            return Purpose.of(self.reason.data or "", self.note.data or "")
        except InvalidInput as refusal:
            named = self[refusal.field]
            named.errors = [spoken_message(refusal.message)] if refusal.message else []
            return None


def people_answer(file: PeopleFile) -> ResponseReturnValue:
    """The page that asks what for, and then the file."""
    kind, form = asked_format(), PurposeForm()
    authorize(current_actor(), Action.PRACTITIONER_EXPORT)
    if not form.validate_on_submit():
        return _page(file, kind, form)
    purpose = form.purpose()
    return _page(file, kind, form, status=400) if purpose is None else _file(file, kind, purpose)


def _page(file: PeopleFile, kind: str, form: PurposeForm, *, status: int = 200) -> tuple[str, int]:
    session, actor, now = db.session(), current_actor(), utc_now()
    return render_template(
        "exports/people.html",
        file=file,
        kind=kind,
        form=form,
        most=most_rows(session, actor, now),
        most_a_day=most_a_day(session, actor, now),
        taken=taken_today(session, actor, now),
    ), status


def _file(file: PeopleFile, kind: str, purpose: Purpose) -> Response:
    """Made before it is entered in the trail, and handed over after."""
    session, actor, trail, now = db.session(), current_actor(), current_trail(), utc_now()
    refuse_large(file.count, most_rows(session, actor, now))
    rows = file.read()
    content = _content(file, kind, purpose, rows, now)
    record_people_export(session, file.taken(kind, len(rows)), purpose, actor=actor, at=now, trail=trail)
    session.commit()
    name = f"{file.name}.{kind}"
    return send_file(BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name)


def _content(file: PeopleFile, kind: str, purpose: Purpose, rows: Rows, now: datetime) -> bytes:
    if kind == "csv":
        return export_csv(file.headers, rows, gettext=gettext)
    mark = watermark(now)
    about = [
        *file.about,
        (gettext("行数"), str(len(rows))),
        (gettext("导出用途"), word(purpose.reason)),
        (gettext("具体用途"), purpose.note),
        (gettext("导出人"), current_actor().name),
        (gettext("导出时间"), moment(now)),
        (gettext("请求编号"), str(g.get("request_id", ""))),
        (gettext("使用要求"), mark.above),
    ]
    return export_xlsx(file.headers, rows, title=file.title, about=about, gettext=gettext, mark=mark)


def watermark(now: datetime) -> Watermark:
    """At the head how to treat the page, at its foot who took it when, and where the trail says so."""
    places = {
        "name": current_actor().name,
        "username": current_actor().username,
        "at": moment(now),
        "request": g.get("request_id", ""),
    }
    return Watermark(
        above=gettext("含个人信息，仅限所填用途使用，不得转发"),
        below=gettext("%(name)s（%(username)s） %(at)s 请求编号 %(request)s", **places),
    )
