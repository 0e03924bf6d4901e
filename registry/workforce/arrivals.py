"""A person comes to the register by hand, with the post that brings him: found by his numbers, or new.

One person has one record wherever he works. An identity number that the register knows leads to its holder, and a
register number to its own; where the two lead to two records, officers are asked whether they are one person.
"""

from dataclasses import dataclass
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.access.rules import authorize, may
from registry.actions import Action
from registry.errors import InvalidInput
from registry.messages import N_, message
from registry.sealing.providers import SealProvider
from registry.turns import take_turns
from registry.workforce.merging import former_number_of, propose_merges
from registry.workforce.models import Practitioner
from registry.workforce.papers import Held, enter
from registry.workforce.sealed_fields import IDENTITY_NUMBER, PHONE
from registry.workforce.writing import BY_HAND, Hand, note

BORN = slice(6, 10)
"""Where an identity number says the year of birth."""


@dataclass(frozen=True)
class Named:
    """What is typed of a person; numbers as their parsers give them back."""

    person_no: str
    name: str
    birth_year: int
    identity_number: str | None = None
    phone: str | None = None


@dataclass(frozen=True)
class Arrival:
    """Who came."""

    person: Practitioner
    is_new: bool
    asks_about_merge: bool = False
    """Both numbers were known, of two records: officers are asked."""


def arrive(session: Session, named: Named, held: Held, *, seals: SealProvider, hand: Hand) -> Arrival:
    """Sent twice, the same form finds what it made the first time."""
    authorize(hand.actor, Action.PRACTITIONER_RECORD, held.site, see=Action.SITE_SEE)
    take_turns(session, held.site)
    _check_year(named)
    by_identity = _by_identity(session, seals, named)
    by_number = _by_number(session, named)
    known = by_number or by_identity
    if known is not None:
        _check_is_same(known, named, by_number is not None)
        _complete(session, seals, known, by_identity, named, hand)
    person = known or _new(session, seals, named, held, hand)
    enter(session, person, held, hand)
    is_twice = by_identity is not None and by_number is not None and by_identity is not by_number
    if is_twice:
        _ask(session, cast("Practitioner", by_identity), person, hand)
    if known is None:
        session.refresh(person, ["posts"])
        note(session, person, Action.PRACTITIONER_RECORD, hand, {"person_no": person.person_no})
    return Arrival(person, known is None, is_twice)


def _check_year(named: Named) -> None:
    if named.identity_number and int(named.identity_number[BORN]) != named.birth_year:
        text = N_("身份证号与出生年份不一致，请对照身份证核对两项。")
        raise InvalidInput("identity_number", message(text))


def _by_identity(session: Session, seals: SealProvider, named: Named) -> Practitioner | None:
    """Wherever in the register he is."""
    if named.identity_number is None:
        return None
    holds = IDENTITY_NUMBER.is_value(seals, named.identity_number)
    return session.scalar(sa.select(Practitioner).where(holds).order_by(Practitioner.id).limit(1))


def _by_number(session: Session, named: Named) -> Practitioner | None:
    former = former_number_of(session, person_no=named.person_no)
    if former is not None:
        text = N_("这个人员编号已并入“%(number)s”，请改用合并后的编号。")
        raise InvalidInput("person_no", message(text, number=former.practitioner.person_no))
    return session.scalar(sa.select(Practitioner).where(Practitioner.person_no == named.person_no))


def _check_is_same(known: Practitioner, named: Named, by_number: bool) -> None:
    """Neither whose the number is nor where he works is told to whoever knows less of him than his name."""
    if (known.name, known.birth_year) == (named.name, named.birth_year):
        return
    if by_number:
        text = N_("这个人员编号已登记，姓名或出生年份却与所填的不同。请核对编号；新人可留空，由系统编号。")
        raise InvalidInput("person_no", message(text))
    text = N_(
        "这个身份证号已登记，姓名或出生年份却与所填的不同。请对照身份证核对；登记有误的，请报区县更正。"
    )
    raise InvalidInput("identity_number", message(text))


def _complete(
    session: Session,
    seals: SealProvider,
    known: Practitioner,
    by_identity: Practitioner | None,
    named: Named,
    hand: Hand,
) -> None:
    """An identity number that nobody has yet is put on a known record only by whoever keeps that record."""
    if named.identity_number is None or by_identity is not None:
        return
    index = Practitioner.identity_index
    has_one = session.scalar(sa.select(index).where(Practitioner.id == known.id)) is not None
    if has_one or not may(hand.actor, Action.PRACTITIONER_RECORD, known):
        text = N_(
            "与这个人员编号已登记的身份证号不符，不能在这里登记。请核对两个号码；登记有误的，请报区县更正。"
        )
        raise InvalidInput("identity_number", message(text))
    _seal(session, seals, known, named.identity_number, None)


def _new(session: Session, seals: SealProvider, named: Named, held: Held, hand: Hand) -> Practitioner:
    person = Practitioner(
        person_no=named.person_no,
        name=named.name,
        birth_year=named.birth_year,
        source=BY_HAND,
        is_example=held.site.is_example,
        updated_at=hand.at,
    )
    session.add(person)
    session.flush()  # the code seals
    _seal(session, seals, person, named.identity_number, named.phone)
    return person


def _seal(
    session: Session, seals: SealProvider, person: Practitioner, identity: str | None, phone: str | None
) -> None:
    values: dict[str, Any] = {}
    for field, typed in ((IDENTITY_NUMBER, identity), (PHONE, phone)):
        if typed is not None:
            values |= field.values(seals, typed, person.code)
    if values:
        table = cast("sa.Table", Practitioner.__table__)
        session.execute(sa.update(table).where(table.c.id == person.id).values(values))


def _ask(session: Session, one: Practitioner, other: Practitioner, hand: Hand) -> None:
    pair = [(one.person_no, other.person_no)]
    propose_merges(session, pair, actor=hand.actor, at=hand.at, trail=hand.trail)
