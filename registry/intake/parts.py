"""What a row of a workbook speaks of, part by part: a person, a post, a site; each with what it is recognised by.

A file that was taken out of the register is compared with it by parts, not by rows: rows may be sorted, split or
joined before the file comes back.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from types import MappingProxyType
from typing import Any, Generic, NamedTuple, TypeVar

from sqlalchemy.orm import Session

PartKey = tuple[str, tuple[str, ...]]
"""What kind of thing it is, and the plain texts that it is recognised by."""

RowType = TypeVar("RowType")


class PartKind(StrEnum):
    """What a part is."""

    SITE = "site"
    PERSON = "person"
    POST = "post"
    EDUCATION = "education"
    CERTIFICATE = "certificate"


class Part(NamedTuple):
    """One thing, with what is said of it under the keys of the columns that say it."""

    kind: PartKind
    key: tuple[str, ...]
    owner: str
    """What a person calls the thing that it belongs to: a register number, a code of a site."""
    facts: Mapping[str, Any]
    version: int = 0
    """Of the record, where it has one."""
    named: Mapping[str, Any] = MappingProxyType({})
    """What it is recognised by, under the keys of the columns: what an export writes there."""

    @property
    def id(self) -> PartKey:
        """The same thing has the same one in the file, in what was taken out, and in the register."""
        return self.kind.value, self.key


@dataclass(frozen=True)
class Reading:
    """The parts of each row of a file, and the same parts as the register has them now."""

    of_rows: Sequence[Sequence[Part]]
    now: Mapping[PartKey, Part]
    """Only what the loader answers for: of nothing else is anything said to him."""


@dataclass(frozen=True)
class Trip(Generic[RowType]):
    """How a kind of workbook is compared with the register when it comes back."""

    read: Callable[[Session, Sequence[RowType], Collection[PartKey], Any], Reading]
    """Takes the session, the rows, the parts that were taken out, and the kind's look-ups."""
    named: Mapping[PartKind, tuple[str, ...]]
    """The columns that the key of a part stands in, in its order; what everything belongs to first."""
    fixed: Mapping[PartKind, tuple[str, ...]] = field(default_factory=dict)
    """Columns that are written out to be read and are changed elsewhere."""


def canonical(value: Any) -> Any:
    """A value as the hidden sheet holds it; blank is nothing, however it is written."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return value.value
    return None if value == "" else value
