"""Files that hold people: a page asks what for, the file says who took it, the trail says both.

What may be taken, and how often, is `registry/access/exports.py`; above the cap a second person lets the file go
(`registry/releases`), and it is asked for and taken here, where it is made.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from io import BytesIO
from typing import Any
from uuid import uuid4

from flask import Response, g, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, Length

from portal.errors import record_refusal
from portal.exporting import MIME_TYPES, asked_format
from portal.extensions import db
from portal.formatting import moment, spoken_message, word
from portal.releases.asking import ask_for_release, asked_for, release_named
from portal.releases.views import facts_of
from portal.security import current_actor, current_trail, require_proof
from registry.access.actors import Actor
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
from registry.access.rules import authorize, may
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import ExportTooLarge, InvalidInput, RequirementUnmet
from registry.policy.queries import working_calendar
from registry.releases.models import FileKind, Release
from registry.releases.operations import Wanted, refuse_other
from registry.releases.queries import released_by
from registry.releases.taking import take_release
from registry.releases.workflow import ReleaseStep
from registry.workflow.queries import open_steps
from reports.workbooks.exporting import Watermark, export_csv, export_xlsx

Rows = Sequence[Sequence[Any]]
About = Sequence[tuple[str, str]]
"""Labels and values: what was asked."""
Make = Callable[[str, Rows, About, Watermark | None], bytes]
"""From its kind, its rows, the lines about it and the mark of its pages."""

ASK = "ask"
"""The button that asks for a release instead of the file."""


@dataclass(frozen=True)
class PeopleFile:
    """What would be taken along; its rows are read when somebody answers for it."""

    title: str
    name: str
    """Of the file, without its ending."""
    headers: Sequence[str]
    count: int
    """How many people; more than the cap where they were counted no further."""
    count_all: Callable[[], int] = field(repr=False)
    """How many there are, however many."""
    read: Callable[[], Rows] = field(repr=False)
    about: About
    subject_type: str
    subject_code: str
    division_code: str
    facts: Mapping[str, Any]
    back: str
    """The page where it was asked for."""
    make: Make | None = field(default=None, repr=False)
    """For a file with a form of its own; else it is a list."""

    def taken(self, kind: str, rows: int) -> TakenAlong:
        """The same as the trail names it."""
        facts = {**self.facts, "format": kind}
        return TakenAlong(self.subject_type, self.subject_code, self.division_code, rows, facts)

    def wanted(self, kind: str, rows: int) -> Wanted:
        """The same as a release names it."""
        about = tuple((str(label), str(value)) for label, value in self.about)
        return Wanted(FileKind(kind), self.title, request.path, asked_for(), about, rows)


class PurposeForm(FlaskForm):  # type: ignore[misc]  # Flask-WTF has no types
    """What the file is for; the purpose is read by the rule of the registry."""

    reason = RadioField(_l("导出用途"), validate_choice=False)
    note = StringField(
        _l("具体用途"),
        description=_l("4至100个字，写明文号、会议或事项，如“2026年第四季度从业人员核对”。"),
        render_kw={"lang": "zh-Hans", "maxlength": 100},
    )

    key = HiddenField(default=lambda: uuid4().hex, validators=[DataRequired(), Length(min=16, max=64)])

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
    """The page that asks what for, and then the file, or the release that it needs."""
    kind, form = asked_format(), PurposeForm()
    authorize(current_actor(), Action.PRACTITIONER_EXPORT)
    release = release_named()
    if release is not None:
        return _released_answer(file, kind, release)
    if not form.validate_on_submit():
        return _page(file, kind, form)
    purpose = form.purpose()
    if purpose is None:
        return _page(file, kind, form, status=400)
    require_proof()
    if ASK in request.form:
        return _asked(file, kind, form, purpose)
    return _file_or_offer(file, kind, form, purpose)


def _page(file: PeopleFile, kind: str, form: PurposeForm, *, status: int = 200) -> tuple[str, int]:
    session, actor, now = db.session(), current_actor(), utc_now()
    most = most_rows(session, actor, now)
    return render_template(
        "exports/people.html",
        file=file,
        kind=kind,
        form=form,
        most=most,
        may_ask=may(actor, Action.RELEASE_ASK),
        count=file.count_all() if file.count > most else file.count,
        most_a_day=most_a_day(session, actor, now),
        taken=taken_today(session, actor, now),
    ), status


def _file_or_offer(file: PeopleFile, kind: str, form: PurposeForm, purpose: Purpose) -> ResponseReturnValue:
    """Above the cap the refusal is an entry, and the page offers the release with what was typed kept."""
    try:
        return _file(file, kind, purpose)
    except ExportTooLarge as refusal:
        if not may(current_actor(), Action.RELEASE_ASK):
            raise
        record_refusal(current_actor())
        form.form_errors.append(spoken_message(refusal.message) if refusal.message else str(refusal))
        return _page(file, kind, form, status=403)


def _asked(file: PeopleFile, kind: str, form: PurposeForm, purpose: Purpose) -> ResponseReturnValue:
    """Leads to the release, or says beside the form why there is none to ask for."""
    try:
        return ask_for_release(file.wanted(kind, file.count_all()), purpose, form.key.data or "")
    except RequirementUnmet as unmet:
        db.session.rollback()
        form.form_errors.append(spoken_message(unmet.message) if unmet.message else str(unmet))
        return _page(file, kind, form, status=409)


def _file(file: PeopleFile, kind: str, purpose: Purpose) -> Response:
    """Made before it is entered in the trail, and handed over after."""
    session, actor, trail, now = db.session(), current_actor(), current_trail(), utc_now()
    refuse_large(file.count, most_rows(session, actor, now))
    rows = file.read()
    content = _content(file, kind, purpose, rows, now)
    record_people_export(session, file.taken(kind, len(rows)), purpose, actor=actor, at=now, trail=trail)
    session.commit()
    return _sent(file, kind, content)


def _released_answer(file: PeopleFile, kind: str, release: Release) -> ResponseReturnValue:
    """The page with the one button, and then the file; who cannot take it is led to the release as it stands."""
    if request.method == "POST":
        require_proof()
        return _released_file(file, kind, release)
    steps = open_steps(db.session(), release, current_actor())
    if ReleaseStep.TAKE not in {transition.step for transition in steps}:
        return redirect(url_for("releases.show", release=release.code), code=303)
    return render_template(
        "exports/released.html",
        file=file,
        kind=kind,
        release=release,
        facts=facts_of(release),
        problem=_problem(file, kind, release),
    )


def _problem(file: PeopleFile, kind: str, release: Release) -> str:
    """Why this is not the file that was released; empty where it is."""
    try:
        refuse_other(release, file.wanted(kind, file.count_all()), today())
    except RequirementUnmet as unmet:
        return spoken_message(unmet.message) if unmet.message else str(unmet)
    return ""


def _released_file(file: PeopleFile, kind: str, release: Release) -> Response:
    """Used up in the transaction of its entries, and handed over after."""
    session, now = db.session(), utc_now()
    rows, purpose = file.read(), Purpose(release.reason, release.note)
    released = [(gettext("批准人"), released_by(session, release)), (gettext("申请编号"), release.code)]
    content = _content(file, kind, purpose, rows, now, released)
    take_release(
        session,
        release,
        file.wanted(kind, len(rows)),
        file.taken(kind, len(rows)),
        actor=current_actor(),
        at=now,
        trail=current_trail(),
        calendar=working_calendar(session),
    )
    session.commit()
    return _sent(file, kind, content)


def _sent(file: PeopleFile, kind: str, content: bytes) -> Response:
    name = f"{file.name}.{kind}"
    return send_file(BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name)


def _content(
    file: PeopleFile,
    kind: str,
    purpose: Purpose,
    rows: Rows,
    now: datetime,
    released: About = (),
) -> bytes:
    mark = watermark(now)
    if kind == "csv" and file.make is None:
        marked = ([*row, mark.below] for row in rows)
        return export_csv([*file.headers, gettext("水印")], marked, gettext=gettext)
    about = [
        *file.about,
        (gettext("行数"), str(len(rows))),
        (gettext("导出用途"), word(purpose.reason)),
        (gettext("具体用途"), purpose.note),
        (gettext("导出人"), current_actor().name),
        *released,
        (gettext("导出时间"), moment(now)),
        (gettext("请求编号"), str(g.get("request_id", ""))),
        (gettext("使用要求"), mark.above),
    ]
    if file.make is not None:
        return file.make(kind, rows, about, mark)
    return export_xlsx(file.headers, rows, title=file.title, about=about, gettext=gettext, mark=mark)


def watermark(now: datetime) -> Watermark:
    """Of whoever asks for a page now."""
    return watermark_of(current_actor(), now, str(g.get("request_id", "")))


def watermark_of(actor: Actor, now: datetime, request_id: str) -> Watermark:
    """At the head how to treat the page, at its foot who took it when, and where the trail says so."""
    places = {"name": actor.name, "username": actor.username, "at": moment(now), "request": request_id}
    return Watermark(
        above=gettext("含个人信息，仅限所填用途使用，不得转发"),
        below=gettext("%(name)s（%(username)s） %(at)s 请求编号 %(request)s", **places),
    )
