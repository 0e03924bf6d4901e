"""`/majors/changes/…/rehearsal`: whose verdict and share would change, and through whom, before anybody publishes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO
from typing import Any

from flask import Blueprint, redirect, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from portal.days import read_day
from portal.exporting import MIME_TYPES, asked_format
from portal.extensions import begin_writing, db
from portal.figures.asking import seen_division
from portal.figures.speaking import VERDICT_KINDS, verdict_word
from portal.formatting import moment, spoken_message
from portal.htmx import render_page
from portal.security import allowed, current_actor, current_trail
from portal.sights import record_list_sight
from registry.access.masks import staff_name
from registry.actions import Action
from registry.audit.models import Result
from registry.audit.operations import record_entry
from registry.clock import today, utc_now
from registry.divisions.codes import NATION
from registry.errors import RequirementUnmet
from registry.majors.models import MajorChange, MajorChangeState
from registry.majors.queries import WHOLE
from registry.majors.workflow import name_of
from reports.figures.definitions import QUALIFIED_SHARE, CountingRule
from reports.figures.rehearsal import Person, Rehearsal, Shift, rehearse
from reports.figures.shares import Share
from reports.figures.wording import percent_text
from reports.workbooks.exporting import export_csv, export_xlsx

bp = Blueprint("rehearsals", __name__, url_prefix="/majors/changes")

MOST_SHOWN = 100
"""Institutions on one page; the file holds all."""


@dataclass(frozen=True)
class Asked:
    """Where, on which day and by which rule a proposal is rehearsed."""

    change: MajorChange
    division: str
    on: date
    rule: CountingRule

    def values(self, **changes: str) -> dict[str, str]:
        """The question as it stands in an address."""
        said = {"division": self.division, "on": self.on.isoformat(), "rule": self.rule.code.value}
        return said | changes

    def url(self, **changes: str) -> str:
        """The rehearsal with some values changed."""
        values: Mapping[str, Any] = self.values(**changes)
        return url_for("rehearsals.show", major_change=self.change.code, **values)

    def export_url(self, kind: str) -> str:
        """The institutions of this rehearsal as a file."""
        values: Mapping[str, Any] = self.values(format=kind)
        return url_for("rehearsals.export", major_change=self.change.code, **values)


@dataclass(frozen=True)
class ShownPerson:
    """One member of staff as the reader may see him."""

    code: str
    person_no: str
    name: str | None
    gains: bool
    studied: tuple[str, ...]


@bp.get("/<code:major_change>/rehearsal")
@allowed(Action.MAJOR_CHANGE_SEE, on=MajorChange, load=WHOLE)
def show(major_change: MajorChange) -> ResponseReturnValue:
    question = asked(major_change)
    found, refusal = _rehearsed(question)
    answer = render_page(
        "majors/rehearsal.html",
        change=major_change,
        name=name_of(major_change),
        asked=question,
        found=found,
        refusal=refusal,
        rule_tabs=[
            (_(one.title), question.url(rule=one.code.value), one is question.rule)
            for one in QUALIFIED_SHARE.rules
        ],
        people=shown_people(found) if found else {},
        most=MOST_SHOWN,
        is_national=question.division == NATION,
        is_past=major_change.valid_from < today(),
        words=_words(),
    )
    if found:
        count = sum(len(people) for people in found.people.values())
        _record_sight(question, count)
    return answer


@bp.get("/<code:major_change>/rehearsal/export")
@allowed(Action.MAJOR_CHANGE_SEE, on=MajorChange, load=WHOLE)
def export(major_change: MajorChange) -> ResponseReturnValue:
    """One row for each institution whose share changes, those whose verdict does first; no names."""
    question, kind = asked(major_change), asked_format()
    found, _refusal = _rehearsed(question)
    if found is None:  # the page says why
        return redirect(question.url(), code=303)
    rows = [_cells(one) for one in (*found.institutions, found.total)]
    title = _("专业目录调整预演")
    if kind == "csv":
        content = export_csv(_headers(), rows, gettext=_)
    else:
        content = export_xlsx(_headers(), rows, title=title, about=_about(question, len(rows)), gettext=_)
    _record_export(question, kind, len(rows))
    name = f"{title}-{question.on.isoformat()}.{kind}"
    return send_file(BytesIO(content), mimetype=MIME_TYPES[kind], as_attachment=True, download_name=name)


def asked(change: MajorChange) -> Asked:
    """What the address asks: the reader's own division and the day of effect, or today where that is past."""
    typed, actor = request.args, current_actor()
    division = typed.get("division", "").strip() or actor.division_code
    place = seen_division(db.session(), actor, division, today())
    on = read_day(typed.get("on", ""), max(change.valid_from, today()))
    return Asked(change, place.code, on, QUALIFIED_SHARE.rule(typed.get("rule", "")))


def headline(change: MajorChange) -> str:
    """What the second person should have read before he publishes: one sentence about his own division."""
    if change.state is not MajorChangeState.SUBMITTED:
        return ""
    found, refusal = _rehearsed(asked(change))
    return said(found) if found else refusal


def said(found: Rehearsal) -> str:
    """How many institutions change, in words."""
    return str(
        _(
            "%(turning)s 家机构的达标结论改变，%(changed)s 家机构的占比改变；合计由 %(before)s 变为 %(after)s。",
            turning=len(found.turning),
            changed=len(found.institutions),
            before=ratio(found.total.before),
            after=ratio(found.total.after),
        )
    )


def ratio(share: Share) -> str:
    """26/95（27.4%）."""
    places = {"part": share.numerator, "whole": share.denominator, "share": percent_text(share)}
    return str(_("%(part)s/%(whole)s（%(share)s）", **places))


def shown_people(found: Rehearsal) -> dict[str, list[ShownPerson]]:
    """Those behind each change, names as the reader may see them."""
    return {code: [_shown(one) for one in people] for code, people in found.people.items()}


def _rehearsed(question: Asked) -> tuple[Rehearsal | None, str]:
    """The rehearsal, or why there is none."""
    try:
        return (
            rehearse(
                db.session(), question.change, division=question.division, on=question.on, rule=question.rule
            ),
            "",
        )
    except RequirementUnmet as unmet:
        return None, spoken_message(unmet.message) if unmet.message else str(unmet)


def _shown(one: Person) -> ShownPerson:
    return ShownPerson(
        code=one.who.code,
        person_no=one.who.person_no,
        name=staff_name(current_actor(), one.who.name),
        gains=one.who.gains,
        studied=tuple(f"{diploma.major_name}（{diploma.major_code}）" for diploma in one.studied),
    )


def _words() -> dict[str, Any]:
    return {"ratio": ratio, "said": said, "verdict": verdict_word, "kinds": VERDICT_KINDS}


def _headers() -> list[str]:
    return [
        _("机构编号"),
        _("机构"),
        _("不调整时分子"),
        _("不调整时分母"),
        _("不调整时占比"),
        _("不调整时结论"),
        _("调整后分子"),
        _("调整后分母"),
        _("调整后占比"),
        _("调整后结论"),
    ]


def _cells(one: Shift) -> Sequence[Any]:
    return [one.code, one.name, *_cells_of(one.before), *_cells_of(one.after)]


def _cells_of(share: Share) -> list[Any]:
    return [share.numerator, share.denominator, percent_text(share), verdict_word(share)]


def _about(question: Asked, rows: int) -> list[tuple[str, str]]:
    return [
        (_("方案"), name_of(question.change)),
        (_("依据文件"), question.change.source),
        (_("生效日期"), question.change.valid_from.isoformat()),
        (_("区划"), question.division),
        (_("统计日期"), question.on.isoformat()),
        (_("口径"), _(question.rule.title)),
        (_("行数"), str(rows)),
        (_("导出人"), current_actor().name),
        (_("导出时间"), moment(utc_now())),
    ]


def _place(question: Asked) -> str:
    return question.division if question.division != NATION else current_actor().division_code


def _record_sight(question: Asked, count: int) -> None:
    record_list_sight(
        subject_type="major_change",
        subject_code=question.change.code,
        division_code=_place(question),
        question=question.values(),
        rows=count,
    )


def _record_export(question: Asked, kind: str, rows: int) -> None:
    code, place, values = question.change.code, _place(question), question.values()
    begin_writing()
    actor, trail = current_actor(), current_trail()
    record_entry(
        db.session(),
        trail=trail,
        at=utc_now(),
        actor_code=actor.code,
        actor_name=actor.name,
        action=Action.MAJOR_CHANGE_SEE,
        result=Result.DONE,
        subject_type="major_change",
        subject_code=code,
        division_code=place,
        facts={"format": kind, "what": "rehearsal", "rows": rows, **values},
    )
    db.session.commit()
