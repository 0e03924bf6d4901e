"""The part of the tree that a change touches, as it stands on the day of the change."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import ancestors, candidates, lies_within, within
from registry.divisions.models import Division


@dataclass(frozen=True)
class Tree:
    """Every period of the codes concerned, of those above them and of all below them."""

    on: date
    periods: tuple[Division, ...]

    @classmethod
    def load(cls, session: Session, typed: Collection[str], on: date) -> "Tree":
        """Read by the codes as they were typed, in any of their meanings."""
        codes = {code for text in typed for code in candidates(text)}
        wanted = codes.union(*(ancestors(code) for code in codes))
        below = (within(Division.code, code) for code in codes)
        found = session.scalars(sa.select(Division).where(sa.or_(Division.code.in_(wanted), *below)))
        return cls(on, tuple(sorted(found, key=lambda division: (division.code, division.valid_from))))

    def current(self, code: str) -> Division | None:
        """The division that has the code on the day and did not begin on it, with no end in sight."""
        return next(
            (
                one
                for one in self.periods
                if one.code == code and one.valid_from < self.on and one.valid_to is None
            ),
            None,
        )

    def periods_of(self, code: str) -> list[Division]:
        """Every period of a code, in order."""
        return [one for one in self.periods if one.code == code]

    def below(self, code: str) -> list[Division]:
        """Current divisions strictly inside a code."""
        inside = (one for one in self.periods if one.code != code and lies_within(one.code, code))
        return [one for one in inside if self.current(one.code) is one]

    def is_free(self, code: str) -> bool:
        """No period of the code reaches the day or lies after it."""
        return all(one.valid_to is not None and one.valid_to <= self.on for one in self.periods_of(code))
