"""往返文件: people and sites in the columns of the template, to be changed and brought back."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import Any
from urllib.parse import urlencode

import sqlalchemy as sa
from flask import Blueprint, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.exporting import XLSX, about_lines, question_lines, record_export
from portal.exporting_people import About, PeopleFile, Rows, people_answer
from portal.extensions import db
from portal.formatting import language, word
from portal.intake.judging import context_of, kind_of
from portal.listing import ask
from portal.people_lists import EVERYBODY
from portal.sealing import current_seals
from portal.security import allowed, current_actor
from registry.access.exports import most_rows
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import InvalidInput
from registry.intake.bulk import chunks
from registry.intake.coordinates import Crs
from registry.intake.declaration import Context
from registry.intake.kinds.practitioner_trip import parts_of_people, rows_of
from registry.intake.kinds.site_trip import codes_in_reach, parts_of_sites, row_of
from registry.intake.parts import Part
from registry.intake.round_trip import Taken, hidden_lines
from registry.listing import Question
from registry.messages import N_, message
from registry.organisations.queries import SITES
from registry.workforce.listings import PRACTITIONERS
from registry.workforce.models import Practitioner
from reports.workbooks.exporting import Watermark

bp = Blueprint("round_trips", __name__, url_prefix="/intake/round-trip")


@bp.route("/practitioners", methods=["GET", "POST"])
@allowed(Action.PRACTITIONER_ROUND_TRIP)
def people() -> ResponseReturnValue:
    _refuse_other_formats()
    return people_answer(_people_file(ask(PRACTITIONERS, Action.PRACTITIONER_SEE), utc_now()))


@bp.get("/sites")
@allowed(Action.INTAKE_RUN)
def sites() -> ResponseReturnValue:
    _refuse_other_formats()
    session, now = db.session(), utc_now()
    question, context = ask(SITES, Action.SITE_SEE), _context(now)
    codes = [row.code for row in question.every_row(session)]
    parts = parts_of_sites(session, codes_in_reach(session, codes, context))
    taken = Taken("sites", context.owner, context.on)
    content = _workbook(taken, parts, list(map(row_of, parts)), about_lines(question, len(parts)), None)
    record_export(question, action=Action.DIRECTORY_EXPORT, kind=f"round-trip {taken.code}", rows=len(parts))
    name = f"{_('机构和站点（改后导回）')}-{question.on.isoformat()}.xlsx"
    return send_file(BytesIO(content), mimetype=XLSX, as_attachment=True, download_name=name)


def _people_file(question: Question, now: datetime) -> PeopleFile:
    """The people of the list as a file that somebody answers for."""
    session, actor, context = db.session(), current_actor(), _context(now)
    title, taken = _("从业人员（改后导回）"), Taken("practitioners", context.owner, context.on)

    def make(_kind: str, people: Rows, about: About, mark: Watermark | None) -> bytes:
        parts = [part for person in people for part in person]
        rows = [row for rows in rows_of(parts) for row in rows]
        return _workbook(taken, parts, rows, about, mark)

    return PeopleFile(
        title=title,
        name=f"{title}-{question.on.isoformat()}",
        headers=(),
        count=question.count_up_to(session, most_rows(session, actor, now)),
        count_all=lambda: question.count_up_to(session, EVERYBODY),
        read=lambda: _people(question, context),
        about=question_lines(question),
        subject_type="listing",
        subject_code=question.listing.key,
        division_code=question.typed.get("division", actor.division_code),
        facts={"filters": dict(question.typed), "on": question.on.isoformat(), "round_trip": taken.code},
        back=f"{url_for('workforce.index')}?{urlencode(question.typed)}",
        make=make,
    )


def _people(question: Question, context: Context) -> list[list[Part]]:
    """The parts of each person of the list who holds or held a post that the loader answers for."""
    session = db.session()
    codes = [row.code for row in question.every_row(session)]
    ids: list[int] = []
    for chunk in chunks(codes):
        ids.extend(session.scalars(sa.select(Practitioner.id).where(Practitioner.code.in_(chunk))))
    parts = sorted(parts_of_people(session, ids, context), key=lambda part: part.owner)
    together = [list(person) for _owner, person in groupby(parts, key=lambda part: part.owner)]
    return [person for person in together if rows_of(person)]


def _workbook(
    taken: Taken,
    parts: Sequence[Part],
    rows: Sequence[Mapping[str, Any]],
    about: About,
    mark: Watermark | None,
) -> bytes:
    from reports.workbooks.round_trip import round_trip_xlsx  # writing workbooks is not needed to start

    kind = kind_of(taken.kind)
    return round_trip_xlsx(
        kind,
        rows,
        hidden_lines(taken, parts, current_seals()),
        about=[(_("名称"), _("%(kind)s（改后导回）", kind=word(kind))), *about, (_("导出编号"), taken.code)],
        locale=language(),
        gettext=_,
        mark=mark,
    )


def _context(now: datetime) -> Context:
    """How far the actor answers for what he loads: no further does he take out."""
    return context_of(db.session(), current_actor(), crs=Crs.WGS84, at=now, seals=None)


def _refuse_other_formats() -> None:
    if request.args.get("format", "xlsx") != "xlsx":
        raise InvalidInput("format", message(N_("改后导回的文件只有xlsx格式。")))
