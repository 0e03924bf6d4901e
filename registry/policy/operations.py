"""Writes snapshots of figures: nightly readings may be made again, frozen ones never; a frozen one is signed once."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.orm import Session
from sqlalchemy.sql.elements import ColumnElement

from registry.errors import AlreadyFrozen, AlreadySigned, NotFrozen
from registry.messages import N_, message
from registry.policy.models import FigureSnapshot, InstitutionSnapshot, SnapshotKind
from registry.policy.queries import divisions_frozen, institutions_frozen


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
    people: dict[str, dict[str, list[str]]]
    """As `InstitutionSnapshot.people` keeps them."""


def keep_nightly(session: Session, readings: Iterable[Reading], *, at: datetime, by: str) -> int:
    """Store tonight's readings in place of any earlier ones of the same day; how many there were."""
    kept = list(readings)
    for (figure_code, counting_rule, on), codes in _codes_by_question(kept).items():
        same = _of(figure_code, counting_rule, SnapshotKind.NIGHTLY, on, codes)
        session.execute(sa.delete(FigureSnapshot).where(same))
    return _insert(session, kept, SnapshotKind.NIGHTLY, at=at, by=by)


def freeze_divisions(session: Session, readings: Iterable[Reading], *, at: datetime, by: str) -> int:
    """Store readings once and for all; raises AlreadyFrozen where one of them is frozen already."""
    kept = list(readings)
    for (figure_code, counting_rule, on), codes in _codes_by_question(kept).items():
        known = divisions_frozen(session, figure_code, counting_rule, on)
        _refuse_frozen(figure_code, on, known.intersection(codes))
    return _insert(session, kept, SnapshotKind.FROZEN, at=at, by=by)


def freeze_institutions(
    session: Session, readings: Iterable[InstitutionReading], *, at: datetime, by: str
) -> int:
    """The same for institutions."""
    kept = list(readings)
    for figure_code, counting_rule, on in {(one.figure_code, one.counting_rule, one.on) for one in kept}:
        known = institutions_frozen(session, figure_code, counting_rule, on)
        _refuse_frozen(figure_code, on, known.intersection(one.organisation_code for one in kept))
    if kept:
        stamp = {"computed_at": at, "computed_by": by}
        session.execute(sa.insert(InstitutionSnapshot), [asdict(one) | stamp for one in kept])
    return len(kept)


def _refuse_frozen(figure_code: str, on: date, places: Collection[str]) -> None:
    if places:
        sentence = N_("指标%(figure)s在%(place)s的%(day)s数据已定格，不能再改。")
        raise AlreadyFrozen(message(sentence, figure=figure_code, place=min(places), day=on.isoformat()))


def sign_frozen(
    session: Session,
    *,
    figure_code: str,
    counting_rule: str,
    division_code: str,
    on: date,
    at: datetime,
    by: str,
) -> FigureSnapshot:
    """签认: somebody answers for a frozen number; raises NotFrozen where there is none, AlreadySigned the second time.

    The database decides between two people who sign at once.
    """
    same = _of(figure_code, counting_rule, SnapshotKind.FROZEN, on, [division_code])
    unsigned = sa.update(FigureSnapshot).where(same, FigureSnapshot.signed_at.is_(None))
    signed = session.execute(unsigned.values(signed_at=at, signed_by=by).returning(FigureSnapshot.id)).first()
    kept = session.scalar(sa.select(FigureSnapshot).where(same).execution_options(populate_existing=True))
    if kept is None:
        raise NotFrozen(message(N_("%(day)s的数据尚未定格，定格后才能签认。"), day=on.isoformat()))
    if signed is None:
        raise AlreadySigned(
            message(
                N_("%(day)s的定格数已由%(name)s签认，不能重复签认。"),
                day=on.isoformat(),
                name=kept.signed_by or "",
            )
        )
    return kept


def _codes_by_question(readings: Iterable[Reading]) -> dict[tuple[str, str, date], list[str]]:
    """The divisions of each figure, rule and day."""
    places: dict[tuple[str, str, date], list[str]] = {}
    for one in readings:
        places.setdefault((one.figure_code, one.counting_rule, one.on), []).append(one.division_code)
    return places


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
