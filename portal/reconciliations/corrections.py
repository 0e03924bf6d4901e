"""Files of a comparison: what they have to change in their own form, and the list itself."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from flask import Blueprint, flash, redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.exporting import MIME_TYPES, asked_format
from portal.exporting_people import About, Make, PeopleFile, Rows, people_answer
from portal.extensions import begin_writing, db
from portal.formatting import moment, word_within
from portal.reconciliations import views
from portal.reconciliations.files import kept_table, may_take_file
from portal.reconciliations.their_form import corrected_rows, in_their_form, record_places_taken
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import utc_now
from registry.errors import NotAllowed
from registry.messages import N_, message
from registry.reconciliations.models import Reconciliation, SubjectKind
from registry.reconciliations.queries import findings_of, left_to_them
from reports.workbooks.exporting import Watermark, export_csv, export_xlsx

LIST_HEADS = (
    N_("来源系统"),
    N_("行号"),
    N_("姓名或名称"),
    N_("核对结果"),
    N_("项目"),
    N_("对方内容"),
    N_("我方内容"),
    N_("权威来源"),
    N_("更正方"),
    N_("上报情况"),
    N_("识别依据"),
    N_("说明"),
)

bp = Blueprint("reconciliation_files", __name__, url_prefix="/reconciliations")


@bp.route("/<code:reconciliation>/correction", methods=["GET", "POST"])
@allowed(Action.RECONCILIATION_RUN, on=Reconciliation)
def correction(reconciliation: Reconciliation) -> ResponseReturnValue:
    """Only rows that they have to change, as their own file is made."""
    run, at = reconciliation, utc_now()
    if not may_take_file(current_actor(), run):
        sentence = N_("文件含身份证号或完整姓名，更正表由上传人%(name)s下载。")
        raise NotAllowed(message(sentence, name=run.actor_name))
    table, findings = kept_table(run, at), left_to_them(db.session(), run)
    if table is None or not findings:
        flash(_("不能生成更正表：文件已清理，或没有要对方更正的项目。"))
        return redirect(url_for("reconciliations.show", reconciliation=run.code), code=303)
    made = corrected_rows(db.session(), current_actor(), run, table, findings, at=at)

    def make(kind: str, _rows: Rows, about: About, mark: Watermark | None) -> bytes:
        return in_their_form(run, table, kind, made, about, mark)

    return _answer(_file(run, _("更正表"), [], [(row,) for row in made]), make)


@bp.route("/<code:reconciliation>/export", methods=["GET", "POST"])
@allowed(Action.RECONCILIATION_RUN, on=Reconciliation)
def export(reconciliation: Reconciliation) -> ResponseReturnValue:
    """The list as the page shows it, with the same filters."""
    run, wanted, actor = reconciliation, views.wanted_now(reconciliation), current_actor()
    sources, found = views.sources_of(db.session(), run), findings_of(db.session(), run, wanted)
    rows = [_listed(run, views.line_of(actor, run, one, sources)) for one in found]
    heads = [_(head) for head in LIST_HEADS]

    def make(kind: str, rows: Rows, about: About, mark: Watermark | None) -> bytes:
        if kind == "csv":
            return export_csv(heads, rows, gettext=_)
        return export_xlsx(heads, rows, title=_("核对结果"), about=about, gettext=_, mark=mark)

    file = _file(run, _("核对结果"), heads, rows)
    return people_answer(file) if _holds_people(run) else _plain_answer(file, make)


def _answer(file: PeopleFile, make: Make) -> ResponseReturnValue:
    """People go the way of files with people: a purpose, a cap, an entry; places only leave the entry."""
    if file.facts["kind"] == SubjectKind.PRACTITIONERS:
        return people_answer(replace(file, make=make))
    return _plain_answer(file, make)


def _plain_answer(file: PeopleFile, make: Make) -> ResponseReturnValue:
    kind, rows = asked_format(), file.read()
    about = [*file.about, (_("行数"), str(len(rows))), (_("导出人"), current_actor().name)]
    content = make(kind, rows, [*about, (_("导出时间"), moment(utc_now()))], None)
    begin_writing()
    taken = file.taken(kind, len(rows))
    record_places_taken(db.session(), taken, actor=current_actor(), at=utc_now(), trail=current_trail())
    db.session.commit()
    name = f"{file.name}.{kind}"
    return send_file(BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name)


def _file(run: Reconciliation, title: str, headers: Sequence[str], rows: Rows) -> PeopleFile:
    stem = run.file_name.rpartition(".")[0]
    about = [
        (_("来源系统"), run.system.name),
        (_("核对内容"), word_within(run.kind)),
        (_("对方文件"), run.file_name),
        (_("核对时间"), moment(run.compared_at)),
    ]
    return PeopleFile(
        title=title,
        name=f"{stem}（{title}）",
        headers=headers,
        count=len(rows),
        count_all=lambda: len(rows),
        read=lambda: rows,
        about=about,
        subject_type=Reconciliation.__tablename__,
        subject_code=run.code,
        division_code=run.division_code,
        facts={"kind": run.kind.value, "file": title},
        back=url_for("reconciliations.show", reconciliation=run.code),
    )


def _holds_people(run: Reconciliation) -> bool:
    return run.kind is SubjectKind.PRACTITIONERS


def _listed(run: Reconciliation, line: views.Line) -> list[Any]:
    one = line.finding
    return [
        run.system.name,
        one.row,
        line.name,
        word_within(one.outcome),
        line.field,
        line.theirs,
        line.ours,
        line.source,
        word_within(one.corrector),
        word_within(one.progress),
        word_within(one.evidence) if one.evidence else "",
        line.note,
    ]
