"""The institutions of a long plan, folded by the divisions below: counts first, then the rows of one division."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask_babel import gettext as _
from sqlalchemy.orm import Session

from portal.days import printable
from portal.figures.asking import Asked
from registry.divisions.queries import children
from registry.errors import InvalidInput
from registry.listing import Page, sheet
from registry.messages import N_, message
from reports.figures.readings import PartFinder, names_as_of
from reports.figures.shares import Verdict
from reports.prospects.prospect import Row

SHOWN_AT_ONCE = 10
"""Institutions that a page lists without folding."""
PART = "part"
"""What an address calls the division whose rows it opens."""


@dataclass(frozen=True)
class Fold:
    """A division below the one of the plan, with how many of its institutions are on the list."""

    code: str
    name: str
    rows: Sequence[Row]
    is_rest: bool = False
    """What lies in none of the divisions below."""

    @property
    def short(self) -> int:
        """Institutions below the target."""
        return sum(row.part.share.verdict is Verdict.NOT_MET for row in self.rows)

    @property
    def falling(self) -> int:
        """Institutions that will fall below it."""
        return len(self.rows) - self.short


@dataclass(frozen=True)
class Folded:
    """One sheet of the rows, and the folds around it."""

    folds: Sequence[Fold]
    """Empty where the list is short, or has no divisions below."""
    chosen: Fold | None
    sheet: Page
    """Of the chosen fold, of all rows where there are no folds, empty where none is chosen."""


def folded(session: Session, asked: Asked, rows: Sequence[Row], typed: Mapping[str, str]) -> Folded:
    """What an address asks of the institutions; InvalidInput for a division without any of them."""
    folds = _folds(session, asked, rows) if len(rows) > SHOWN_AT_ONCE else []
    if len(folds) < 2:  # one fold is the list itself
        return Folded((), None, sheet(rows, typed))
    wanted = typed.get(PART, "").strip()
    if not wanted:
        return Folded(folds, None, sheet((), {}))
    chosen = next((fold for fold in folds if fold.code == wanted), None)
    if chosen is None:
        sentence = N_("区划“%(value)s”没有需要安排的机构，请从列出的区划中选择。")
        raise InvalidInput(PART, message(sentence, value=printable(wanted)))
    return Folded(folds, chosen, sheet(chosen.rows, typed))


def _folds(session: Session, asked: Asked, rows: Sequence[Row]) -> list[Fold]:
    """In the order of their codes; what lies in none of them is last, under the code of the whole."""
    below = children(session, asked.division, names_as_of(asked.basis, asked.on))
    find = PartFinder(asked.division, [one.code for one in below])
    groups: defaultdict[str, list[Row]] = defaultdict(list)
    for row in rows:
        groups[find.of_code(row.seat)].append(row)
    folds = [Fold(one.code, one.name, groups[one.code]) for one in below if one.code in groups]
    if asked.division in groups:
        folds.append(Fold(asked.division, str(_("未划入以上区划")), groups[asked.division], is_rest=True))
    return folds
