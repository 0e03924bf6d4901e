"""What the facts of a dossier say on a day, and how a new one stands to those that are there: same, next or correction.

Plain values only: nothing here reads or writes the database.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Protocol

from registry.dossiers.models import FactKind, ListEntry, RecognitionBasis, Registration

ONCE = frozenset({FactKind.REGISTERED_ON, FactKind.RECOGNITION, FactKind.ANNUAL_CHECK})
"""True once (a check once a year): another value corrects, it never follows."""

SAID_BY_EVERY_LIST = frozenset({FactKind.NAME, FactKind.REGISTRAR})
"""Their day is only the day of the list, so the same value on a later list is no news."""


class Fact(Protocol):
    """What is needed of a fact, stored or only read from a row."""

    @property
    def kind(self) -> FactKind: ...

    @property
    def year(self) -> int | None: ...

    @property
    def value(self) -> str: ...

    @property
    def on(self) -> date: ...


class Stored(Fact, Protocol):
    """One that is in the register."""

    @property
    def is_in_force(self) -> bool: ...


@dataclass(frozen=True)
class StatedFact:
    """One that a list states."""

    kind: FactKind
    value: str
    on: date
    year: int | None = None


class Relation(StrEnum):
    """How a stated fact stands to what is on file."""

    SAME = "same"
    NEXT = "next"
    CORRECTION = "correction"


def relation_of(stated: StatedFact, on_file: Iterable[Any]) -> tuple[Relation, Any]:
    """Whether the fact is news, and which stored fact it corrects, if any."""
    known = sorted(
        (
            fact
            for fact in on_file
            if fact.is_in_force and (fact.kind, fact.year) == (stated.kind, stated.year)
        ),
        key=lambda fact: fact.on,
    )
    if any(_is_said_already(fact, stated) for fact in known):
        return Relation.SAME, None
    if stated.kind in ONCE:
        return (Relation.CORRECTION, known[-1]) if known else (Relation.NEXT, None)
    return _in_series(stated, known)


def _is_said_already(fact: Fact, stated: StatedFact) -> bool:
    return fact.value == stated.value and (
        fact.on == stated.on or stated.kind in ONCE - {FactKind.RECOGNITION}
    )


def _in_series(stated: StatedFact, known: Sequence[Any]) -> tuple[Relation, Any]:
    """A change of the value follows; the same value with another day, or another value of the same day, corrects."""
    before = next((fact for fact in reversed(known) if fact.on <= stated.on), None)
    after = next((fact for fact in known if fact.on > stated.on), None)
    if before is not None and before.value == stated.value:
        is_no_news = stated.kind in SAID_BY_EVERY_LIST or stated.value == Registration.NORMAL
        return (Relation.SAME, None) if is_no_news else (Relation.CORRECTION, before)
    if before is not None and before.on == stated.on:
        return Relation.CORRECTION, before
    if after is not None and after.value == stated.value:
        return Relation.CORRECTION, after
    return Relation.NEXT, None


@dataclass(frozen=True)
class Picture:
    """What a dossier says on a day."""

    name: str
    registration: Registration | None
    registration_on: date | None
    registrar: str
    registered_on: date | None
    recognition: RecognitionBasis | None
    recognised_on: date | None
    certificate: str
    certificate_on: date | None
    revoked_on: date | None
    """When the certificate of public fundraising was revoked (吊销), the last time."""
    abnormal_on: date | None
    """Since when it is on the list of abnormal activity; None while it is on none."""
    dishonest_on: date | None
    checks: tuple[tuple[int, str, date], ...]
    """Year, conclusion and day, the newest year first."""

    @property
    def holds_certificate(self) -> bool:
        """A certificate, and none that was revoked since."""
        if self.certificate_on is None:
            return False
        return self.revoked_on is None or self.revoked_on < self.certificate_on

    @property
    def is_normal(self) -> bool:
        """Registered, and neither 注销 nor 撤销 nor 吊销."""
        return self.registration is Registration.NORMAL


def picture_on(facts: Iterable[Any], on: date) -> Picture:
    """The facts in force that hold on the day."""
    holding = sorted((fact for fact in facts if fact.is_in_force and fact.on <= on), key=lambda fact: fact.on)
    last = {fact.kind: fact for fact in holding if fact.kind is not FactKind.ANNUAL_CHECK}

    def value(kind: FactKind) -> str:
        return last[kind].value if kind in last else ""

    def since(kind: FactKind) -> date | None:
        return last[kind].on if kind in last else None

    checks = [(fact.year, fact.value, fact.on) for fact in holding if fact.kind is FactKind.ANNUAL_CHECK]
    registered_on, recognition = value(FactKind.REGISTERED_ON), value(FactKind.RECOGNITION)
    registration = value(FactKind.REGISTRATION)
    return Picture(
        name=value(FactKind.NAME),
        registration=Registration(registration) if registration else None,
        registration_on=since(FactKind.REGISTRATION),
        registrar=value(FactKind.REGISTRAR),
        registered_on=date.fromisoformat(registered_on) if registered_on else None,
        recognition=RecognitionBasis(recognition) if recognition else None,
        recognised_on=since(FactKind.RECOGNITION),
        certificate=value(FactKind.CERTIFICATE),
        certificate_on=since(FactKind.CERTIFICATE),
        revoked_on=since(FactKind.CERTIFICATE_REVOKED),
        abnormal_on=_listed_since(last.get(FactKind.ABNORMAL)),
        dishonest_on=_listed_since(last.get(FactKind.DISHONEST)),
        checks=tuple(sorted(checks, reverse=True)),
    )


def _listed_since(fact: Any) -> date | None:
    return fact.on if fact is not None and fact.value == ListEntry.LISTED else None
