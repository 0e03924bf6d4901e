"""三方比对: what was taken out, what the register says now, what the file says; a conflict is chosen one by one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby
from typing import Any

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField

from portal.extensions import db
from portal.formatting import word
from portal.htmx import render_page
from portal.intake.judging import judged_again, kind_of
from portal.intake.kept import kept_file, open_file, refuse_readers, uploaded_files
from portal.sealing import current_seals
from portal.security import allowed, current_actor, current_trail
from registry.actions import Action
from registry.clock import utc_now
from registry.intake.declaration import WorkbookKind
from registry.intake.lines import sheet_of
from registry.intake.models import CHOICES, IntakeRun
from registry.intake.parts import PartKind
from registry.intake.preview import Preview
from registry.intake.rejudging import choose, hold_open
from registry.intake.three_way import Difference, DifferenceKind, Keep, open_choices
from registry.parsing import CellProblem

bp = Blueprint("differences", __name__, url_prefix="/intake/runs")

LISTED = 200
"""Differences of a kind that are listed; how many more there are is said."""

CHOICE = "choice_"
REST = "rest"
"""What holds for every conflict that was not chosen by itself."""


@dataclass(frozen=True)
class Versions:
    """One difference as the page shows it: every value in words."""

    name: str
    """Of its control, where there is something to choose."""
    owner: str
    part: str
    detail: str
    """What tells it from others of its owner: a day, a school, a number."""
    column: str
    row: int
    base: str
    now: str
    said: str


@bp.route("/<code:intake_run>/differences", methods=["GET", "POST"])
@allowed(Action.INTAKE_RUN, on=IntakeRun)
def show(intake_run: IntakeRun) -> ResponseReturnValue:
    refuse_readers(intake_run)
    data = open_file(intake_run)
    if data is None:
        return redirect(url_for("intake.show", intake_run=intake_run.code), code=303)
    found = _judged(intake_run, data)
    conflicts = [one for one in found.differences if one.kind is DifferenceKind.CONFLICT]
    form = _form(conflicts)
    if form.validate_on_submit():
        choices = _chosen(form, conflicts)
        if len(choices) == len(conflicts):
            return _keep(intake_run, choices)
        form.form_errors.append(_("还有 %(count)s 处没有选择。", count=len(conflicts) - len(choices)))
    kind = kind_of(intake_run.kind)
    shown = _by_kind(kind, found.differences)
    return render_page(
        "intake/differences.html",
        run=intake_run,
        kind=kind,
        form=form,
        conflicts=[(owner, list(each)) for owner, each in groupby(shown[DifferenceKind.CONFLICT], _owner)],
        changed=shown[DifferenceKind.CHANGED],
        left=shown[DifferenceKind.LEFT],
        passed=shown[DifferenceKind.BLANKED] + shown[DifferenceKind.FIXED],
        missing=shown[DifferenceKind.MISSING],
        listed=LISTED,
    )


def _judged(run: IntakeRun, data: bytes, said: Mapping[str, Any] | None = None) -> Preview:
    return judged_again(
        db.session(), run, data, actor=current_actor(), at=utc_now(), seals=current_seals(), said=said
    )


def _keep(run: IntakeRun, choices: dict[str, str]) -> ResponseReturnValue:
    """Judge by what was chosen; what the register changed while somebody chose is shown once more."""
    session, data = db.session(), kept_file(run)
    hold_open(session, run)
    found = _judged(run, data, {CHOICES: choices})
    uploaded_files().keep_sheet(run, sheet_of(found))
    choose(session, run, found, actor=current_actor(), at=utc_now(), trail=current_trail())
    session.commit()
    if open_choices(found.differences):
        flash(_("您选择时登记册又有变动，请核对余下各处。"))
        return redirect(url_for(".show", intake_run=run.code), code=303)
    flash(_("已按您的选择重新预检，还没有导入。"))
    return redirect(url_for("intake.show", intake_run=run.code), code=303)


def _form(conflicts: Sequence[Difference]) -> Any:
    """One choice for each conflict, and one for the rest."""
    words = {Keep.REGISTER.value: _("保留登记册的"), Keep.FILE.value: _("用文件的")}
    controls: dict[str, Any] = {
        f"{CHOICE}{one.choice}": RadioField(
            choices=words, validators=[], default=one.chosen, validate_choice=False
        )
        for one in conflicts
    }
    controls[REST] = RadioField(
        _l("其余没有选择的各处"),
        choices={
            "": _("逐处选择"),
            Keep.REGISTER.value: _("一律保留登记册的"),
            Keep.FILE.value: _("一律用文件的"),
        },
        default="",
        validate_choice=False,
    )
    return type("ChoicesForm", (FlaskForm,), controls)()


def _chosen(form: Any, conflicts: Sequence[Difference]) -> dict[str, str]:
    """The choices that were made; a word that is none of ours is no choice."""
    said = {one.choice: form[f"{CHOICE}{one.choice}"].data or form[REST].data for one in conflicts}
    return {choice: keep for choice, keep in said.items() if keep in set(Keep)}


def _by_kind(
    kind: WorkbookKind[Any], differences: Sequence[Difference]
) -> dict[DifferenceKind, list[Versions]]:
    return {
        one: [_versions(kind, each) for each in differences if each.kind is one][: _limit(one)]
        for one in DifferenceKind
    }


def _limit(kind: DifferenceKind) -> int | None:
    """Every conflict is shown: somebody has to choose."""
    return None if kind is DifferenceKind.CONFLICT else LISTED


def _versions(kind: WorkbookKind[Any], one: Difference) -> Versions:
    columns = {column.key: column for column in kind.columns}
    column = columns.get(one.key)
    return Versions(
        name=f"{CHOICE}{one.choice}" if one.choice else "",
        owner=one.owner,
        part=_part(one),
        detail="" if one.part[1][-1] == one.owner else one.part[1][-1],
        column=word(column) if column else "",
        row=one.row,
        base=_said(_typed(column, one.base)),
        now=_said(one.now),
        said=_said(one.said),
    )


def _owner(one: Versions) -> str:
    return one.owner


def _part(one: Difference) -> str:
    """What it is, in a word."""
    names = {
        PartKind.SITE: _("站点"),
        PartKind.PERSON: _("人员基本信息"),
        PartKind.POST: _("任职"),
        PartKind.EDUCATION: _("学历或学位"),
        PartKind.CERTIFICATE: _("证书"),
    }
    return str(names[one.part_kind])


def _typed(column: Any, value: Any) -> Any:
    """What was taken out, as a value again: it is kept as plain text."""
    if column is None or not isinstance(value, str):
        return value
    try:
        typed = column.parse(value)
    except CellProblem:
        return value
    return value if isinstance(typed, tuple) else typed


def _said(value: Any) -> str:
    if value is None or value == "":
        return str(_("（空）"))
    if isinstance(value, bool):
        return str(_("是") if value else _("否"))
    if isinstance(value, StrEnum):
        return word(value)
    return value.isoformat() if isinstance(value, date) else str(value)
