"""What a load did to the qualified share: readings before and after, so that whoever uploads sees the share move."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.divisions.codes import Level
from registry.intake.models import IntakeRun
from registry.organisations.models import Organisation
from reports.figures.definitions import QUALIFIED_SHARE
from reports.figures.readings import Reading, organisation_share, share
from reports.figures.shares import Share

KEPT_INSTITUTIONS = 20
"""Institutions named on the result page; the figure's own page lists all."""


@dataclass(frozen=True)
class Effect:
    """One division or institution whose count changed."""

    code: str
    name: str
    is_institution: bool
    numerator_before: int
    denominator_before: int
    numerator_after: int
    denominator_after: int
    target_numerator: int | None = None
    target_denominator: int | None = None

    @property
    def before(self) -> Fraction | None:
        """The share before the load; None where nobody was counted."""
        return Fraction(self.numerator_before, self.denominator_before) if self.denominator_before else None

    @property
    def target(self) -> Fraction | None:
        """What the share is held to, so that rounding does not seem to reach it."""
        if self.target_numerator is None or self.target_denominator is None:
            return None
        return Fraction(self.target_numerator, self.target_denominator)

    @property
    def change(self) -> Fraction | None:
        """By how much the share moved; None where one of the two is missing."""
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def is_reached(self) -> bool | None:
        """Whether the share reaches its target now; None where nothing is to be judged."""
        return None if self.after is None or self.target is None else self.after >= self.target

    @property
    def after(self) -> Fraction | None:
        """The share after the load."""
        return Fraction(self.numerator_after, self.denominator_after) if self.denominator_after else None


Counts = Mapping[tuple[bool, str], tuple[str, Share]]
"""(is it an institution, code) to its name and share."""


def counts_of(session: Session, actor: Actor, on: date) -> Counts:
    """The share of the actor's own place, of the divisions one level down, and of every institution."""
    rule = QUALIFIED_SHARE.default_rule
    if actor.organisation_id is not None:
        organisation = session.get_one(Organisation, actor.organisation_id)
        own = organisation_share(session, QUALIFIED_SHARE, organisation=organisation, on=on, rule=rule)
        return {(True, own.code): (own.name, own.share)}
    place = share(session, QUALIFIED_SHARE, division=actor.division_code, on=on, rule=rule)
    below = share(session, QUALIFIED_SHARE, division=actor.division_code, on=on, rule=rule, by=Level.SITE)
    return {(False, place.code): (place.name, place.share)} | _parts_of(place) | _parts_of(below)


def _parts_of(reading: Reading) -> dict[tuple[bool, str], tuple[str, Share]]:
    named = (part for part in reading.parts if not part.is_rest)
    return {(part.level is Level.SITE, part.code): (part.name, part.share) for part in named}


def effects_between(before: Counts, after: Counts) -> list[dict[str, Any]]:
    """Every count that moved, the division first, then institutions in the order of the figure; as JSON."""
    moved = [
        _effect(key, before.get(key), name, now)
        for key, (name, now) in after.items()
        if key not in before or _numbers(before[key][1]) != _numbers(now)
    ]
    return [asdict(effect) for effect in moved[: KEPT_INSTITUTIONS + 1]]


def _effect(key: tuple[bool, str], earlier: tuple[str, Share] | None, name: str, now: Share) -> Effect:
    numerator, denominator = _numbers(earlier[1]) if earlier else (0, 0)
    target = now.target
    return Effect(
        code=key[1],
        name=name,
        is_institution=key[0],
        numerator_before=numerator,
        denominator_before=denominator,
        numerator_after=now.numerator,
        denominator_after=now.denominator,
        target_numerator=target.numerator if target else None,
        target_denominator=target.denominator if target else None,
    )


def _numbers(counted: Share) -> tuple[int, int]:
    return counted.numerator, counted.denominator


def effects_of(run: IntakeRun) -> list[Effect]:
    """The effects that were kept with a run."""
    return [Effect(**facts) for facts in run.effects]
