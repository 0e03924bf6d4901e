"""Writes snapshots of figures: nightly readings may be made again, a verdict never; a verdict is signed once."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.errors import AlreadyFrozen, AlreadySigned, NotFrozen
from registry.messages import N_, message
from registry.policy.models import FigureSnapshot, InstitutionSnapshot, SnapshotKind
from registry.policy.queries import snapshot_of_institution


@dataclass(frozen=True)
class Reading:
    """One figure for one division on one day, in integers; the target's parts are None where there was none."""

    figure_code: str
    counting_rule: str
    on: date
    division_code: str
    numerator: int
    denominator: int
    target_numerator: int | None
    target_denominator: int | None


@dataclass(frozen=True)
class InstitutionReading(Reading):
    """The same for one institution over all its sites; `division_code` is where it is held to the target."""

    organisation_code: str


def keep_nightly(session: Session, readings: Iterable[Reading], *, at: datetime, by: str) -> int:
    """Store tonight's readings in place of any earlier ones of the same day; how many there were."""
    kept = list(readings)
    places: dict[tuple[str, str, date], list[str]] = {}
    for one in kept:
        places.setdefault((one.figure_code, one.counting_rule, one.on), []).append(one.division_code)
    for (figure_code, counting_rule, on), codes in places.items():
        same = _of(figure_code, counting_rule, SnapshotKind.NIGHTLY, on, codes)
        session.execute(sa.delete(FigureSnapshot).where(same))
    return _insert(session, kept, SnapshotKind.NIGHTLY, at=at, by=by)


def freeze_assessment(session: Session, readings: Iterable[Reading], *, at: datetime, by: str) -> int:
    """Store the verdicts of a day of assessment once and for all; raises AlreadyFrozen the second time."""
    kept = list(readings)
    for one in kept:
        same = _of(one.figure_code, one.counting_rule, SnapshotKind.ASSESSMENT, one.on, [one.division_code])
        if session.scalar(sa.select(FigureSnapshot.id).where(same)) is not None:
            raise _already_frozen(one, one.division_code)
    return _insert(session, kept, SnapshotKind.ASSESSMENT, at=at, by=by)


def freeze_institutions(
    session: Session, readings: Iterable[InstitutionReading], *, at: datetime, by: str
) -> int:
    """The same for institutions, one by one."""
    kept = list(readings)
    for one in kept:
        known = snapshot_of_institution(
            session, one.figure_code, one.counting_rule, one.organisation_code, one.on
        )
        if known is not None:
            raise _already_frozen(one, one.organisation_code)
    if kept:
        stamp = {"computed_at": at, "computed_by": by}
        session.execute(sa.insert(InstitutionSnapshot), [asdict(one) | stamp for one in kept])
    return len(kept)


def _already_frozen(one: Reading, place: str) -> AlreadyFrozen:
    return AlreadyFrozen(
        message(
            N_("指标%(figure)s在%(place)s的%(day)s考核数已定格，不能再改。"),
            figure=one.figure_code,
            place=place,
            day=one.on.isoformat(),
        )
    )


def sign_assessment(
    session: Session,
    *,
    figure_code: str,
    counting_rule: str,
    division_code: str,
    on: date,
    at: datetime,
    by: str,
) -> FigureSnapshot:
    """签认: somebody answers for a frozen verdict; raises NotFrozen where there is none, AlreadySigned the second time.

    The database decides between two people who sign at once.
    """
    same = _of(figure_code, counting_rule, SnapshotKind.ASSESSMENT, on, [division_code])
    unsigned = sa.update(FigureSnapshot).where(same, FigureSnapshot.signed_at.is_(None))
    signed = session.execute(unsigned.values(signed_at=at, signed_by=by).returning(FigureSnapshot.id)).first()
    kept = session.scalar(sa.select(FigureSnapshot).where(same).execution_options(populate_existing=True))
    if kept is None:
        raise NotFrozen(message(N_("%(day)s的考核数尚未定格，定格后才能签认。"), day=on.isoformat()))
    if signed is None:
        raise AlreadySigned(
            message(
                N_("%(day)s的考核数已由%(name)s签认，不能重复签认。"),
                day=on.isoformat(),
                name=kept.signed_by or "",
            )
        )
    return kept


def _of(
    figure_code: str, counting_rule: str, kind: SnapshotKind, on: date, codes: Sequence[str]
) -> ColumnElement[bool]:
    return sa.and_(
        FigureSnapshot.figure_code == figure_code,
        FigureSnapshot.counting_rule == counting_rule,
        FigureSnapshot.kind == kind,
        FigureSnapshot.on == on,
        FigureSnapshot.division_code.in_(codes),
    )


def _insert(session: Session, readings: list[Reading], kind: SnapshotKind, *, at: datetime, by: str) -> int:
    stamp = {"kind": kind, "computed_at": at, "computed_by": by}
    if readings:
        session.execute(sa.insert(FigureSnapshot), [asdict(one) | stamp for one in readings])
    return len(readings)
