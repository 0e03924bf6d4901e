"""What the pages of a comparison show, as far as the reader may see it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar
from urllib.parse import urlencode

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.formatting import data, spoken_message, word
from portal.translating import said
from registry.access.actors import Actor
from registry.access.masks import (
    Field,
    Mask,
    certificate_number,
    mask_of,
    staff_name,
)
from registry.clock import today
from registry.errors import InvalidInput
from registry.intake.problems import message_from
from registry.messages import N_, message
from registry.reconciliations.columns import ForeignColumns
from registry.reconciliations.fields import KINDS, PRESENCE, PRESENCE_WORD, ComparedField
from registry.reconciliations.models import (
    CORRECTABLE,
    Corrector,
    FieldAuthority,
    Outcome,
    Progress,
    Reconciliation,
    ReconciliationFinding,
    SubjectKind,
)
from registry.reconciliations.queries import Wanted, authorities_on
from registry.terms import Term

Sources = Mapping[str, FieldAuthority]
Counts = Mapping[tuple[Outcome, Corrector, Progress], int]
Kind = TypeVar("Kind", bound=StrEnum)

OUTCOME_KINDS: Mapping[Outcome, str] = {
    Outcome.DIFFERENT: "wrong",
    Outcome.THEY_LACK: "waiting",
    Outcome.WE_LACK: "waiting",
    Outcome.ONLY_THEIRS: "wrong",
    Outcome.ONLY_OURS: "wrong",
    Outcome.LIKELY_SAME: "draft",
    Outcome.AMBIGUOUS: "late",
    Outcome.UNREADABLE: "late",
}
PROGRESS_KINDS: Mapping[Progress, str] = {
    Progress.NEW: "draft",
    Progress.REPORTED: "active",
    Progress.UNCHANGED: "late",
    Progress.CORRECTED: "done",
}
HIDDEN = "******"


@dataclass(frozen=True)
class Line:
    """One finding as a row of the list."""

    finding: ReconciliationFinding
    name: str
    field: str
    theirs: str
    ours: str
    note: str
    url: str
    """Our own record; empty where there is none."""
    source: str
    """权威来源: what the field is taken from, in the words of files."""

    @property
    def can_be_marked(self) -> bool:
        """Whether somebody can still be told, or decide who corrects."""
        return self.finding.outcome in CORRECTABLE and self.finding.progress is Progress.NEW


def line_of(actor: Actor, run: Reconciliation, finding: ReconciliationFinding, sources: Sources) -> Line:
    """Names and numbers as masks.py has them for the reader."""
    kind = KINDS[run.kind]
    field = kind.field(finding.field) if finding.field else None
    is_people = run.kind is SubjectKind.PRACTITIONERS
    name = (staff_name(actor, finding.name) if finding.name else "") if is_people else finding.name
    theirs, ours = (seen(actor, field, value) for value in (finding.theirs, finding.ours))
    if field is not None and field.is_sealed and finding.outcome is Outcome.DIFFERENT:
        theirs = ours = _("不展示")
    return Line(
        finding,
        name or "",
        word(Term(field.zh, field.en)) if field else said(PRESENCE_WORD),
        theirs,
        ours,
        spoken_message(message_from(finding.note)) if finding.note else "",
        _url(run, finding),
        source_of(sources, finding.field or PRESENCE),
    )


@dataclass(frozen=True)
class ComparedColumn:
    """A field that was compared: where it comes from, and what it is taken from."""

    field: str
    head: str
    """Their column; empty where it is about whole rows."""
    source: str
    basis: str


def sources_of(session: Session, run: Reconciliation) -> Sources:
    """By field, what it was taken from on the day of the comparison."""
    return authorities_on(session, run.kind, run.division_code, today(run.compared_at or run.at))


def source_of(sources: Sources, field: str) -> str:
    """In words that others read too: they stand in files that go to them."""
    if field not in sources:
        return str(_("未指定"))
    system = sources[field].system
    return system.name if system else str(_("精康通"))


def shown_source(sources: Sources, field: str) -> str:
    """The same on our own page."""
    if field not in sources:
        return str(_("未指定"))
    system = sources[field].system
    return data(system.name) if system else str(_("本系统（精康通）"))


def compared_columns(run: Reconciliation, sources: Sources) -> list[ComparedColumn]:
    """Whether something is listed at all, then every field that their file has."""
    heads = ForeignColumns.of_json(run.columns).fields
    return [
        ComparedColumn(
            label,
            heads.get(key, ""),
            shown_source(sources, key),
            sources[key].basis if key in sources else "",
        )
        for key, label in authority_fields(run.kind)
        if key == PRESENCE or key in heads
    ]


def seen(actor: Actor, field: ComparedField | None, value: str) -> str:
    """A value of a field that is about a person, as the reader may know it."""
    if field is None or not field.is_personal or not value:
        return value
    if field.key == "name":
        return staff_name(actor, value) or HIDDEN
    if field.key == "certificate_number":
        return certificate_number(actor, value) or HIDDEN
    return value if mask_of(actor, Field.STAFF_BIRTH_YEAR) is Mask.SHOW else HIDDEN


def _url(run: Reconciliation, finding: ReconciliationFinding) -> str:
    if not finding.subject_code:
        return ""
    if run.kind is SubjectKind.PRACTITIONERS:
        return url_for("practitioners.show", practitioner=finding.subject_code)
    return url_for("sites.show", site=finding.subject_code)


def wanted_now(run: Reconciliation) -> Wanted:
    """What the address asks of the findings; InvalidInput for what it cannot."""
    typed = request.args
    field = typed.get("field", "")
    if field and field not in {one.key for one in KINDS[run.kind].fields}:
        raise _not_known("field", field)
    return Wanted(
        outcome=_member(Outcome, "outcome"),
        corrector=_member(Corrector, "corrector"),
        progress=_member(Progress, "progress"),
        field=field,
    )


def _member(kind: type[Kind], key: str) -> Kind | None:
    typed = request.args.get(key, "")
    if typed and typed not in set(kind):
        raise _not_known(key, typed)
    return kind(typed) if typed else None


def page_now() -> int:
    """The page that the address asks for."""
    typed = request.args.get("page", "1")
    if not (typed.isascii() and typed.isdecimal() and len(typed) <= 5 and int(typed) >= 1):
        raise _not_known("page", typed)
    return int(typed)


def _not_known(key: str, typed: str) -> InvalidInput:
    shown = "".join(sign for sign in typed[:40] if sign.isprintable())
    sentence = N_("网址中“%(key)s”的值“%(value)s”不在可选范围内，请清除筛选后重新选择。")
    return InvalidInput(key, message(sentence, key=key, value=shown))


@dataclass(frozen=True)
class Tally:
    """One outcome with its counts: by who corrects, and how many of these were reported."""

    outcome: Outcome
    them: int
    us: int
    undecided: int
    reported: int

    @property
    def count(self) -> int:
        """All of them."""
        return self.them + self.us + self.undecided


def tallies(counts: Counts) -> list[Tally]:
    """Every outcome that occurs, in the order of the enumeration."""
    made = []
    for outcome in Outcome:
        mine = {key: count for key, count in counts.items() if key[0] is outcome}
        if mine:
            by = {one: sum(count for key, count in mine.items() if key[1] is one) for one in Corrector}
            reported = sum(count for key, count in mine.items() if key[2] is not Progress.NEW)
            made.append(Tally(outcome, by[Corrector.THEM], by[Corrector.US], by[Corrector.OPEN], reported))
    return made


def filter_choices(run: Reconciliation) -> dict[str, Sequence[tuple[str, Any]]]:
    """What each box of the filter offers."""
    return {
        "outcome": [(one.value, word(one)) for one in Outcome],
        "corrector": [(one.value, word(one)) for one in Corrector],
        "progress": [(one.value, word(one)) for one in (Progress.NEW, Progress.REPORTED, Progress.UNCHANGED)],
        "field": field_choices(run.kind),
    }


def field_choices(kind: SubjectKind) -> list[tuple[str, str]]:
    """The fields of a kind by key, in words."""
    return [(one.key, word(Term(one.zh, one.en))) for one in KINDS[kind].fields]


def authority_fields(kind: SubjectKind) -> list[tuple[str, str]]:
    """The same, and before them whether something is listed at all."""
    return [(PRESENCE, said(PRESENCE_WORD)), *field_choices(kind)]


def address(run: Reconciliation, endpoint: str, **asked: str) -> str:
    """A page of this comparison with what is asked of it."""
    kept = {key: value for key, value in asked.items() if value}
    path = url_for(endpoint, reconciliation=run.code)
    return f"{path}?{urlencode(kept)}" if kept else path
