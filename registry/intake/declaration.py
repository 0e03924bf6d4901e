"""What one kind of workbook is: its columns and the functions that look up, judge and apply its rows.

From one declaration come the template, the preview, the annotated copy and the load, so they cannot disagree.
"""

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from sqlalchemy.orm import Session

from registry.access.actors import Actor
from registry.actions import Action
from registry.audit.trail import Trail
from registry.divisions.codes import NATION
from registry.intake.coordinates import Crs
from registry.intake.noting import Noting, silent
from registry.intake.parts import Trip
from registry.messages import Message, Named
from registry.parsing import Cell
from registry.sealing.providers import SealProvider

Parser = Callable[[Cell], Any]
"""Gives the value of a cell that is not empty, or raises CellProblem."""

LookUp = Callable[[Any, Any], Any]
"""Takes the parsed value and the kind's look-ups; gives the value, a Doubt about it, or raises CellProblem."""


class Outcome(StrEnum):
    """What loading a row would do."""

    CREATE = "create"
    UPDATE = "update"
    SAME = "same"
    SKIP = "skip"
    """It would be an update, and somebody chose to load no update."""
    DUPLICATE = "duplicate"
    ERROR = "error"


class Known(StrEnum):
    """What somebody chose of rows that the register has and that say something new of it."""

    UPDATE = "update"
    SKIP = "skip"


@dataclass(frozen=True)
class Column:
    """One column; `key` is the field of the kind's row type that it fills."""

    key: str
    zh: str
    en: str
    parse: Parser
    hint_zh: str
    hint_en: str
    example: str = ""
    required: bool = False
    look_up: LookUp | None = None
    choices: tuple[Named, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other heads under which the column is recognised."""
    width: int = 16
    is_sealed: bool = False
    """What is typed there is repeated nowhere: not in a finding, not in a comment, not in a log."""
    names_nobody: bool = False
    """Nobody's number may stand there; what holds one all the same is not repeated in a finding."""


@dataclass(frozen=True)
class Context:
    """What is said beside the file: the day and time of the load, its limit, and how far the loader answers."""

    at: datetime
    on: date
    max_rows: int
    crs: Crs = Crs.WGS84
    division_code: str = NATION
    """Rows whose responsible division lies outside this subtree are errors."""
    seals: SealProvider | None = None
    """Seals the columns that are sealed; without it, no file that fills one can be judged."""
    organisation_id: int | None = None
    """Set where the loader answers for one organisation only."""
    owner: str = ""
    """The public code of the organisation or the division of the loader: only its own exports come back."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """What was chosen of the conflicts of a file that was taken out of the register, see three_way.py."""
    known: Known = Known.UPDATE
    """Whether rows that would be updates are loaded."""
    noting: Noting = silent
    """Is told how far the judging has come."""


class Findings(Protocol):
    """Where a kind's judge reports what it finds about a cell."""

    def error(self, row: int, key: str, message: Message, remedy: Message) -> None: ...

    def warning(self, row: int, key: str, message: Message, remedy: Message) -> None: ...

    def is_flawed(self, row: int, key: str) -> bool:
        """Whether something was typed there that could not be read: its field is None, and it is not blank."""


class NumberedRow(Protocol):
    """The row type of a kind: a NamedTuple of `number` and one field for each column's key, in their order."""

    @property
    def number(self) -> int: ...


R = TypeVar("R", bound=NumberedRow)


class Judged(NamedTuple, Generic[R]):
    """A row with what loading it would do."""

    row: R
    outcome: Outcome


@dataclass(frozen=True)
class WorkbookKind(Generic[R]):
    """One kind of workbook; `R` is the type of its rows."""

    code: str
    zh: str
    en: str
    version: int
    columns: tuple[Column, ...]
    row_type: Callable[..., R]
    identity: Callable[[R], Hashable]
    """Two rows of one identity contradict each other, unless one repeats the other word by word. None: no identity."""
    prepare: Callable[[Session, Context], Any]
    """Loads the look-ups once, before any cell is read."""
    judge: Callable[[Sequence[R], Any, Findings], Sequence[Outcome]]
    """One outcome for each row; fields that could not be read are None."""
    apply: Callable[[Session, Sequence[Judged[R]], Any, Context], None]
    """Writes rows without errors, in bulk; never commits."""
    ignored: tuple[str, ...] = ()
    """Heads that are known and not read."""
    holds_people: bool = False
    """Rows name people: identity numbers are refused, and the file is for those who may see names whole."""
    followed_by: Callable[[Session, Any, Actor, datetime, Trail], None] | None = None
    """What the load leaves to people, once its rows are written."""
    trip: Trip[R] | None = None
    """How an export that comes back is compared with the register; None where none is taken out."""
    then: str = ""
    """What becomes of the rows that were loaded, as a msgid, where that is not the end of it."""
    action: Action = Action.INTAKE_RUN
    """What somebody must be allowed, beside the intake itself, to load such a file."""
    is_whole: bool = False
    """A list that also says who is not on it: it is never loaded in part."""
    named_by: tuple[str, ...] = ()
    """Columns by which a reader knows a row; none: the first two."""
    changes: Callable[[R, Any], Sequence["Change"]] = lambda _row, _lookups: ()
    """What an update changes, field by field."""


class Change(NamedTuple):
    """One field of an update; the column tells whether it is sealed."""

    key: str
    before: Any
    after: Any
