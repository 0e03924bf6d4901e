"""数据核对: an export comes in, its columns are named, the lists are read, what was found is told and followed up."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy.orm import joinedload

from portal.extensions import db
from portal.formatting import spoken_message, word
from portal.htmx import render_page
from portal.intake.headings import Heading, asked_heads, headings
from portal.intake.kept import uploaded_files
from portal.reconciliations import views
from portal.reconciliations.files import forget_old, kept_table, may_take_file, table_in
from portal.reconciliations.forms import ColumnsForm, ExportForm, chosen
from portal.reconciliations.remedies import Remedies
from portal.reconciliations.standing import remembered_columns, standing_columns
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail
from portal.sights import record_list_sight
from registry.actions import Action
from registry.clock import today, utc_now
from registry.errors import InvalidInput, StaleVersion
from registry.intake.mappings import fingerprint, heads_of, suggestions
from registry.intake.problems import FileRefused
from registry.intake.tables import RawTable, column_letter
from registry.messages import N_, message
from registry.parsing import folded, half_width
from registry.reconciliations.columns import (
    MOST_WORDS,
    ForeignColumns,
    UnknownWord,
    check_columns,
    unknown_words,
)
from registry.reconciliations.fields import KINDS, PRESENCE
from registry.reconciliations.models import (
    ComparisonState,
    Corrector,
    Progress,
    Reconciliation,
    SubjectKind,
)
from registry.reconciliations.operations import Sent, assign, compare_file, report, take_in
from registry.reconciliations.queries import (
    corrected_since,
    counts_of,
    findings_named,
    findings_page,
    identities_for,
    left_to_them,
    recent_reconciliations,
    systems_for,
)
from registry.reconciliations.readings import Choice

bp = Blueprint("reconciliations", __name__, url_prefix="/reconciliations")

WITH_SYSTEM = (joinedload(Reconciliation.system),)
Words = Mapping[str, Mapping[str, str]]
MOST_TICKED = 200
"""Findings that one form names; a page shows fewer."""


@bp.get("/")
@allowed(Action.RECONCILIATION_RUN)
def index() -> ResponseReturnValue:
    session, actor = db.session(), current_actor()
    return render_page(
        "reconciliations/index.html",
        runs=recent_reconciliations(session, actor),
        systems=systems_for(session, actor.division_code),
        state_word=word,
    )


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.RECONCILIATION_RUN)
def new() -> ResponseReturnValue:
    systems = systems_for(db.session(), current_actor().division_code)
    form = ExportForm(systems)
    if form.validate_on_submit():
        try:
            run = _taken_in(form, at=utc_now())
        except FileRefused as refusal:
            problem = refusal.problem
            form.file.errors = [spoken_message(problem.message), spoken_message(problem.remedy)]
        except InvalidInput as fault:
            db.session.rollback()
            form.refused(fault)
        else:
            return redirect(url_for(".columns", reconciliation=run.code), code=303)
    return render_page("reconciliations/new.html", form=form, has_systems=bool(systems))


def _taken_in(form: ExportForm, *, at: datetime) -> Reconciliation:
    session, actor = db.session(), current_actor()
    system = next(one for one in systems_for(session, actor.division_code) if one.code == form.system.data)
    data = form.file.data.read()
    name = form.file.data.filename or ""
    table = table_in(session, data, name, division_code=actor.division_code, at=at)
    sent = Sent(system, SubjectKind(form.kind.data), table, form.key.data or "")
    run = take_in(session, sent, actor=actor, at=at, trail=current_trail())
    if run.at == at:  # the same form again finds what its first sending left
        forget_old(run, at)
        uploaded_files().keep(run, data)
    session.commit()
    return run


@bp.route("/<code:reconciliation>/columns", methods=["GET", "POST"])
@allowed(Action.RECONCILIATION_RUN, on=Reconciliation, load=WITH_SYSTEM)
def columns(reconciliation: Reconciliation) -> ResponseReturnValue:
    run, at = reconciliation, utc_now()
    table = kept_table(run, at)
    if table is None:
        flash(_("文件已超过保存期限，已清理；请重新上传。"))
        return redirect(url_for(".show", reconciliation=run.code), code=303)
    form = ColumnsForm(identities_for(current_actor(), run.kind))
    told, words = standing_columns(db.session(), current_actor(), run, table), []
    if form.validate_on_submit():
        try:
            told = _told(run, table, form, told.words)
            words = unknown_words(run.kind, table, told)
            if not words or form.words_shown.data:
                return _compared(run, table, told, form, at=at)
        except InvalidInput as fault:
            db.session.rollback()
            form.refused(fault)
        form.words_shown.data = "1" if words else ""
    elif request.method == "GET":
        form.version.data = run.version
        form.identities.data = [one.value for one in told.identities]
        words = unknown_words(run.kind, table, told)
        form.words_shown.data = "1" if words else ""
    return _columns_page(run, table, form, told, words)


def _told(run: Reconciliation, table: RawTable, form: ColumnsForm, known: Words) -> ForeignColumns:
    """What the page says."""
    keys = [key for key, _label in views.field_choices(run.kind)]
    places = chosen("column", [str(place) for place, _head in asked_heads(table.headers)], keys)
    taken = [key for key in places.values() if key]
    fields = {key: table.headers[int(place)] for place, key in places.items() if key}
    told = ForeignColumns(fields, form.evidence(), _told_words(run, known))
    if len(set(taken)) < len(taken):
        raise InvalidInput("", message(N_("同一个项目对应了文件里的两列，请只留一列。")))
    check_columns(run.kind, told, identities_for(current_actor(), run.kind))
    return told


def _told_words(run: Reconciliation, known: Words) -> dict[str, dict[str, str]]:
    """What was said before, and what is chosen now for each word of theirs."""
    words = {key: dict(told) for key, told in known.items()}
    for number, key in enumerate(request.form.getlist("word_field")[:MOST_WORDS]):
        typed = request.form.getlist("word")[number : number + 1]
        reading = next((one.reading for one in KINDS[run.kind].fields if one.key == key), None)
        if typed and isinstance(reading, Choice):
            meant = chosen("meaning", [str(number)], [member.value for member in reading.kind])
            words.setdefault(key, {})[folded(half_width(typed[0]))[:40]] = meant[str(number)]
    return words


def _compared(
    run: Reconciliation, table: RawTable, told: ForeignColumns, form: ColumnsForm, *, at: datetime
) -> ResponseReturnValue:
    session = db.session()
    try:
        compare_file(
            session,
            run,
            table,
            told,
            version=form.version.data or 0,
            actor=current_actor(),
            at=at,
            seals=current_seals(),
            trail=current_trail(),
        )
    except StaleVersion:
        session.rollback()
        form.overtaken(run.version)
        return _columns_page(run, table, form, told, [], status=409)
    session.commit()
    flash(_("已核对%(rows)s行：对上%(matched)s行。", rows=run.rows, matched=run.matched))
    return redirect(url_for(".show", reconciliation=run.code), code=303)


def _columns_page(
    run: Reconciliation,
    table: RawTable,
    form: ColumnsForm,
    told: ForeignColumns,
    words: list[UnknownWord],
    *,
    status: int = 200,
) -> ResponseReturnValue:
    kind = KINDS[run.kind]
    asked = [
        {
            "number": number,
            "word": one,
            "choices": [(member.value, word(member)) for member in _members(run.kind, one.field)],
            "field": next(label for key, label in views.field_choices(run.kind) if key == one.field),
            "meant": request.form.get(f"meaning-{number}", ""),
        }
        for number, one in enumerate(words)
    ]
    return render_page(
        "reconciliations/columns.html",
        run=run,
        kind=kind,
        form=form,
        heads=_headings(run, table, told),
        letter=column_letter,
        fields=views.field_choices(run.kind),
        words=asked,
        is_overtaken=status == 409,
        status=400 if form.errors and status == 200 else status,
    )


def _members(kind: SubjectKind, key: str) -> list[StrEnum]:
    reading = KINDS[kind].field(key).reading
    return list(reading.kind) if isinstance(reading, Choice) else []


def _headings(run: Reconciliation, table: RawTable, told: ForeignColumns) -> list[Heading]:
    """Of columns about persons nothing is shown, and of a file of somebody else nothing at all."""
    fields, headers = KINDS[run.kind].fields, table.headers
    keys = {head: key for key, head in heads_of(told.fields, headers).items()}
    mapping = remembered_columns(db.session(), current_actor(), run, table)
    is_said = run.columns or (mapping and mapping.fingerprint == fingerprint(headers))
    kept = heads_of(mapping.columns, headers).values() if mapping else ()
    return headings(
        table,
        {
            place: request.form.get(f"column-{place}", keys.get(head, ""))
            for place, head in asked_heads(headers)
        },
        suggestions(fields, headers),
        hidden={one.key for one in fields if one.is_sealed or one.is_personal},
        remembered=headers if is_said else kept,
        may_see=may_take_file(current_actor(), run),
    )


@bp.get("/<code:reconciliation>")
@allowed(Action.RECONCILIATION_RUN, on=Reconciliation, load=WITH_SYSTEM)
def show(reconciliation: Reconciliation) -> ResponseReturnValue:
    run, session, actor = reconciliation, db.session(), current_actor()
    wanted = views.wanted_now(run)
    page = findings_page(session, run, wanted, views.page_now())
    sources, is_kept = views.sources_of(session, run), uploaded_files().read(run) is not None
    may_take = may_take_file(actor, run)
    remedies = Remedies(session, actor, run, page.rows, on=today(), has_file=is_kept and may_take)
    asked = {key: request.args.get(key, "") for key in ("outcome", "corrector", "progress", "field")}
    answer = render_page(
        "reconciliations/show.html",
        run=run,
        page=page,
        lines=[views.line_of(actor, run, one, sources) for one in page.rows],
        remedy_of=remedies.of,
        source_of=lambda field: views.shown_source(sources, field or PRESENCE),
        compared_columns=views.compared_columns(run, sources),
        tallies=views.tallies(counts_of(session, run)),
        asked=asked,
        choices=views.filter_choices(run),
        corrected=corrected_since(session, run),
        is_kept=is_kept,
        may_take=may_take,
        to_report=len(left_to_them(session, run, Progress.NEW)),
        page_url=lambda number: views.address(run, ".show", **asked, page=str(number)),
        outcome_url=lambda outcome: views.address(run, ".show", outcome=outcome),
        export_url=lambda kind: views.address(run, "reconciliation_files.export", **asked, format=kind),
        outcome_kinds=views.OUTCOME_KINDS,
        progress_kinds=views.PROGRESS_KINDS,
        is_compared=run.state is ComparisonState.COMPARED,
    )
    if run.kind is SubjectKind.PRACTITIONERS:
        record_list_sight(
            subject_type=Reconciliation.__tablename__,
            subject_code=run.code,
            division_code=run.division_code,
            question={key: value for key, value in asked.items() if value},
            rows=page.count.number,
        )
    return answer


@bp.post("/<code:reconciliation>/mark")
@allowed(Action.RECONCILIATION_RUN, on=Reconciliation, load=WITH_SYSTEM)
def mark(reconciliation: Reconciliation) -> ResponseReturnValue:
    run, session, deed = reconciliation, db.session(), request.form.get("deed", "")
    how: dict[str, Any] = {"actor": current_actor(), "at": utc_now(), "trail": current_trail()}
    if deed == "report-all":
        findings = left_to_them(session, run, Progress.NEW)
    else:
        findings = findings_named(session, run, request.form.getlist("finding")[:MOST_TICKED])
    if deed in ("report", "report-all"):
        count = report(session, run, findings, **how)
        said = _("已把%(count)s项标为“已报”。", count=count)
    elif deed in (Corrector.THEM, Corrector.US):
        count = assign(session, run, findings, Corrector(deed), **how)
        said = _("已为%(count)s项指定更正方。", count=count)
    else:
        flash(_("请选择要做什么。"))
        return redirect(url_for(".show", reconciliation=run.code), code=303)
    session.commit()
    flash(said if count else _("没有可以标记的项目：请先勾选；只有待对方更正、尚未报的才能标为“已报”。"))
    return redirect(url_for(".show", reconciliation=run.code), code=303)
