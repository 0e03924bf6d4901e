"""One sealed value of a table: the column that holds it and, where it can be found, the column of its blind index.

The columns are declared with `deferred_raiseload`, so that nothing reads them that does not name them.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session
from sqlalchemy.sql.elements import ColumnElement

from registry.sealing.providers import Place, SealProvider


@dataclass(frozen=True)
class SealedValue:
    """Declared once by the noun that owns the table; `declare_sealed` makes it known to the rotation of keys.

    The mapped class has `id` and `code`, the public code that a value is sealed for.
    """

    name: str
    """Such as `second_factor.secret`."""
    sealed: InstrumentedAttribute[bytes | None]

    @property
    def model(self) -> Any:
        """The mapped class."""
        return self.sealed.class_

    def place(self, code: str) -> Place:
        """Where the value of the record with this public code stands."""
        return Place(self.model.__tablename__, self.sealed.key, code)

    @property
    def index_columns(self) -> tuple[InstrumentedAttribute[str | None], ...]:
        """The blind index, where there is one."""
        return ()

    def values(self, seals: SealProvider, plaintext: str, code: str) -> dict[str, bytes | str]:
        """The columns of a record, ready to be written."""
        return {self.sealed.key: seals.seal(plaintext.encode(), self.place(code))}

    def opened(self, seals: SealProvider, sealed: bytes, code: str) -> str:
        """The plaintext; SealBroken where it does not open."""
        return seals.open(sealed, self.place(code)).decode()


@dataclass(frozen=True)
class SealedField(SealedValue):
    """A value that is found again by its blind index, which is bound to the field's name."""

    sealed: InstrumentedAttribute[
        bytes | None
    ]  # told again: the type checker takes an inherited column for its value
    index: InstrumentedAttribute[str | None]

    @property
    def index_columns(self) -> tuple[InstrumentedAttribute[str | None], ...]:
        """The one."""
        return (self.index,)

    def values(self, seals: SealProvider, plaintext: str, code: str) -> dict[str, bytes | str]:
        """Both columns."""
        return {**super().values(seals, plaintext, code), self.index.key: seals.index(plaintext, self.name)}

    def is_value(self, seals: SealProvider, normalised: str) -> ColumnElement[bool]:
        """The field of a row holds this value, whichever key it was indexed with."""
        return self.index.in_(seals.indexes(normalised, self.name))


SEALED_FIELDS: dict[str, SealedValue] = {}

Declared = TypeVar("Declared", bound=SealedValue)


def declare_sealed(field: Declared) -> Declared:
    """Called once by the noun that owns the table."""
    SEALED_FIELDS[field.name] = field
    return field


def sealed_values(
    session: Session, fields: Iterable[SealedValue], ids: Iterable[int]
) -> dict[int, dict[str, bytes | None]]:
    """The sealed values of some records of one table by key and field; no other column of it is read."""
    wanted = tuple(fields)
    if not wanted:
        return {}
    key = wanted[0].model.id
    found = session.execute(sa.select(key, *(field.sealed for field in wanted)).where(key.in_(list(ids))))
    return {
        number: {field.name: value for field, value in zip(wanted, values, strict=True)}
        for number, *values in found
    }
