"""Permanent public numbers of standings: one rule for all kinds, 沪慈善2026-0007. None is ever given twice.

A series is counted in a table of its own, so that neither the end of a standing nor its deletion frees a number; a
number says nothing of the holder's name, so a rename or a merger leaves it as it is.
"""

from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, Session, mapped_column

from registry.base import Base, Id, ShortText
from registry.organisations.models import Organisation, Standing, StandingKind

EXAMPLE = "示例"

STANDING_WORDS = {
    StandingKind.PROVIDER: "康复",
    StandingKind.STATION: "社工站",
    StandingKind.CHARITY: "慈善",
    StandingKind.ASSOCIATION: "协会",
}

PROVINCE_LETTERS = dict(
    zip(
        "11 12 13 14 15 21 22 23 31 32 33 34 35 36 37 41 42 43 44 45 46 50 51 52 53 54 61 62 63 64 65 71 81 82".split(),
        "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新台港澳",
        strict=True,
    )
)
"""The short names by which number plates and document numbers know the provinces."""

NO_PROVINCE = "国"


class StandingSeries(Base):
    """How far the numbers of one stem were given out."""

    __tablename__ = "standing_series"

    id: Mapped[Id]
    stem: Mapped[ShortText] = mapped_column(unique=True)
    last: Mapped[int]


def stem_of(kind: StandingKind, division_code: str, year: int, *, is_example: bool = False) -> str:
    """What stands before the serial number: 沪慈善2026-."""
    letter = PROVINCE_LETTERS.get(division_code[:2], NO_PROVINCE)
    return f"{EXAMPLE if is_example else ''}{letter}{STANDING_WORDS[kind]}{year}-"


def next_number(session: Session, organisation: Organisation, kind: StandingKind, on: date) -> str:
    """The next number of its series; it is used up by being asked for, in the caller's transaction."""
    stem = stem_of(kind, organisation.division_code, on.year, is_example=organisation.is_example)
    counted = _counted_on(session, stem)
    if counted is None:
        counted = _begun(session, stem)
    return f"{stem}{counted:04d}"


def _counted_on(session: Session, stem: str) -> int | None:
    """One statement, so that two at once get two numbers; None where the series has not begun."""
    return session.scalar(
        sa.update(StandingSeries)
        .where(StandingSeries.stem == stem)
        .values(last=StandingSeries.last + 1)
        .returning(StandingSeries.last)
    )


def _begun(session: Session, stem: str) -> int:
    """A series goes on after the numbers that were given before it was counted."""
    first = _highest_given(session, stem) + 1
    try:
        with session.begin_nested():
            session.add(StandingSeries(stem=stem, last=first))
            session.flush()
    except sa.exc.IntegrityError:  # somebody else began it in between
        return _counted_on(session, stem) or first
    return first


def _highest_given(session: Session, stem: str) -> int:
    given = session.scalars(
        sa.select(Standing.number).where(Standing.number.startswith(stem, autoescape=True))
    )
    return max((int(end) for number in given if (end := number.removeprefix(stem)).isdecimal()), default=0)
