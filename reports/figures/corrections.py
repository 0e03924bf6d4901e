"""Who was counted when a figure was frozen and counts otherwise for the same day by today's records, and why.

The corrections add up exactly to the difference between the frozen number and the live one.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from sqlalchemy.orm import Session

from registry.divisions.codes import lies_within
from registry.messages import N_, Message, message
from registry.organisations.queries import organisation_by_id
from registry.policy.queries import people_frozen
from registry.workforce.counting import Place
from registry.workforce.records import Employer, Person, employers_by_code, people_by_code, present_codes
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.ledger import ORDER, LedgerRow, Standing, ledger
from reports.figures.shares import Share

COUNTED = (Standing.HOLDER, Standing.STAFF)


class CorrectionKind(StrEnum):
    """What later entries made of somebody."""

    ADDED = "added"
    """Counted now, and not when the number was frozen."""
    REMOVED = "removed"
    """Counted then, and no longer."""
    RAISED = "raised"
    """Staff on both, and in the numerator only now."""
    LOWERED = "lowered"
    """Staff on both, and in the numerator only then."""


KINDS = list(CorrectionKind)


@dataclass(frozen=True)
class Correction:
    """One person of a frozen day."""

    person: Person
    employer: Employer
    """Where he is counted now; of who no longer is, where he was."""
    then: Standing
    now: Standing
    reason: Message
    """Why he counts, or does not, by the records as they are."""

    @property
    def numerator(self) -> int:
        """What he adds to the live number over the frozen one."""
        return (self.now is Standing.HOLDER) - (self.then is Standing.HOLDER)

    @property
    def denominator(self) -> int:
        """The same below the line."""
        return (self.now in COUNTED) - (self.then in COUNTED)

    @property
    def kind(self) -> CorrectionKind:
        """In one word."""
        if self.denominator:
            return CorrectionKind.ADDED if self.denominator > 0 else CorrectionKind.REMOVED
        return CorrectionKind.RAISED if self.numerator > 0 else CorrectionKind.LOWERED


@dataclass(frozen=True)
class _Kept:
    """How somebody was counted when the number was frozen."""

    standing: Standing
    organisation_code: str


def corrections(
    session: Session, figure: FigureDefinition, *, place: Place, on: date, rule: CountingRule, frozen: Share
) -> list[Correction] | None:
    """Person by person, by kind and register number; `frozen` is what was frozen of the place on the day.

    None where the people who were kept do not make up that number: what earlier releases froze holds no people.
    """
    kept = _kept(session, figure, place, on, rule)
    if not _make_up(kept, frozen):
        return None
    then = _by_present_code(session, kept)
    rows = _first_rows(ledger(session, figure, place=place, on=on, rule=rule))
    differing = {
        code
        for code in then.keys() | rows.keys()
        if _standing_then(then, code) is not _standing_now(rows, code)
    }
    gone = _gone(session, {code: then[code] for code in differing - rows.keys()})
    found = [*gone, *(_by_row(rows[code], _standing_then(then, code)) for code in differing & rows.keys())]
    return sorted(found, key=lambda one: (KINDS.index(one.kind), one.person.person_no))


def _kept(
    session: Session, figure: FigureDefinition, place: Place, on: date, rule: CountingRule
) -> dict[str, _Kept]:
    """The people of the place; of several institutions the first one, by code."""
    found: dict[str, _Kept] = {}
    own = None if place.organisation_id is None else organisation_by_id(session, place.organisation_id).code
    for code, people in people_frozen(session, figure.code, rule.code, on):
        for division, listed in people.items():
            if (own is None or own == code) and lies_within(division, place.division_code):
                _add(found, code, listed)
    return found


def _add(found: dict[str, _Kept], code: str, listed: Mapping[str, Iterable[str]]) -> None:
    for key in listed["holders"]:
        found.setdefault(key, _Kept(Standing.HOLDER, code))
    for key in listed["others"]:
        found.setdefault(key, _Kept(Standing.STAFF, code))


def _make_up(kept: Mapping[str, _Kept], frozen: Share) -> bool:
    holders = sum(one.standing is Standing.HOLDER for one in kept.values())
    return (holders, len(kept)) == (frozen.numerator, frozen.denominator)


def _first_rows(rows: Iterable[LedgerRow]) -> dict[str, LedgerRow]:
    """Of each person the row that counts most."""
    return {row.person.code: row for row in sorted(rows, key=lambda row: ORDER[row.standing], reverse=True)}


def _standing_then(kept: Mapping[str, _Kept], code: str) -> Standing:
    return kept[code].standing if code in kept else Standing.OUTSIDE


def _standing_now(rows: Mapping[str, LedgerRow], code: str) -> Standing:
    return rows[code].standing if code in rows else Standing.OUTSIDE


def _by_row(row: LedgerRow, then: Standing) -> Correction:
    return Correction(row.person, row.employer, then, row.standing, row.reason)


def _by_present_code(session: Session, kept: Mapping[str, _Kept]) -> dict[str, _Kept]:
    """Whoever was merged since stands under the code that he has now, unless that one was counted beside him."""
    present, found = present_codes(session), dict(kept)
    for code in [code for code in kept if code in present]:
        if present[code] not in found:
            found[present[code]] = found.pop(code)
    return found


def _gone(session: Session, kept: Mapping[str, _Kept]) -> list[Correction]:
    """Those whom the ledger does not know any more; who is not in the register either has a code and no name."""
    people = people_by_code(session, kept)
    employers = employers_by_code(session, {one.organisation_code for one in kept.values()})
    no_post = message(N_("现有记录中没有该人当日在此任职的记录。"))
    no_entry = message(N_("该人员登记已合并或撤销，不再单独计入。"))
    return [
        Correction(
            people.get(code) or Person(-number, code, code, "", is_example=False),
            employers[one.organisation_code],
            one.standing,
            Standing.OUTSIDE,
            no_post if code in people else no_entry,
        )
        for number, (code, one) in enumerate(sorted(kept.items()), start=1)
    ]
