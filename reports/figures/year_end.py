"""The verdict at the day of assessment, frozen, beside the reading of today."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.divisions.codes import lies_within
from registry.organisations.models import Organisation
from registry.policy.models import FigureSnapshot, KeptReading, SnapshotKind
from registry.policy.queries import TargetInForce, snapshot_of_institution, snapshots, target_for
from registry.workforce.counting import Place
from registry.workforce.queries import provider_sites
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import pooled
from reports.figures.shares import Share


@dataclass(frozen=True)
class Assessment:
    """What was read on the day by which a target was to be reached."""

    on: date
    share: Share
    frozen_at: datetime | None
    """When it was frozen; None where it was worked out now, because nobody froze it."""
    signed_at: datetime | None = None
    signed_by: str | None = None
    """Who answers for it; None while nobody does."""


def assessment(
    session: Session, figure: FigureDefinition, *, division: str, on: date, rule: CountingRule
) -> Assessment | None:
    """The last assessment before `on` or on it; None where none was due."""
    target = target_for(session, figure.code, division, on)
    if target is None or target.assessed_on > on:
        return None
    frozen = _snapshot(session, figure, rule, division, target.assessed_on)
    if frozen is not None:
        return Assessment(
            target.assessed_on,
            _share_of(frozen, target),
            frozen.computed_at,
            frozen.signed_at,
            frozen.signed_by,
        )
    live = pooled(session, figure, place=Place(division), on=target.assessed_on, rule=rule)
    return Assessment(target.assessed_on, live, None)


def institution_assessment(
    session: Session,
    figure: FigureDefinition,
    organisation: Organisation,
    *,
    place: Place,
    target: TargetInForce | None,
    on: date,
    rule: CountingRule,
) -> Assessment | None:
    """The same for an institution, or for its part in a division; `target` is the one it is held to on `on`.

    Whole institutions are frozen. A part is worked out again, unless the whole institution lay in the division.
    """
    if target is None or target.assessed_on > on:
        return None
    day = target.assessed_on
    kept = snapshot_of_institution(session, figure.code, rule.code, organisation.code, day)
    if kept is not None and _lies_in(session, organisation, place, day):
        return Assessment(day, _share_of(kept, target), kept.computed_at)
    return Assessment(day, pooled(session, figure, place=place, on=day, rule=rule), None)


def _lies_in(session: Session, organisation: Organisation, place: Place, day: date) -> bool:
    whole = Place(basis=place.basis, organisation_id=organisation.id)
    sites = provider_sites(session, place=whole, on=day).values()
    return all(lies_within(site.division_code, place.division_code) for site in sites)


def _snapshot(
    session: Session, figure: FigureDefinition, rule: CountingRule, division: str, on: date
) -> FigureSnapshot | None:
    kept = snapshots(
        session, figure.code, rule.code, SnapshotKind.ASSESSMENT, division_codes=[division], start=on, end=on
    )
    return kept[0] if kept else None


def _share_of(kept: KeptReading, target: TargetInForce) -> Share:
    """Judged by the target that was kept with it, which may have been replaced since."""
    if kept.target_numerator is None or kept.target_denominator is None:
        return Share(kept.numerator, kept.denominator, None)
    of_its_day = replace(
        target, numerator=kept.target_numerator, denominator=kept.target_denominator, is_carried_on=False
    )
    return Share(kept.numerator, kept.denominator, of_its_day)
