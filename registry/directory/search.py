"""Finds places by what people type: a part of the name, its pinyin, its initials, with one slip in the pinyin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.directory.area_names import LONGEST
from registry.directory.matching import LEAST_LETTERS, halves, holds_with_a_slip
from registry.directory.models import NameReading
from registry.directory.places import PublicPlace, places_by_id, serves
from registry.directory.readings import plain
from registry.divisions.codes import NATION, within
from registry.organisations.models import Site

MOST_FOUND = 30
MOST_TRIED = 1_000
"""Rows that hold one half of what was typed and are looked at letter by letter."""


@dataclass(frozen=True)
class Found:
    """What a search found."""

    places: Sequence[PublicPlace]
    is_guess: bool
    """Nothing is called so; these differ in one letter."""
    has_more: bool


def search_places(session: Session, typed: str, on: date, *, within_code: str = NATION) -> Found:
    """The best first: names that begin so before names that hold it."""
    wanted = plain(typed)[:LONGEST]
    if not wanted:
        return Found((), is_guess=False, has_more=False)
    rows = _holding(session, [wanted], on, within_code, MOST_TRIED)
    is_guess = not rows and wanted.isalpha() and wanted.isascii() and len(wanted) >= LEAST_LETTERS
    if is_guess:
        near = _holding(session, halves(wanted), on, within_code, MOST_TRIED)
        rows = [row for row in near if holds_with_a_slip(_pinyin(row[1]), wanted)]
    ids = list(dict.fromkeys(key for key, _text in sorted(rows, key=lambda row: _rank(row[1], wanted))))
    places = places_by_id(session, ids[:MOST_FOUND], on)
    return Found(places, is_guess and bool(places), len(ids) > MOST_FOUND)


def _holding(
    session: Session, parts: Sequence[str], on: date, within_code: str, most: int
) -> list[tuple[int, str]]:
    """Readings that hold one of the parts; the index of the readings is small, and no name is read in Python."""
    held: list[ColumnElement[bool]] = [NameReading.text.contains(part, autoescape=True) for part in parts]
    statement = (
        sa.select(NameReading.site_id, NameReading.text)
        .join(Site, Site.id == NameReading.site_id)
        .where(sa.or_(*held), serves(on), within(Site.located_code, within_code))
        .order_by(NameReading.id)  # as they lie: what everything holds is found without sorting everything
        .limit(most)
    )
    return [(key, text) for key, text in session.execute(statement)]


def _pinyin(text: str) -> str:
    return text.split(" ")[2]


def _rank(text: str, wanted: str) -> tuple[bool, int, str]:
    """A name, pinyin or initials that begin so come first, then those that hold it early."""
    return f" {wanted}" not in text, len(text), text
