"""A dossier as its pages show it, made before they are drawn."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flask import url_for
from flask_babel import gettext as _
from markupsafe import Markup
from sqlalchemy.orm import Session

from portal.formatting import capital, data, day, day_in_words, with_data, word, word_within, words_in_row
from portal.successions.views import notices_of
from portal.workflow.steps import Button, Past, Waiting, buttons_of, past_of, place_of_desk, waiting_for
from registry.access.actors import Actor
from registry.dossiers.comparing import compared, picture_of
from registry.dossiers.facts import Picture
from registry.dossiers.models import (
    CheckConclusion,
    DifferingField,
    Dossier,
    DossierFact,
    DossierRemark,
    DossierState,
    FactKind,
    ListEntry,
    RecognitionBasis,
    Registration,
    RemarkState,
)
from registry.dossiers.operations import standing_held
from registry.dossiers.queries import remarks_on
from registry.dossiers.remark_workflow import RemarkStep
from registry.dossiers.workflow import DossierStep
from registry.successions.models import OrganisationSuccession
from registry.successions.queries import successions_of
from registry.workflow.models import Todo
from registry.workflow.queries import history, open_steps

STATE_KINDS = {
    DossierState.BROUGHT_IN: "waiting",
    DossierState.CHECKED: "done",
    DossierState.DIFFERS: "wrong",
    DossierState.CORRECTED: "active",
}
REMARK_KINDS = {
    RemarkState.RAISED: "waiting",
    RemarkState.ANSWERED: "done",
    RemarkState.WITHDRAWN: "ended",
}
STEP_PAGES = {
    DossierStep.CHECK: "dossiers.check",
    DossierStep.FIND_DIFFERENT: "dossiers.find_different",
    DossierStep.CORRECT: "dossiers.correct",
}
REMARK_PAGES = {RemarkStep.ANSWER: "dossiers.answer", RemarkStep.WITHDRAW: "dossiers.withdraw"}
MAIN = frozenset({DossierStep.CHECK, DossierStep.CORRECT, RemarkStep.ANSWER})


@dataclass(frozen=True)
class Pair:
    """One field in the register and on the list."""

    label: str
    old: str
    new: str
    is_changed: bool


@dataclass(frozen=True)
class FactLine:
    """One fact of the history."""

    kind: str
    value: str
    on: date
    document: str
    listed_on: date
    recorded: str
    is_in_force: bool


@dataclass(frozen=True)
class RemarkLine:
    """What was said against the dossier."""

    remark: DossierRemark
    kind: str
    fields: str


@dataclass(frozen=True)
class DossierPage:
    """Everything that the page of one dossier shows."""

    dossier: Dossier
    kind: str
    number: str
    facts: tuple[tuple[str, str], ...]
    pairs: tuple[Pair, ...]
    differing: str
    reason: str
    """What an officer wrote of the difference; empty while there is none."""
    lines: tuple[FactLine, ...]
    remarks: tuple[RemarkLine, ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]
    notices: list[tuple[Markup, OrganisationSuccession, str]]
    missing: Markup | None
    """That the newest list does not name it any more."""


@dataclass(frozen=True)
class RemarkPage:
    """Everything that the page of one remark shows."""

    remark: DossierRemark
    kind: str
    facts: tuple[tuple[str, str], ...]
    buttons: tuple[Button, ...]
    past: tuple[Past, ...]
    waiting: tuple[Waiting, ...]


def dossier_page(session: Session, dossier: Dossier, actor: Actor, today: date) -> DossierPage:
    """One dossier for one reader."""
    held = standing_held(dossier.organisation, dossier.kind, today)
    past = [one for one in dossier.organisation.standings if one.kind is dossier.kind]
    return DossierPage(
        dossier=dossier,
        kind=STATE_KINDS[dossier.state],
        number=held.number if held else (past[-1].number if past else ""),
        facts=tuple(facts_of(dossier)),
        pairs=pairs_of(dossier),
        differing=_listed(dossier.differing),
        reason=_reason(session, dossier),
        lines=tuple(_line(fact) for fact in sorted(dossier.facts, key=_newest_first, reverse=True)),
        remarks=tuple(
            RemarkLine(one, REMARK_KINDS[one.state], _listed(one.differing))
            for one in remarks_on(session, dossier)
        ),
        buttons=_buttons(session, dossier, actor),
        past=past_of(session, dossier, DossierStep),
        waiting=waiting_for(session, dossier, today, lambda todo: _place_of(todo, dossier)),
        notices=notices_of(dossier.organisation, successions_of(session, dossier.organisation_id)),
        missing=_missing(dossier),
    )


def _buttons(session: Session, dossier: Dossier, actor: Actor) -> tuple[Button, ...]:
    """What a list does is not done by hand."""
    return tuple(
        Button(
            word(DossierStep(one.step)),
            url_for(STEP_PAGES[DossierStep(one.step)], dossier=dossier.code),
            is_main=one.step in MAIN,
            is_direct=False,
        )
        for one in open_steps(session, dossier, actor)
        if one.step in STEP_PAGES
    )


def _missing(dossier: Dossier) -> Markup | None:
    if dossier.missing_on is None:
        return None
    sentence = _(
        "新名单中未出现：%(registrar)s%(day)s的名单没有这个单位。档案不会删除，请向登记管理机关核实。"
    )
    return with_data(sentence, registrar=dossier.registrar, day=day_in_words(dossier.missing_on))


def remark_page(session: Session, remark: DossierRemark, actor: Actor, today: date) -> RemarkPage:
    """One remark for one reader."""
    facts = [
        (_("单位"), data(remark.dossier.organisation.name)),
        (_("与登记不符的内容"), _listed(remark.differing)),
        (_("说明"), data(remark.text)),
    ]
    if remark.answer:
        facts.append((_("答复"), data(remark.answer)))
    return RemarkPage(
        remark=remark,
        kind=REMARK_KINDS[remark.state],
        facts=tuple(facts),
        buttons=buttons_of(session, remark, actor, REMARK_PAGES, main=MAIN),
        past=past_of(session, remark, RemarkStep),
        waiting=waiting_for(session, remark, today, lambda todo: _place_of(todo, remark.dossier)),
    )


def facts_of(dossier: Dossier) -> Iterator[tuple[str, str]]:
    """What is on file today, in the order of the list."""
    picture = picture_of(dossier)
    yield _("统一社会信用代码"), data(dossier.organisation.uscc or "")
    yield _("登记管理机关"), data(dossier.registrar)
    yield _("成立登记日期"), day(picture.registered_on)
    yield _("登记状态"), _registration(picture)
    yield _("慈善组织"), _recognition(picture)
    yield _("公开募捐资格"), _certificate(picture)
    yield _("年检结论"), _checks(picture)
    yield _("信用名单"), _credit(picture)
    yield _("名单"), data(f"{dossier.document}（{dossier.listed_on.isoformat()}）")


def _registration(picture: Picture) -> str:
    if picture.registration is None:
        return str(_("名单没有写"))
    if picture.is_normal:
        return word(picture.registration)
    return str(_("%(state)s（%(day)s）", state=word(picture.registration), day=day(picture.registration_on)))


def _recognition(picture: Picture) -> str:
    if picture.recognition is None:
        return str(_("不是慈善组织"))
    return str(_("%(how)s（%(day)s）", how=word(picture.recognition), day=day(picture.recognised_on)))


def _certificate(picture: Picture) -> str:
    if picture.holds_certificate:
        sentence = _("证书%(number)s，%(day)s发证")
        return str(sentence % {"number": picture.certificate, "day": day(picture.certificate_on)})
    if picture.revoked_on is not None:
        return str(_("资格证书已于%(day)s吊销", day=day(picture.revoked_on)))
    return str(_("没有资格证书"))


def _checks(picture: Picture) -> str:
    if not picture.checks:
        return str(_("没有记录"))
    said = [
        _("%(year)s年%(conclusion)s", year=year, conclusion=word_within(CheckConclusion(conclusion)))
        for year, conclusion, _on in picture.checks
    ]
    return str(_("；").join(said))


def _credit(picture: Picture) -> str:
    said = []
    if picture.dishonest_on:
        said.append(_("%(day)s列入严重违法失信名单", day=day(picture.dishonest_on)))
    if picture.abnormal_on:
        said.append(_("%(day)s列入活动异常名录", day=day(picture.abnormal_on)))
    return capital(str(_("；").join(said))) or str(_("不在名单上"))


def pairs_of(dossier: Dossier) -> tuple[Pair, ...]:
    """The register beside the list."""
    return tuple(
        Pair(word(one.field), data(one.register or "--"), data(one.listed or "--"), one.is_one)
        for one in compared(dossier)
    )


def _listed(values: list[str]) -> str:
    return words_in_row(DifferingField(value) for value in values)


def _reason(session: Session, dossier: Dossier) -> str:
    if dossier.state is not DossierState.DIFFERS:
        return ""
    found = [step.reason for step in history(session, dossier) if step.step == DossierStep.FIND_DIFFERENT]
    return found[-1] if found else ""


def _newest_first(fact: DossierFact) -> tuple[date, int]:
    return fact.on, fact.id


def _line(fact: DossierFact) -> FactLine:
    label = word(fact.kind)
    if fact.year is not None:
        label = _("%(year)s年%(kind)s", year=fact.year, kind=label)
    return FactLine(
        kind=label,
        value=value_of(fact),
        on=fact.on,
        document=fact.document,
        listed_on=fact.listed_on,
        recorded=fact.recorded_by,
        is_in_force=fact.is_in_force,
    )


WORDS_OF = {
    FactKind.REGISTRATION: Registration,
    FactKind.RECOGNITION: RecognitionBasis,
    FactKind.ANNUAL_CHECK: CheckConclusion,
    FactKind.ABNORMAL: ListEntry,
    FactKind.DISHONEST: ListEntry,
    FactKind.CERTIFICATE_REVOKED: Registration,
}
"""The enumerations of stored values; the others are names, numbers and days."""


def value_of(fact: DossierFact) -> str:
    """The value in words."""
    kind = WORDS_OF.get(fact.kind)
    return word(kind(fact.value)) if kind else data(fact.value)


def _place_of(todo: Todo, dossier: Dossier) -> str:
    if todo.organisation_id is not None:
        return dossier.organisation.name
    return place_of_desk(todo)
