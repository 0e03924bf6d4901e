"""对应列: a foreign table's heads, each with what stands under it, beside our columns; said once and remembered."""

from dataclasses import replace
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from portal.extensions import db
from portal.htmx import render_page
from portal.intake.headings import asked_heads, headings
from portal.intake.judging import judged_again, kind_of
from portal.intake.kept import kept_file, open_file, refuse_readers, uploaded_files
from portal.intake.mapping_forms import (
    COLUMN,
    asked_words,
    columns_form,
    said_columns,
    said_words,
    words_form,
)
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import StaleVersion
from registry.intake.columns import unknown_words
from registry.intake.declaration import WorkbookKind
from registry.intake.lines import sheet_of
from registry.intake.mappings import forget, heads_of, mapping_of, remember, suggestions
from registry.intake.models import COLUMNS, WORDS, ColumnMapping, IntakeRun
from registry.intake.rejudging import hold_open, judge_anew
from registry.intake.tables import RawTable

bp = Blueprint("columns", __name__, url_prefix="/intake/runs")


@bp.route("/<code:intake_run>/columns", methods=["GET", "POST"])
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def show(intake_run: IntakeRun) -> ResponseReturnValue:
    refuse_readers(intake_run)
    data = open_file(intake_run)
    table = table_of(intake_run, data) if data is not None else None
    if table is None or table.template:
        return _back(intake_run)
    kind = kind_of(intake_run.kind)
    mapping = _mapping_of(kind, table)
    form = _form(kind, table, mapping)
    if form.validate_on_submit() and (columns := said_columns(form, kind, table.headers)) is not None:
        try:
            return _said(intake_run, kind, table, columns, mapping, form.version)
        except StaleVersion:
            return _overtaken(intake_run, kind, table, form)
    return _page(intake_run, kind, table, form, mapping)


def _form(kind: WorkbookKind[Any], table: RawTable, mapping: ColumnMapping | None) -> Any:
    """What was remembered is chosen, else what the heads look like."""
    chosen = {head: guess.key for head, guess in suggestions(kind.columns, table.headers).items()}
    if mapping is not None:
        chosen = {head: key for key, head in heads_of(mapping.columns, table.headers).items()}
    return columns_form(kind, table.headers, chosen, seen=mapping.version if mapping else 0)


def _overtaken(run: IntakeRun, kind: WorkbookKind[Any], table: RawTable, form: Any) -> Response:
    """What was chosen stays on the page; saved once more, it holds."""
    db.session.rollback()
    db.session.refresh(run)
    mapping = _mapping_of(kind, table)
    form.form_errors.append(_("同事刚刚改过这种表的对应列。请核对后再保存一次，以您这次的为准。"))
    form.seen.data = str(mapping.version if mapping else 0)
    return _page(run, kind, table, form, mapping, status=409)


def _page(
    run: IntakeRun,
    kind: WorkbookKind[Any],
    table: RawTable,
    form: Any,
    mapping: ColumnMapping | None,
    *,
    status: int = 200,
) -> Response:
    headers = table.headers
    listed = headings(
        table,
        {place: form[f"{COLUMN}{place}"].data for place, _head in asked_heads(headers)},
        suggestions(kind.columns, headers),
        hidden={column.key for column in kind.columns if column.is_sealed},
        remembered=headers if mapping else (),
    )
    return render_page(
        "intake/columns.html",
        status=status,
        run=run,
        kind=kind,
        form=form,
        headings=listed,
        mapping=mapping,
    )


@bp.route("/<code:intake_run>/words", methods=["GET", "POST"])
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def words(intake_run: IntakeRun) -> ResponseReturnValue:
    """对应词: what their words mean in the columns that take one of ours."""
    refuse_readers(intake_run)
    data = open_file(intake_run)
    if data is None:
        return _back(intake_run)
    kind, table = kind_of(intake_run.kind), table_of(intake_run, data)
    mapping = _mapping_of(kind, table)
    table = replace(table, mapping=intake_run.options.get(COLUMNS), words=intake_run.options.get(WORDS, {}))
    unknown = unknown_words(kind, table)
    if mapping is None or not unknown:
        return _back(intake_run)
    form = words_form(kind, unknown, seen=mapping.version)
    if form.validate_on_submit():
        said = _joined(mapping.words, said_words(form, kind, unknown))
        try:
            columns = heads_of(mapping.columns, table.headers)
            return _said(intake_run, kind, table, columns, mapping, form.version, said)
        except StaleVersion:
            db.session.rollback()
            return redirect(url_for(".words", intake_run=intake_run.code), code=303)
    return render_page(
        "intake/words.html", run=intake_run, kind=kind, form=form, asked=asked_words(kind, unknown)
    )


@bp.post("/<code:intake_run>/columns/forget")
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def forget_columns(intake_run: IntakeRun) -> ResponseReturnValue:
    refuse_readers(intake_run)
    session, actor, now = db.session(), current_actor(), utc_now()
    data = kept_file(intake_run)
    kind, table = kind_of(intake_run.kind), table_of(intake_run, data)
    mapping = _mapping_of(kind, table)
    if mapping is not None:
        hold_open(session, intake_run)
        _judge(intake_run, data, {COLUMNS: None, WORDS: {}})
        forget(session, mapping, actor=actor, at=now, trail=current_trail())
        session.commit()
        flash(_("已忘记这种表的对应列，下次上传时重新询问。"))
    return redirect(url_for(".show", intake_run=intake_run.code), code=303)


def table_of(run: IntakeRun, data: bytes) -> RawTable:
    """The kept file as a table, as its heads stand."""
    from reports.workbooks.reading import read_table  # the reader costs a command that does not read nothing

    kind = kind_of(run.kind)
    return read_table(data, run.file_name, sheets=(kind.zh, kind.en))


def _said(
    run: IntakeRun,
    kind: WorkbookKind[Any],
    table: RawTable,
    columns: dict[str, str],
    mapping: ColumnMapping | None,
    seen: int,
    words: dict[str, dict[str, str]] | None = None,
) -> Response:
    """Remember what was said, judge the file by it, and go on to its words or its preview."""
    session, data = db.session(), kept_file(run)
    hold_open(session, run)
    kept = words if words is not None else dict(mapping.words) if mapping else {}
    remember(
        session,
        kind=kind.code,
        headers=table.headers,
        columns=columns,
        words=kept,
        seen=seen,
        actor=current_actor(),
        at=utc_now(),
        trail=current_trail(),
    )
    unknown = _judge(run, data, {COLUMNS: columns, WORDS: kept})
    session.commit()
    if words is None and unknown:
        return redirect(url_for(".words", intake_run=run.code), code=303)
    flash(_("已记住对应列；本单位下次上传同样表头的文件时自动按此读取。"))
    return _back(run)


def _judge(run: IntakeRun, data: bytes, said: dict[str, Any]) -> bool:
    """Judge anew; a file that turns out to hold identity numbers elsewhere is no longer kept. Words left to ask?"""
    found = judged_again(
        db.session(), run, data, actor=current_actor(), at=utc_now(), seals=current_seals(), said=said
    )
    judge_anew(run, found)
    uploaded_files().keep_sheet(run, sheet_of(found))
    if found.holds_identity_numbers and said[COLUMNS] is not None:
        uploaded_files().remove(run.code)
        return False
    return bool(unknown_words(found.kind, found.table))


def _joined(kept: dict[str, dict[str, str]], said: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    return {key: {**kept.get(key, {}), **said.get(key, {})} for key in kept.keys() | said.keys()}


def _mapping_of(kind: WorkbookKind[Any], table: RawTable) -> ColumnMapping | None:
    return mapping_of(db.session(), current_actor(), kind=kind.code, headers=table.headers)


def _back(run: IntakeRun) -> Response:
    return redirect(url_for("intake.show", intake_run=run.code), code=303)
