"""Reads policy as it is in force in a place on a day: parameters, targets, the working calendar, snapshots."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.clock import WorkingCalendar
from registry.divisions.codes import NATION, ancestors
from registry.errors import UnknownParameter
from registry.messages import N_, message
from registry.policy.models import (
    CalendarDay,
    FigureSnapshot,
    Grade,
    InstitutionSnapshot,
    Parameter,
    SnapshotKind,
    Target,
)


@dataclass(frozen=True)
class TargetInForce:
    """What a figure must reach in a place on a day: at least numerator/denominator."""

    figure_code: str
    division_code: str
    """Where the target was set: the place itself or one above it."""
    numerator: int
    denominator: int
    valid_from: date
    assessed_on: date
    is_carried_on: bool
    """The day of assessment is past and no successor is published."""
    source: str
    grade: Grade


def parameter(session: Session, key: str, division_code: str, on: date) -> Any:
    """The value in force; of several places the nearest wins. Raises UnknownParameter."""
    value = parameter_if_set(session, key, division_code, on)
    if value is None:
        note = N_("没有在%(day)s生效的参数“%(key)s”，请在“政策参数”页补充。")
        raise UnknownParameter(message(note, key=key, day=on.isoformat()))
    return value


def parameter_if_set(session: Session, key: str, division_code: str, on: date) -> Any | None:
    """The same where work goes on without it: None where nothing is in force."""
    statement = (
        sa.select(Parameter.value)
        .where(Parameter.key == key, Parameter.division_code.in_(_reaching(division_code)))
        .where(Parameter.valid_from <= on, sa.or_(Parameter.valid_to.is_(None), Parameter.valid_to > on))
        .order_by(sa.func.length(Parameter.division_code).desc(), Parameter.valid_from.desc())
    )
    row = session.execute(statement.limit(1)).one_or_none()
    return None if row is None else row.value


@dataclass(frozen=True)
class TermInForce:
    """A value of a parameter with its period."""

    value: Any
    valid_from: date
    valid_to: date | None


def terms_of(session: Session, key: str, division_code: str) -> tuple[TermInForce, ...]:
    """Every value that a parameter had in one place, by its first day; raises UnknownParameter where it has none."""
    statement = (
        sa.select(Parameter.value, Parameter.valid_from, Parameter.valid_to)
        .where(Parameter.key == key, Parameter.division_code == division_code)
        .order_by(Parameter.valid_from)
    )
    terms = tuple(TermInForce(*row) for row in session.execute(statement))
    if not terms:
        raise UnknownParameter(message(N_("没有参数“%(key)s”，请在“政策参数”页补充。"), key=key))
    return terms


def value_on(terms: Sequence[TermInForce], day: date) -> Any:
    """Of the values of a parameter the newest in force; before the first, and in a gap, the nearest one there is."""
    begun = [term for term in terms if term.valid_from <= day]
    in_force = [term for term in begun if term.valid_to is None or day < term.valid_to]
    return (in_force or begun or list(terms[:1]))[-1].value


def target_for(session: Session, figure_code: str, division_code: str, on: date) -> TargetInForce | None:
    """The target in force; a later one replaces an earlier one, and the nearest place wins. None: no target."""
    statement = (
        sa.select(Target)
        .where(Target.figure_code == figure_code, Target.division_code.in_(_reaching(division_code)))
        .where(Target.valid_from <= on)
        .order_by(sa.func.length(Target.division_code).desc(), Target.valid_from.desc())
    )
    target = session.scalar(statement.limit(1))
    return None if target is None else _in_force(target, on)


def targets_in_force(session: Session, figure_code: str, on: date) -> dict[str, TargetInForce]:
    """Every target of a figure that is in force on a day, by the place where it was set: for many places at once."""
    return targets_on(session, figure_code, [on])[on]


def targets_on(
    session: Session, figure_code: str, days: Collection[date]
) -> dict[date, dict[str, TargetInForce]]:
    """The same for several days, in one statement."""
    of_figure = sa.select(Target).where(Target.figure_code == figure_code).order_by(Target.valid_from)
    known = list(session.scalars(of_figure))
    return {
        day: {target.division_code: _in_force(target, day) for target in known if target.valid_from <= day}
        for day in days
    }


def assessments_due(session: Session, on: date) -> list[Target]:
    """Targets whose day of assessment has come, the earliest first: their verdicts are to be frozen."""
    return list(
        session.scalars(sa.select(Target).where(Target.assessed_on <= on).order_by(Target.assessed_on))
    )


def year_ends_due(session: Session, figure_code: str, counting_rule: str, on: date) -> list[date]:
    """31 December of each year from the first night that a figure was kept on, up to `on`: to be frozen by then.

    A year that ended before was not read by the portal: what it worked out now would be no reading of that night.
    """
    of_nights = FigureSnapshot.kind == SnapshotKind.NIGHTLY
    of_figure = (FigureSnapshot.figure_code == figure_code, FigureSnapshot.counting_rule == counting_rule)
    first = session.scalar(sa.select(sa.func.min(FigureSnapshot.on)).where(*of_figure, of_nights))
    years = range(first.year, on.year + 1) if first else ()
    return [day for day in (date(year, 12, 31) for year in years) if day <= on]


def parameters(session: Session) -> list[Parameter]:
    """Every parameter with its periods and places, by key."""
    ordered = sa.select(Parameter).order_by(Parameter.key, Parameter.division_code, Parameter.valid_from)
    return list(session.scalars(ordered))


def targets(session: Session) -> list[Target]:
    """Every target, by figure and place."""
    ordered = sa.select(Target).order_by(Target.figure_code, Target.division_code, Target.valid_from)
    return list(session.scalars(ordered))


def working_calendar(session: Session) -> WorkingCalendar:
    """Working days by the published notices."""
    days = session.execute(sa.select(CalendarDay.day, CalendarDay.is_workday))
    return WorkingCalendar.of((day, is_workday) for day, is_workday in days)


def calendar_days(session: Session, year: int) -> list[CalendarDay]:
    """The days of a year that differ from their weekday or have a name."""
    of_year = CalendarDay.day.between(date(year, 1, 1), date(year, 12, 31))
    return list(session.scalars(sa.select(CalendarDay).where(of_year).order_by(CalendarDay.day)))


def snapshots(
    session: Session,
    figure_code: str,
    counting_rule: str,
    kind: SnapshotKind,
    *,
    division_codes: Collection[str],
    start: date = date.min,
    end: date = date.max,
) -> list[FigureSnapshot]:
    """Readings of a figure for some divisions from `start` to `end`, both included, by day."""
    statement = (
        sa.select(FigureSnapshot)
        .where(FigureSnapshot.figure_code == figure_code, FigureSnapshot.counting_rule == counting_rule)
        .where(FigureSnapshot.kind == kind, FigureSnapshot.division_code.in_(division_codes))
        .where(FigureSnapshot.on.between(start, end))
        .order_by(FigureSnapshot.on, FigureSnapshot.division_code)
    )
    return list(session.scalars(statement))


def divisions_frozen(session: Session, figure_code: str, counting_rule: str, on: date) -> set[str]:
    """The divisions whose reading of a day is frozen, by code."""
    codes = sa.select(FigureSnapshot.division_code).where(
        FigureSnapshot.figure_code == figure_code,
        FigureSnapshot.counting_rule == counting_rule,
        FigureSnapshot.kind == SnapshotKind.FROZEN,
        FigureSnapshot.on == on,
    )
    return set(session.scalars(codes))


def institutions_frozen(session: Session, figure_code: str, counting_rule: str, on: date) -> set[str]:
    """The same for institutions."""
    of_day = _institutions(figure_code, counting_rule).where(InstitutionSnapshot.on == on)
    return set(session.scalars(of_day.with_only_columns(InstitutionSnapshot.organisation_code)))


def snapshots_of_institution(
    session: Session, figure_code: str, counting_rule: str, organisation_code: str, *, end: date
) -> list[InstitutionSnapshot]:
    """What was frozen of an institution up to a day, which is included, by day."""
    of_one = _institutions(figure_code, counting_rule).where(
        InstitutionSnapshot.organisation_code == organisation_code, InstitutionSnapshot.on <= end
    )
    return list(session.scalars(of_one.order_by(InstitutionSnapshot.on)))


def snapshot_of_institution(
    session: Session, figure_code: str, counting_rule: str, organisation_code: str, on: date
) -> InstitutionSnapshot | None:
    """What was frozen of an institution on one day."""
    found = snapshots_of_institution(session, figure_code, counting_rule, organisation_code, end=on)
    return found[-1] if found and found[-1].on == on else None


def people_frozen(
    session: Session, figure_code: str, counting_rule: str, on: date
) -> list[tuple[str, dict[str, dict[str, list[str]]]]]:
    """By the code of the institution who was counted there, as `InstitutionSnapshot.people` keeps it."""
    of_day = _institutions(figure_code, counting_rule).where(
        InstitutionSnapshot.on == on, InstitutionSnapshot.people.is_not(None)
    )
    columns = of_day.with_only_columns(InstitutionSnapshot.organisation_code, InstitutionSnapshot.people)
    rows = session.execute(columns.order_by(InstitutionSnapshot.organisation_code))
    return [(code, people or {}) for code, people in rows]


def _institutions(figure_code: str, counting_rule: str) -> sa.Select[InstitutionSnapshot]:
    return sa.select(InstitutionSnapshot).where(
        InstitutionSnapshot.figure_code == figure_code, InstitutionSnapshot.counting_rule == counting_rule
    )


def _reaching(division_code: str) -> tuple[str, ...]:
    return (NATION, *ancestors(division_code), division_code)


def _in_force(target: Target, on: date) -> TargetInForce:
    return TargetInForce(
        figure_code=target.figure_code,
        division_code=target.division_code,
        numerator=target.numerator,
        denominator=target.denominator,
        valid_from=target.valid_from,
        assessed_on=target.assessed_on,
        is_carried_on=on > target.assessed_on,
        source=target.source,
        grade=target.grade,
    )
