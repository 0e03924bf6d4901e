"""Writes of dossiers: what a list states is put on file, and what the check and the remarks of an organisation do.

The steps are taken through the workflow (workflow.py and remark_workflow.py have the tables); these are their effects.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.dossiers.comparing import differences
from registry.dossiers.facts import Picture, Relation, StatedFact, picture_on, relation_of
from registry.dossiers.models import (
    DifferingField,
    Dossier,
    DossierFact,
    DossierRemark,
    DossierState,
    RemarkState,
)
from registry.errors import InvalidInput
from registry.messages import N_, Message, message
from registry.organisations.models import Organisation, Standing, StandingKind
from registry.organisations.numbers import next_number
from registry.organisations.operations import end_standing, grant_standing
from registry.workflow_table import Facts, Occasion


@dataclass(frozen=True)
class Source:
    """The list that says something: its name, its day, and whoever brought it in."""

    document: str
    listed_on: date
    recorded_at: datetime
    recorded_by: str


@dataclass(frozen=True)
class Correcting:
    """What is typed when a difference is settled: whether the list was put right, or the register follows it."""

    follows_list: bool


def new_dossier(organisation: Organisation, kind: StandingKind, registrar: str, source: Source) -> Dossier:
    """In no session yet: the workflow starts it."""
    return Dossier(
        kind=kind,
        state=DossierState.BROUGHT_IN,
        registrar=registrar,
        document=source.document,
        listed_on=source.listed_on,
        differing=[],
        division_code=organisation.division_code,
        updated_at=source.recorded_at,
        organisation=organisation,
        organisation_id=organisation.id,
    )


def put_on_file(session: Session, dossier: Dossier, stated: Iterable[StatedFact], source: Source) -> int:
    """Add what is news; a correction takes the place of the fact that was wrong, which stays. How many were new."""
    added = 0
    for fact in stated:
        relation, corrected = relation_of(fact, dossier.facts)
        if relation is Relation.SAME:
            continue
        row = _row(fact, source)
        dossier.facts.append(row)
        session.flush()  # flush: a corrected fact names its successor
        if corrected is not None:
            corrected.replaced_by_id = row.id
        added += 1
    return added


def _row(fact: StatedFact, source: Source) -> DossierFact:
    return DossierFact(
        kind=fact.kind,
        year=fact.year,
        value=fact.value,
        on=fact.on,
        document=source.document,
        listed_on=source.listed_on,
        recorded_at=source.recorded_at,
        recorded_by=source.recorded_by,
    )


def list_and_register_agree(dossier: Dossier) -> Message | None:
    """核对一致 cannot be said of what plainly differs."""
    found = differences(dossier)
    if not found:
        return None
    return message(
        N_("名单与本库登记有%(count)s处不一致，请选“登记不一致”，写明是哪一方有误。"), count=len(found)
    )


def check(session: Session, dossier: Dossier, occasion: Occasion) -> Facts:
    """核对一致: the standing follows the facts, with a permanent number."""
    dossier.differing, dossier.corrected_by = [], ""
    dossier.updated_at = occasion.at
    picture = picture_on(dossier.facts, occasion.on)
    return {"standing": _standing_after(session, dossier, picture, occasion.on)}


def _standing_after(session: Session, dossier: Dossier, picture: Picture, on: date) -> str:
    """Granted where the registration is normal (a charity must be recognised as one); ended where it is over."""
    held = standing_held(dossier.organisation, dossier.kind, on)
    if _is_entitled(dossier, picture):
        if held is None:
            number = next_number(session, dossier.organisation, dossier.kind, on)
            held = grant_standing(session, dossier.organisation, kind=dossier.kind, number=number, on=on)
        return held.number
    if held is not None:
        since = picture.registration_on if not picture.is_normal and picture.registration_on else on
        _end_or_take_back(session, held, since)
    return ""


def _is_entitled(dossier: Dossier, picture: Picture) -> bool:
    if not picture.is_normal:
        return False
    return dossier.kind is StandingKind.ASSOCIATION or picture.recognised_on is not None


def _end_or_take_back(session: Session, standing: Standing, since: date) -> None:
    """One that began after the registration was over never stood: it ends the day after it began."""
    first_possible = date.fromordinal(standing.granted_on.toordinal() + 1)
    end_standing(standing, on=max(since, first_possible))
    session.flush()


def standing_held(organisation: Organisation, kind: StandingKind, on: date) -> Standing | None:
    """The standing of the kind that is held on the day or begins later."""
    return next(
        (
            one
            for one in organisation.standings
            if one.kind is kind and (one.ended_on is None or one.ended_on > on)
        ),
        None,
    )


def was_corrected_by_himself(dossier: Dossier, actor: Actor) -> Message | None:
    """Bar: four eyes. A check grants a permanent number, so nobody checks what he put right himself."""
    if actor.people & set(dossier.corrected_by.split()):
        return message(N_("更正登记的人不能自己核对，请由区县或市级的另一名人员核对。"))
    return None


def find_different(_session: Session, dossier: Dossier, occasion: Occasion) -> Facts:
    """Which fields differ; InvalidInput where none is named."""
    fields: Sequence[DifferingField] = occasion.facts
    if not fields:
        raise InvalidInput("fields", message(N_("请至少选一项不一致的内容。")))
    dossier.differing = [field.value for field in fields]
    dossier.updated_at = occasion.at
    return {"differing": dossier.differing}


def correct(_session: Session, dossier: Dossier, occasion: Occasion) -> Facts:
    """The source was put right, or the register follows the list; then it waits to be checked again."""
    correcting: Correcting = occasion.facts
    dossier.updated_at = occasion.at
    dossier.corrected_by = " ".join(sorted({*dossier.corrected_by.split(), *occasion.actor.people}))
    if not correcting.follows_list:
        return {"corrected": "source"}
    organisation, picture = dossier.organisation, picture_on(dossier.facts, occasion.on)
    before = {"name": organisation.name, "opened_on": str(organisation.opened_on)}
    organisation.name = picture.name or organisation.name
    organisation.opened_on = picture.registered_on or organisation.opened_on
    organisation.updated_at = occasion.at
    return {"corrected": "register", **before}


def renew(_session: Session, dossier: Dossier, occasion: Occasion) -> Facts:
    """A newer list said something new: it is to be checked again."""
    dossier.updated_at = occasion.at
    return {"document": dossier.document, "listed_on": dossier.listed_on.isoformat()}


@dataclass(frozen=True)
class Objection:
    """What an organisation says against its dossier."""

    fields: tuple[DifferingField, ...]
    text: str


def remark_of(dossier: Dossier, objection: Objection, at: datetime) -> DossierRemark:
    """In no session yet: the workflow starts it."""
    if not objection.fields:
        raise InvalidInput("fields", message(N_("请至少选一项与登记不符的内容。")))
    return DossierRemark(
        state=RemarkState.RAISED,
        differing=[field.value for field in objection.fields],
        text=objection.text,
        answer="",
        raised_at=at,
        dossier=dossier,
        dossier_id=dossier.id,
    )


def answer(_session: Session, remark: DossierRemark, occasion: Occasion) -> Facts:
    """The district's words; what they change is done on the dossier."""
    remark.answer = occasion.facts
    return {"answer": remark.answer}
