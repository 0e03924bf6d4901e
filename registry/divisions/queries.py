"""Every read of the tree: what a typed code means, what lies below and above, what became of an old code."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import sqlalchemy as sa
from pypinyin import Style, lazy_pinyin
from sqlalchemy.orm import Session, selectinload
from sqlalchemy.sql.elements import ColumnElement

from registry.divisions.codes import (
    CANONICAL_LENGTHS,
    LENGTH_OF_LEVEL,
    NATION,
    WITHOUT_CHILDREN,
    Level,
    ancestors,
    candidates,
    within,
)
from registry.divisions.models import Division, DivisionChange, DivisionChangeLine, DivisionKind
from registry.errors import UnknownDivision
from registry.messages import N_, Message, message

HIDDEN_KINDS = (DivisionKind.PSEUDO, DivisionKind.FUNCTION_ZONE)


@dataclass(frozen=True)
class Resolved:
    """What a typed code stands for; `warning` says why it is not the typed code itself."""

    division: Division
    warning: Message | None = None


@dataclass(frozen=True)
class Around:
    """A division as a box of choices needs it."""

    code: str
    name: str


def in_force(on: date) -> ColumnElement[bool]:
    """Divisions that exist on a day."""
    return sa.and_(Division.valid_from <= on, sa.or_(Division.valid_to.is_(None), Division.valid_to > on))


def division_at(session: Session, code: str, on: date) -> Division | None:
    """The division that has exactly this code on that day."""
    return session.scalar(sa.select(Division).where(Division.code == code, in_force(on)))


def resolve(session: Session, typed_code: str, on: date) -> Division:
    """The division that a typed code means on a day; raises UnknownDivision."""
    return look_up(session, typed_code, on).division


def look_up(session: Session, typed_code: str, on: date) -> Resolved:
    """The same with a warning: old codes lead to what became of them, finer codes of 71, 81, 82 to these."""
    readings = candidates(typed_code)
    periods = _periods(session, (*readings, *WITHOUT_CHILDREN))
    for code in readings:
        found = next((period for period in periods if period.code == code and _exists(period, on)), None)
        if found is not None:
            return Resolved(found)
    for code in readings:
        known = [period for period in periods if period.code == code]
        if known:
            return _outside_its_time(session, known, on)
    return _region_without_children(typed_code, readings, periods)


def successors(session: Session, code: str, on: date) -> tuple[str, ...]:
    """The codes in force that an old code has become by that day, through any number of changes.

    A code in force is its own successor; a code that ended without one has none. Old codes resolve for ever.
    """
    if division_at(session, code, on) is not None:
        return (code,)
    found: list[str] = []
    for following in _following(session, code, on):
        found += [later for later in successors(session, following, on) if later not in found]
    return tuple(found)


def children(session: Session, code: str, on: date, *, shown_only: bool = True) -> list[Division]:
    """What lies directly below, by code; pages skip pseudo-levels (31 has 16 districts) and zones."""
    below = _children_of(session, [code], on)
    if not shown_only:
        return below
    return sorted(_shown(session, below, on), key=lambda division: division.code)


def divisions_around(session: Session, code: str, on: date) -> list[Around]:
    """The shown divisions above a code, the code itself, and those directly below: one statement, by code."""
    places = {"code": code, "path": (*ancestors(code), code), "on": on}
    return [Around(*row) for row in session.execute(_AROUND, places)]


def divisions_at(
    session: Session, code: str, level: Level, on: date, *, shown_only: bool = True
) -> list[Division]:
    """Every division of one level inside a code on a day, by code: the rows of a figure by level."""
    statement = sa.select(Division).where(within(Division.code, code), Division.level == level, in_force(on))
    if shown_only:
        statement = statement.where(Division.kind.not_in(HIDDEN_KINDS))
    return list(session.scalars(statement.order_by(Division.code)))


def level_below(session: Session, code: str, on: date) -> Level | None:
    """The level to which a drill-down from here leads, or None at the bottom."""
    below = children(session, code, on)
    return min((division.level for division in below), key=lambda level: LENGTH_OF_LEVEL[level], default=None)


def codes_with_children(session: Session, codes: Iterable[str], on: date) -> set[str]:
    """Those of the codes below which anything lies."""
    statement = sa.select(Division.parent_code).where(Division.parent_code.in_(set(codes)), in_force(on))
    return {code for code in session.scalars(statement.distinct()) if code is not None}


def breadcrumbs(session: Session, code: str, on: date) -> list[Division]:
    """The shown divisions above, from the province down, and the division itself."""
    path = (*ancestors(code), code)
    found = session.scalars(
        sa.select(Division).where(Division.code.in_(path), in_force(on)).order_by(Division.code)
    )
    return [division for division in found if division.is_shown or division.code == code]


def names_of(
    session: Session, codes: Iterable[str], on: date | None = None, *, shown_only: bool = False
) -> dict[str, str]:
    """Names by code: the name of that day, or the last one that the code had."""
    places = {"codes": sorted(set(codes)), "on": on or date.max}
    return dict(session.execute(_SHOWN_NAMES if shown_only else _NAMES, places).all())


def name_of(session: Session, code: str, on: date | None = None) -> str:
    """One name, or the code itself where it has none."""
    return names_of(session, [code], on).get(code, code)


def search(
    session: Session, text: str, on: date, *, within_code: str = NATION, limit: int = 50
) -> list[Division]:
    """Shown divisions whose name holds the text, or whose code or pinyin initials (hpq) begin with it."""
    typed = text.strip().lower()
    if not typed:
        return []
    statement = (
        sa.select(Division)
        .where(in_force(on), within(Division.code, within_code), Division.kind.not_in(HIDDEN_KINDS))
        .order_by(Division.code)
    )
    if typed.isascii() and typed.isalpha():
        matching = (row for row in session.scalars(statement) if initials(row.name).startswith(typed))
        return [row for row, _ in zip(matching, range(limit), strict=False)]
    named = sa.or_(
        Division.name.contains(typed, autoescape=True), Division.code.startswith(typed, autoescape=True)
    )
    return list(session.scalars(statement.where(named).limit(limit)))


@lru_cache(maxsize=20_000)
def initials(name: str) -> str:
    """黄浦区 gives hpq: what a hurried civil servant types."""
    return "".join(lazy_pinyin(name, style=Style.FIRST_LETTER)).lower()


def changes(session: Session, within_code: str = NATION) -> list[DivisionChange]:
    """Changes that touch a place, the latest first, with their lines."""
    lines = sa.select(DivisionChangeLine.change_id).where(
        sa.or_(
            within(DivisionChangeLine.from_code, within_code), within(DivisionChangeLine.to_code, within_code)
        )
    )
    statement = (
        sa.select(DivisionChange)
        .where(DivisionChange.id.in_(lines))
        .options(selectinload(DivisionChange.lines))
        .order_by(DivisionChange.effective_on.desc(), DivisionChange.id.desc())
    )
    return list(session.scalars(statement))


def changes_between(session: Session, within_code: str, start: date, end: date) -> list[DivisionChange]:
    """Changes of a place that are in force and took effect from `start` to `end`, both included, the earliest first."""
    touching = [one for one in changes(session, within_code) if one.undone_at is None]
    return [one for one in reversed(touching) if start <= one.effective_on <= end]


def change_by_code(session: Session, code: str) -> DivisionChange | None:
    """One change with its lines."""
    statement = sa.select(DivisionChange).where(DivisionChange.code == code)
    return session.scalar(statement.options(selectinload(DivisionChange.lines)))


def _periods(session: Session, codes: tuple[str, ...]) -> list[Division]:
    statement = sa.select(Division).where(Division.code.in_(codes)).order_by(Division.valid_from)
    return list(session.scalars(statement))


def _exists(division: Division, on: date) -> bool:
    return division.valid_from <= on and (division.valid_to is None or division.valid_to > on)


def _outside_its_time(session: Session, periods: list[Division], on: date) -> Resolved:
    """A code that begins later is taken at its beginning; one that has ended leads to its successor."""
    division = next((period for period in periods if period.valid_from > on), periods[-1])
    if division.valid_from > on:
        note = N_("区划“%(name)s”（%(code)s）自%(day)s起设立。")
        begun = message(note, name=division.name, code=division.code, day=division.valid_from.isoformat())
        return Resolved(division, begun)
    current = successors(session, division.code, on)
    if not current:
        raise UnknownDivision(
            message(
                N_("区划“%(name)s”（%(code)s）已撤销，没有承接的区划。"),
                name=division.name,
                code=division.code,
            )
        )
    if len(current) > 1:
        return _split(session, division, current, on)
    heir = resolve(session, current[0], on)
    note = N_("区划代码%(old)s（%(old_name)s）现为%(new)s（%(new_name)s）。")
    return Resolved(
        heir, message(note, old=division.code, old_name=division.name, new=heir.code, new_name=heir.name)
    )


def _split(session: Session, division: Division, parts: tuple[str, ...], on: date) -> Resolved:
    """A split code cannot mean one of its parts: the division above all of them is as near as it gets."""
    shared = next(n for n in reversed(CANONICAL_LENGTHS) if len({part[:n] for part in parts}) == 1)
    above = resolve(session, parts[0][:shared], on)
    names = names_of(session, parts, on)
    note = N_("区划“%(old)s”（%(code)s）已拆分为%(parts)s，先记到“%(above)s”；请改填拆分后的代码。")
    parts_named = tuple(names[part] for part in parts)
    return Resolved(
        above, message(note, old=division.name, code=division.code, parts=parts_named, above=above.name)
    )


def _region_without_children(typed: str, readings: tuple[str, ...], known: list[Division]) -> Resolved:
    region = next((row for row in known if readings and row.code == readings[0][:2]), None)
    if region is None or region.code not in WITHOUT_CHILDREN:
        raise UnknownDivision(
            message(N_("没有区划代码“%(code)s”，请在“行政区划”页查到现行代码后重填。"), code=typed)
        )
    note = N_("区划表在“%(name)s”之下不再细分，代码%(code)s记到“%(name)s”。")
    return Resolved(region, message(note, name=region.name, code=typed))


def applied_lines() -> sa.Select[DivisionChangeLine]:
    """The lines of every change that was not taken back."""
    return (
        sa.select(DivisionChangeLine)
        .join(DivisionChangeLine.change)
        .where(DivisionChange.undone_at.is_(None))
    )


def _following(session: Session, code: str, on: date) -> list[str]:
    """What the last change of a code up to that day made of it, the code itself left out."""
    statement = applied_lines().where(DivisionChangeLine.from_code == code, DivisionChange.effective_on <= on)
    lines = session.scalars(
        statement.order_by(DivisionChange.effective_on.desc(), DivisionChangeLine.id)
    ).all()
    last = [line for line in lines if line.change_id == lines[0].change_id]
    return [line.to_code for line in last if line.to_code != code]


def _children_of(session: Session, codes: list[str], on: date) -> list[Division]:
    above = Division.parent_code.is_(None) if codes == [NATION] else Division.parent_code.in_(codes)
    return list(session.scalars(sa.select(Division).where(above, in_force(on)).order_by(Division.code)))


def _shown(session: Session, below: list[Division], on: date) -> list[Division]:
    shown = [division for division in below if division.is_shown]
    pseudo = [division.code for division in below if division.kind is DivisionKind.PSEUDO]
    return shown + _shown(session, _children_of(session, pseudo, on), on) if pseudo else shown


def _around() -> sa.Select[str, str]:
    """Put together once: every list asks it."""
    code, on = sa.bindparam("code", type_=sa.String()), sa.bindparam("on", type_=sa.Date())
    path = sa.bindparam("path", type_=sa.String(), expanding=True)
    exists = sa.and_(Division.valid_from <= on, sa.or_(Division.valid_to.is_(None), Division.valid_to > on))
    pseudo = sa.select(Division.code).where(
        Division.parent_code == code, Division.kind == DivisionKind.PSEUDO, exists
    )
    near = sa.or_(Division.code.in_(path), Division.parent_code == code, Division.parent_code.in_(pseudo))
    shown = sa.or_(Division.code == code, Division.kind.not_in(HIDDEN_KINDS))
    return sa.select(Division.code, Division.name).where(near, shown, exists).order_by(Division.code)


_AROUND = _around()
_NAMES = (
    sa.select(Division.code, Division.name)
    .where(
        Division.code.in_(sa.bindparam("codes", expanding=True)), Division.valid_from <= sa.bindparam("on")
    )
    .order_by(Division.valid_from)
)
_SHOWN_NAMES = _NAMES.where(Division.kind.not_in(HIDDEN_KINDS))
