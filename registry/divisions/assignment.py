"""Which new code a row gets: by its old code, and where that was split, by the site that it follows."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.changes import ChangeRefused, Problem
from registry.divisions.codes import CANONICAL_LENGTHS
from registry.divisions.holders import FOLLOWED, Followed
from registry.divisions.models import ChangeKind
from registry.divisions.succession import Step, Succession
from registry.messages import N_, message

NAMED_AT_MOST = 10

Parts = dict[tuple[str, int], int]
"""The split code and the id of a site in it → the place of the step that names the site."""


@dataclass(frozen=True)
class Heir:
    """The new code of a row and the place of the step that gives it."""

    step: int
    code: str
    is_unassigned: bool = False


@dataclass(frozen=True)
class Assignment:
    """The succession, and the part that each site of a split division goes to."""

    succession: Succession
    part_of_site: Parts

    @cached_property
    def roots(self) -> tuple[str, ...]:
        """Old codes that lie in no other old code: all rows concerned lie inside them."""
        olds = sorted({step.from_code for step in self.succession.steps})
        return tuple(code for code in olds if not any(code != one and code.startswith(one) for one in olds))

    @cached_property
    def places(self) -> dict[str, tuple[int, ...]]:
        """The places of the steps of each old code."""
        return {step.from_code: self.succession.steps_from(step.from_code) for step in self.succession.steps}

    def old_code(self, code: str) -> str | None:
        """The changed division that a code lies in, the nearest one; None where it stays."""
        for length in reversed(CANONICAL_LENGTHS):
            prefix = code[:length]
            if len(prefix) < length:
                continue
            if prefix in self.succession.staying:
                return None
            if prefix in self.places:
                return prefix
        return None

    def heir(self, code: str, site_id: int | None) -> Heir | None:
        """The new code, or None where the row is not concerned."""
        old = self.old_code(code)
        if old is None:
            return None
        places = self.places[old]
        place = self.part_of_site.get((old, site_id or 0))
        is_unassigned = len(places) > 1 and place is None
        chosen = self._default(places) if place is None else place
        return Heir(chosen, self.succession.steps[chosen].to_code + code[len(old) :], is_unassigned)

    def _default(self, places: tuple[int, ...]) -> int:
        """The part that keeps the code, else the first."""
        steps = self.succession.steps
        return next((place for place in places if steps[place].to_code == steps[place].from_code), places[0])


def assign(session: Session, succession: Succession) -> Assignment:
    """Raises ChangeRefused where a split names unknown sites, names one twice, or leaves an active one out."""
    splits = [(place, step) for place, step in enumerate(succession.steps) if step.kind is ChangeKind.SPLIT]
    bare = Assignment(succession, {})
    if not splits:
        return bare
    parts: Parts = {}
    problems: list[Problem] = []
    for followed in FOLLOWED:
        there = _sites(session, followed, bare, splits)
        problems += _named_sites(splits, there, parts)
        problems += _left_out(splits, there, parts)
    if problems:
        raise ChangeRefused(problems)
    return Assignment(succession, parts)


@dataclass(frozen=True)
class _Site:
    id: int
    code: str
    name: str
    olds: frozenset[str]
    is_active: bool


def _sites(
    session: Session, followed: Followed, assignment: Assignment, splits: list[tuple[int, Step]]
) -> dict[str, _Site]:
    """The sites that lie in a split division, by their codes."""
    olds = {step.from_code for _, step in splits}
    active = followed.is_active(assignment.succession.tree.on)
    lies_there = [sa.or_(*(place.startswith(old) for old in olds)) for place in followed.places]
    statement = sa.select(followed.id, followed.code, followed.name, active, *followed.places)
    found: dict[str, _Site] = {}
    for key, code, name, is_active, *places in session.execute(statement.where(sa.or_(*lies_there))):
        inside = frozenset(old for old in map(assignment.old_code, places) if old in olds)
        if inside:
            found[code] = _Site(key, code, name, inside, bool(is_active))
    return found


def _named_sites(splits: list[tuple[int, Step]], there: dict[str, _Site], parts: Parts) -> Iterator[Problem]:
    """Fills `parts` from the lines and gives what is wrong with them."""
    for place, step in splits:
        for code in step.sites:
            site = there.get(code)
            if site is None or step.from_code not in site.olds:
                note = N_("服务场所%(code)s不在“%(name)s”，请核对场所编号。")
                yield Problem(step.row, message(note, code=code, name=step.old.name))
            elif parts.setdefault((step.from_code, site.id), place) != place:
                note = N_("服务场所“%(site)s”（%(code)s）写进了两个部分。")
                yield Problem(step.row, message(note, site=site.name, code=code))


def _left_out(splits: list[tuple[int, Step]], there: dict[str, _Site], parts: Parts) -> Iterator[Problem]:
    rows = {step.from_code: step for _, step in reversed(splits)}
    for old, step in rows.items():
        missing = [
            site
            for site in there.values()
            if old in site.olds and site.is_active and (old, site.id) not in parts
        ]
        if missing:
            names = tuple(f"{site.name}（{site.code}）" for site in missing[:NAMED_AT_MOST])
            note = N_(
                "拆分“%(name)s”时有%(count)s个服务场所没有指定归属：%(sites)s。请写进“划入的服务场所”。"
            )
            yield Problem(step.row, message(note, name=step.old.name, count=len(missing), sites=names))
