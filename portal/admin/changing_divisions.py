"""`/admin/divisions/changes/new`: merges, splits, renames and moves on a page, by the operations of the command."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.admin.change_forms import ChangeForm, as_text
from portal.admin.division_changes import make_change, preview_rows
from portal.extensions import db
from portal.formatting import spoken_message, spoken_messages
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import today, utc_now
from registry.divisions.changes import ChangeRefused
from registry.divisions.planning import ChangePlan, MovedRow
from registry.errors import NotAllowed
from registry.intake.problems import FileRefused

bp = Blueprint("division_changes", __name__, url_prefix="/admin/divisions/changes")

SHOWN_AT_MOST = 200
ENDS = "valid_to"


@dataclass(frozen=True)
class Moved:
    """One row: what it is called, its code before and after; empty before where it is added."""

    name: str
    before: str
    after: str
    is_unassigned: bool


@dataclass(frozen=True)
class Group:
    """The rows of one kind."""

    label: str
    count: int
    rows: tuple[Moved, ...]
    """The first of them."""


@dataclass(frozen=True)
class Preview:
    """What a change would do, before anything is written."""

    plan: ChangePlan
    groups: tuple[Group, ...]
    unassigned: int
    digest: str
    lines: str
    """The change as text, to be sent again with the confirmation."""
    is_due: bool
    """Whether its day has come."""


@bp.route("/new", methods=["GET", "POST"])
@allowed(Action.DIVISION_CHANGE, fresh=True)
def new() -> ResponseReturnValue:
    """The first sending previews, the second one does it: its digest says that it is the same."""
    form, problems, preview, status = ChangeForm(), [], None, 200
    if form.validate_on_submit() and form.check():
        try:
            preview = _previewed(form)
            if form.confirms.data == preview.digest and preview.is_due:
                return _done(preview)
        except (ChangeRefused, FileRefused, NotAllowed) as refusal:
            db.session.rollback()
            preview, problems, status = None, _said(refusal), _status(refusal)
        if preview is not None and form.confirms.data and preview.is_due:
            problems, status = [_("预览之后数据又有变化，没有执行。请核对下面新的预览。")], 409
    return render_page(
        "admin/division_change_new.html", form=form, problems=problems, preview=preview, status=status
    )


def _previewed(form: ChangeForm) -> Preview:
    headers, rows = form.table()
    plan = preview_rows(db.session(), headers, rows, actor=current_actor())
    form.lines.data = as_text(headers, rows)
    return Preview(
        plan=plan,
        groups=tuple(_group(str(spoken_message(label)), found) for label, found in plan.groups.items()),
        unassigned=len(plan.unassigned),
        digest=plan.digest,
        lines=form.lines.data,
        is_due=plan.effective_on <= today(),
    )


def _done(preview: Preview) -> ResponseReturnValue:
    change = make_change(
        db.session(), preview.plan, actor=current_actor(), at=utc_now(), trail=current_trail()
    )
    code, count = change.code, len(preview.plan.moved)
    db.session.commit()
    flash(_("区划调整已执行，共变更%(count)s条记录；有误时可在本页整体撤回。", count=count))
    return redirect(url_for("divisions.change", code=code), code=303)


def _group(label: str, rows: list[MovedRow]) -> Group:
    return Group(label, len(rows), tuple(_moved(row) for row in rows[:SHOWN_AT_MOST]))


def _moved(row: MovedRow) -> Moved:
    return Moved(
        row.name,
        _shown(row.before),
        _shown(row.after if row.id is not None else _place(row)),
        row.is_unassigned,
    )


def _place(row: MovedRow) -> Mapping[str, Any]:
    """Of a row that is added: where it lies."""
    return {key: value for key, value in row.after.items() if key in ("code", "division_code", "today_code")}


def _shown(values: Mapping[str, Any]) -> str:
    """Codes as they stand, days as what they end."""
    said = [
        _("止于%(day)s", day=value) if key == ENDS else str(value) for key, value in values.items() if value
    ]
    return "、".join(dict.fromkeys(said))


def _said(refusal: ChangeRefused | FileRefused | NotAllowed) -> list[str]:
    if isinstance(refusal, ChangeRefused):
        return [
            _("第%(row)s行：%(problem)s", row=one.row, problem=spoken_message(one.message))
            if one.row
            else spoken_message(one.message)
            for one in refusal.problems
        ]
    if isinstance(refusal, FileRefused):
        return [spoken_messages(refusal.problem.message, refusal.problem.remedy)]
    return [spoken_message(refusal.message) if refusal.message else _("这次区划调整不在您的管辖范围。")]


def _status(refusal: Exception) -> int:
    return 403 if isinstance(refusal, NotAllowed) else 200
