"""Finds districts and streets by what people type: a part of the name, or the beginning of its pinyin or initials.

The country has some 44,000 of them. To read each name whole takes seconds, so a name is read only where its characters,
one by one, may be read as what was typed.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from datetime import date
from functools import cache

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.directory.places import serves
from registry.directory.readings import plain, readings_of, syllables_of
from registry.divisions.codes import LENGTH_OF_LEVEL, Level, within
from registry.divisions.models import Division
from registry.divisions.queries import HIDDEN_KINDS, in_force
from registry.organisations.models import Site

LONGEST = 40
MOST_AREAS = 10
DISTRICT_DIGITS = LENGTH_OF_LEVEL[Level.DISTRICT]
FEW_AREAS = 40
"""So many districts are counted one by one; of more the whole country is counted once."""


def areas_called(session: Session, typed: str, on: date) -> list[str]:
    """Codes of districts and streets, the best first, whose name holds the text or whose pinyin or initials begin so.

    Only where something lies: in the street, or in the district around it, whose places a street without any shows.
    """
    wanted = plain(typed)[:LONGEST]
    if not wanted:
        return []
    known = sa.select(Division.code, Division.name).where(
        Division.level.in_((Level.DISTRICT, Level.TOWNSHIP)), Division.kind.not_in(HIDDEN_KINDS), in_force(on)
    )
    find = _read_as if wanted.isascii() else _holding
    called = dict(find(session, known, wanted))
    counts = _counts_in(session, {code[:DISTRICT_DIGITS] for code in called}, on)

    def rank(code: str) -> tuple[bool, int, int, str]:
        return not _begins(called[code], typed, wanted), -counts[code], len(code), code

    return sorted((code for code in called if counts[code[:DISTRICT_DIGITS]]), key=rank)[:MOST_AREAS]


Called = Iterator[tuple[str, str]]
"""Codes and names."""


def _read_as(session: Session, known: sa.Select[str, str], wanted: str) -> Called:
    for code, name in session.execute(known):
        if _may_be_read_as(name, wanted) and any(f" {wanted}" in text for text in readings_of(name)):
            yield code, name


def _holding(session: Session, known: sa.Select[str, str], wanted: str) -> Called:
    character = next(one for one in wanted if not one.isascii())
    near = session.execute(known.where(Division.name.contains(character, autoescape=True)))
    return ((code, name) for code, name in near if wanted in plain(name))


def _counts_in(session: Session, districts: Collection[str], on: date) -> Counter[str]:
    """How many places lie in each of the districts and in each of their streets."""
    found = Counter[str]()
    if not districts:
        return found
    is_few = len(districts) <= FEW_AREAS
    lies = sa.or_(*(within(Site.located_code, code) for code in districts)) if is_few else sa.true()
    street = sa.func.substr(Site.located_code, 1, LENGTH_OF_LEVEL[Level.TOWNSHIP])
    counted = sa.select(street, sa.func.count()).where(lies, serves(on))
    for code, count in session.execute(counted.group_by(street)):
        for area in {code, code[:DISTRICT_DIGITS]}:
            found[area] += count
    return found


def _begins(name: str, typed: str, wanted: str) -> bool:
    """Whether the name begins with the text, or the whole pinyin or the initials are it."""
    return name.startswith(typed.strip()) or any(wanted in text.split(" ") for text in readings_of(name))


def _may_be_read_as(name: str, wanted: str) -> bool:
    """Whether the characters taken one by one leave it open; quick, and never wrong in saying no."""
    if name[:1].isalnum() and wanted[0] not in _first_letters(name[0]):
        return False
    whole = plain(name)
    return _may_be_spelt(whole, wanted) or _may_be_initials(whole, wanted)


def _may_be_spelt(whole: str, wanted: str) -> bool:
    if not wanted or not whole:
        return not wanted
    return any(
        syllable.startswith(wanted)
        or (wanted.startswith(syllable) and _may_be_spelt(whole[1:], wanted[len(syllable) :]))
        for syllable in syllables_of(whole[0])
    )


def _may_be_initials(whole: str, wanted: str) -> bool:
    return len(wanted) <= len(whole) and all(
        letter in _first_letters(character) for letter, character in zip(wanted, whole, strict=False)
    )


@cache
def _first_letters(character: str) -> frozenset[str]:
    """As many as there are characters in the names of divisions: three thousand or so."""
    return frozenset(syllable[:1] for one in plain(character) for syllable in syllables_of(one))
