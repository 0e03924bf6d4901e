"""What was frozen of a figure, at a target's date and at each year's end, beside the same day by today's records."""

from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy.orm import Session

from registry.divisions.codes import lies_within
from registry.organisations.models import Organisation
from registry.policy.models import FigureSnapshot, KeptReading, SnapshotKind
from registry.policy.queries import (
    TargetInForce,
    snapshot_of_institution,
    snapshots,
    snapshots_of_institution,
    target_for,
)
from registry.workforce.counting import Place
from registry.workforce.queries import provider_sites
from reports.figures.definitions import CountingRule, FigureDefinition
from reports.figures.readings import pooled
from reports.figures.shares import Measure, Share


@dataclass(frozen=True)
class Assessment:
    """What was read at a year's end, or on the day by which a target was to be reached."""

    on: date
    share: Share
    frozen_at: datetime | None
    """When it was frozen; None where it was worked out now, because nobody froze it."""
    signed_at: datetime | None = None
    signed_by: str | None = None
    """Who answers for it; None while nobody does."""
    live: Share | None = None
    """The same day by the register as it stands now; None where nothing was frozen."""

    @property
    def is_corrected(self) -> bool:
        """What was frozen is no longer what the register says of that day."""
        return self.live is not None and (self.live.numerator, self.live.denominator) != (
            self.share.numerator,
            self.share.denominator,
        )

    @property
    def is_of_target(self) -> bool:
        """By this day the target was to be reached."""
        return self.share.target is not None and self.share.target.assessed_on == self.on


def assessment(
    session: Session, figure: FigureDefinition, *, division: str, on: date, rule: CountingRule
) -> Assessment | None:
    """The last assessment before `on` or on it; None where none was due."""
    target = target_for(session, figure.code, division, on)
    if target is None or target.assessed_on > on:
        return None
    day, place = target.assessed_on, Place(division)
    frozen = frozen_on(session, figure, rule, division, day)
    if frozen is not None:
        return _beside_live(session, figure, rule, place, frozen)
    return Assessment(day, pooled(session, figure, place=place, on=day, rule=rule), None)


def frozen_days(
    session: Session, figure: FigureDefinition, *, division: str, on: date, rule: CountingRule
) -> tuple[Assessment, ...]:
    """Every day up to `on` that was frozen of a division, the newest first."""
    kept = _snapshots(session, figure, rule, division, end=on)
    return tuple(_beside_live(session, figure, rule, Place(division), one) for one in reversed(kept))


def frozen_on(
    session: Session, figure: FigureDefinition, rule: CountingRule, division: str, on: date
) -> FigureSnapshot | None:
    """What was frozen of a division on one day."""
    kept = _snapshots(session, figure, rule, division, start=on, end=on)
    return kept[0] if kept else None


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
        return _beside_live(session, figure, rule, place, kept)
    return Assessment(day, pooled(session, figure, place=place, on=day, rule=rule), None)


def frozen_days_of_institution(
    session: Session,
    figure: FigureDefinition,
    organisation: Organisation,
    *,
    place: Place,
    on: date,
    rule: CountingRule,
) -> tuple[Assessment, ...]:
    """Every day up to `on` that was frozen of an institution and on which all of it lay in the place, newest first."""
    kept = snapshots_of_institution(session, figure.code, rule.code, organisation.code, end=on)
    return tuple(
        _beside_live(session, figure, rule, place, one)
        for one in reversed(kept)
        if _lies_in(session, organisation, place, one.on)
    )


def newest(assessed: Assessment | None, frozen: tuple[Assessment, ...]) -> Assessment | None:
    """Which of them stands beside the current figure: an assessment that is due and not frozen yet, too."""
    found = [one for one in (*frozen[:1], assessed) if one is not None]
    return max(found, key=lambda one: one.on, default=None)


def _lies_in(session: Session, organisation: Organisation, place: Place, day: date) -> bool:
    whole = Place(basis=place.basis, organisation_id=organisation.id)
    sites = provider_sites(session, place=whole, on=day).values()
    return all(lies_within(site.division_code, place.division_code) for site in sites)


def _snapshots(
    session: Session,
    figure: FigureDefinition,
    rule: CountingRule,
    division: str,
    *,
    end: date,
    start: date = date.min,
) -> list[FigureSnapshot]:
    return snapshots(
        session, figure.code, rule.code, SnapshotKind.FROZEN, division_codes=[division], start=start, end=end
    )


def _beside_live(
    session: Session, figure: FigureDefinition, rule: CountingRule, place: Place, kept: KeptReading
) -> Assessment:
    target = target_for(session, figure.code, kept.division_code, kept.on)
    signature = (kept.signed_at, kept.signed_by) if isinstance(kept, FigureSnapshot) else (None, None)
    live = pooled(session, figure, place=place, on=kept.on, rule=rule)
    return Assessment(kept.on, _share_of(kept, target, figure.measure), kept.computed_at, *signature, live)


def _share_of(kept: KeptReading, target: TargetInForce | None, measure: Measure) -> Share:
    """Judged by the target that was kept with it, which may have been replaced since."""
    if target is None or kept.target_numerator is None or kept.target_denominator is None:
        return Share(kept.numerator, kept.denominator, None, measure)
    of_its_day = replace(target, numerator=kept.target_numerator, denominator=kept.target_denominator)
    return Share(kept.numerator, kept.denominator, of_its_day, measure)
