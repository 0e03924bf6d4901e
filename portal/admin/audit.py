"""/admin/audit: 操作留痕 for the audit administrator: searched, read entry by entry, taken along as a file."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.exporting import Shown, export_answer
from portal.extensions import db
from portal.formatting import number, word
from portal.htmx import render_page
from portal.listing import ListView, Words, ask, places_of
from portal.security import allowed, current_trail
from portal.translating import said
from registry.actions import Action
from registry.audit.chain import Fault, fault_of, instant
from registry.audit.listing import TRAIL, act_value
from registry.audit.models import AuditEntry
from registry.audit.queries import beginning, entry_numbered, last_check, link_before, number_after
from registry.clock import SHANGHAI
from registry.divisions.codes import NATION
from registry.errors import InvalidInput
from registry.listing import Question
from registry.messages import N_, message

MOST_ROWS = 100_000
"""Of one file: more belongs into `portal audit export`, which writes line by line."""

SUBJECTS = {
    "account": N_("账号"),
    "backup": N_("备份"),
    "address_change": N_("地址变更"),
    "appointment": N_("岗位任命"),
    "boundaries": N_("区划边界"),
    "command": N_("命令"),
    "division_change": N_("区划变更"),
    "demonstration": N_("示范"),
    "figure": N_("指标"),
    "inspection": N_("督导检查"),
    "intake_run": N_("批量导入"),
    "issued_document": N_("文件"),
    "listing": N_("名单"),
    "organisation": N_("单位"),
    "map": N_("地图"),
    "permission_table": N_("权限表"),
    "practitioner": N_("从业人员"),
    "rating": N_("评估等级"),
    "release": N_("超限导出"),
    "trail": N_("操作留痕"),
}

WORDS = Words(total=_l("共 %(count)s 条留痕（%(place)s）"), capped=_l("超过 %(count)s 条留痕（%(place)s）"))

bp = Blueprint("audit", __name__, url_prefix="/admin/audit")


@dataclass(frozen=True)
class EntryPage:
    """One entry and its place in the chain."""

    entry: AuditEntry
    facts: tuple[tuple[str, str], ...]
    fault: Fault | None
    before: int | None
    after: int | None


@bp.get("")
@allowed(Action.AUDIT_SEE)
def index() -> ResponseReturnValue:
    question, session = asked(), db.session()
    view = ListView(
        question,
        question.fetch(session),
        places_of(session, question, NATION),
        WORDS,
        endpoint="audit.index",
    )
    return render_page(
        "admin/audit.html",
        view=view,
        check=last_check(session),
        retired=beginning(session).sequence,
        act_word=act_word,
        subject_word=subject_word,
        moment=moment_of,
    )


@bp.get("/<int:sequence>")
@allowed(Action.AUDIT_SEE)
def show(sequence: int) -> ResponseReturnValue:
    session = db.session()
    entry = entry_numbered(session, sequence)
    before = link_before(session, entry)
    page = EntryPage(
        entry=entry,
        facts=tuple(told(entry.facts)),
        fault=fault_of(entry, before, current_trail().key),
        before=before.sequence or None,
        after=number_after(session, entry),
    )
    return render_page(
        "admin/audit_entry.html",
        view=page,
        act_word=act_word,
        subject_word=subject_word,
        moment=moment_of,
    )


@bp.get("/export")
@allowed(Action.AUDIT_EXPORT)
def export() -> ResponseReturnValue:
    question = asked()
    refuse_too_many(question)
    return export_answer(question, title=_("操作留痕"), action=Action.AUDIT_EXPORT, shown=IN_FILE)


def asked() -> Question:
    """What the address asks of the trail: the whole of it, where it names no division."""
    return ask(TRAIL, Action.AUDIT_SEE, home="")


def refuse_too_many(question: Question) -> None:
    """InvalidInput where one file would hold more than people can read."""
    if question.count_up_to(db.session(), MOST_ROWS) > MOST_ROWS:
        sentence = N_(
            "符合条件的留痕超过%(count)s条，一个文件放不下。请按日期缩小范围分次导出；"
            "全部留痕由系统管理员用命令portal audit export导出。"
        )
        raise InvalidInput("since", message(sentence, count=number(MOST_ROWS)))


def act_word(action: str) -> str:
    """What was done in words; the name itself where this version has no word for it."""
    try:
        return word(act_value(action))
    except ValueError:
        return action


def moment_of(value: datetime) -> str:
    """2026-11-23 09:05:07 in Shanghai."""
    return value.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")


def told(facts: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and value of each fact: lists of words as such, whatever else is nested as JSON."""
    for name, value in facts.items():
        is_list = isinstance(value, list) and all(isinstance(item, str) for item in value)
        words = ", ".join(value) if is_list else value
        yield name, words if isinstance(words, str) else json.dumps(words, ensure_ascii=False)


def subject_word(kind: str) -> str:
    """What was acted on, in words; of a refusal it is the name of the address."""
    return said(SUBJECTS[kind]) if kind in SUBJECTS else kind


IN_FILE: Shown = {
    "at": lambda row: instant(row.at),
    "action": lambda row: row.action,
    "result": lambda row: row.result.value,
    "facts": lambda row: json.dumps(row.facts, ensure_ascii=False),
}
"""As the entry was sealed, so that a line of the file can be held against the trail."""
