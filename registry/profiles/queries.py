"""Profiles of organisations on a day, in a handful of statements however many there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session, selectinload

from registry.divisions.codes import within
from registry.inspections.models import Finding, Inspection
from registry.inspections.queries import demonstrations_of, ratings_of, told_by
from registry.inspections.ratings import Demonstration, Rating, Validity
from registry.organisations.models import Organisation, Site, Standing, StandingKind
from registry.periods import Period, has_begun, has_not_ended
from registry.profiles.registered import NOTHING_REGISTERED, Registered, registered_of
from registry.services.models import Activity, ActivityState, Service
from registry.workforce.models import Certificate, CertificateRegistration, Education, Post, Verification

SERVING = frozenset({StandingKind.PROVIDER, StandingKind.STATION})
AT_ONCE = 400
"""Organisations in one statement: databases take no endless list of values."""


@dataclass(frozen=True)
class YearOfService:
    """Activities from 1 January to the day; `persons` adds up the heads of each, so it is not a number of people."""

    sessions: int = 0
    persons: int = 0
    person_times: int = 0
    last_on: date | None = None
    """Of all years."""


@dataclass(frozen=True)
class Profile:
    """One organisation on one day."""

    organisation: Organisation
    on: date
    sites: Sequence[Site]
    """Open on the day."""
    standings: Sequence[Standing]
    """Held on the day."""
    services: Sequence[Service]
    """On offer on the day."""
    year: YearOfService
    inspections: Sequence[Inspection]
    """Told, the latest first."""
    ratings: Sequence[Rating]
    demonstrations: Sequence[Demonstration]
    unverified: int
    """People in post whose education is not verified yet."""
    expired: int
    """People in post with a certificate whose registration ended, and no later one of its kind."""
    registered: Registered = NOTHING_REGISTERED

    @property
    def phones(self) -> tuple[str, ...]:
        """What the organisation registered for itself, then those of its services on offer, each once."""
        offered = (service.phone for service in self.services if service.phone)
        return tuple(dict.fromkeys((*self.registered.phones, *offered)))

    @property
    def is_serving(self) -> bool:
        """Holds a standing by which people are served; a foundation or an association does not."""
        return any(one.kind in SERVING for one in self.standings)

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """Not settled on the day, the earliest deadline first."""
        found = [one for visit in self.inspections for one in visit.findings if one.is_open_on(self.on)]
        return tuple(sorted(found, key=lambda finding: finding.attempt_on(self.on).rectify_by))

    @property
    def overdue_findings(self) -> tuple[Finding, ...]:
        """Those whose day has passed."""
        return tuple(finding for finding in self.open_findings if finding.is_overdue_on(self.on))

    @property
    def unplaced(self) -> tuple[Site, ...]:
        """Open sites without a point on the map."""
        return tuple(site for site in self.sites if site.latitude is None)

    @property
    def rating(self) -> Rating | None:
        """The newest that has begun: in force, or expired."""
        begun = (one for one in self.ratings if one.validity_on(self.on) is not Validity.AHEAD)
        return next(begun, None)

    @property
    def shown_as(self) -> tuple[Demonstration, ...]:
        """Demonstration status held on the day."""
        return tuple(one for one in self.demonstrations if one.validity_on(self.on) is Validity.HELD)


def profile_of(session: Session, organisation: Organisation, on: date) -> Profile:
    """One organisation."""
    return profiles(session, [organisation.id], on)[0]


def profiles_in(session: Session, division_code: str, on: date) -> list[Profile]:
    """Organisations with an open site in the division or registered there, that hold a standing on the day; by name."""
    here = sa.select(Site.organisation_id).where(
        within(Site.division_code, division_code),
        has_begun(Site.opened_on, on),
        has_not_ended(Site.closed_on, on),
    )
    held = sa.select(Standing.organisation_id).where(
        has_begun(Standing.granted_on, on), has_not_ended(Standing.ended_on, on)
    )
    lies_here = sa.or_(within(Organisation.division_code, division_code), Organisation.id.in_(here))
    ids = sa.select(Organisation.id).where(lies_here, Organisation.id.in_(held))
    found = profiles(session, list(session.scalars(ids)), on)
    return sorted(found, key=lambda profile: (profile.organisation.name, profile.organisation.id))


def profiles(session: Session, ids: Sequence[int], on: date) -> list[Profile]:
    """In the order of the keys."""
    found = []
    for start in range(0, len(ids), AT_ONCE):
        found += _some(session, ids[start : start + AT_ONCE], on)
    return found


def activities_of(session: Session, organisation_id: int, since: date, on: date) -> list[Activity]:
    """What took place in these days, both included, the latest first."""
    days = Activity.held_on.between(since, on)
    found = sa.select(Activity).where(
        Activity.organisation_id == organisation_id, Activity.state == ActivityState.RECORDED, days
    )
    newest_first = found.order_by(Activity.held_on.desc(), Activity.id.desc())
    return list(
        session.scalars(newest_first.options(selectinload(Activity.site).joinedload(Site.organisation)))
    )


def _some(session: Session, ids: Sequence[int], on: date) -> list[Profile]:
    organisations = session.scalars(
        sa.select(Organisation)
        .where(Organisation.id.in_(ids))
        .options(
            selectinload(Organisation.sites).selectinload(Site.placements),
            selectinload(Organisation.standings),
        )
    )
    by_id = {organisation.id: organisation for organisation in organisations}
    services, years = _services(session, ids, on), _years(session, ids, on)
    visits = _grouped(told_by(session, ids, on))
    ratings, demonstrations = _grouped(ratings_of(session, ids)), _grouped(demonstrations_of(session, ids))
    unverified, expired = _unverified(session, ids, on), _expired(session, ids, on)
    registered = registered_of(session, ids, on)
    return [
        Profile(
            organisation=by_id[key],
            on=on,
            sites=[site for site in by_id[key].sites if Period(site.opened_on, site.closed_on).holds_on(on)],
            standings=[
                one for one in by_id[key].standings if Period(one.granted_on, one.ended_on).holds_on(on)
            ],
            services=services.get(key, ()),
            year=years.get(key, YearOfService()),
            inspections=visits.get(key, ()),
            ratings=ratings.get(key, ()),
            demonstrations=demonstrations.get(key, ()),
            unverified=unverified.get(key, 0),
            expired=expired.get(key, 0),
            registered=registered.get(key, NOTHING_REGISTERED),
        )
        for key in ids
    ]


def _services(session: Session, ids: Sequence[int], on: date) -> dict[int, list[Service]]:
    offered = sa.and_(has_begun(Service.started_on, on), has_not_ended(Service.ended_on, on))
    found = sa.select(Service).where(Service.organisation_id.in_(ids), offered).order_by(Service.id)
    return _grouped(session.scalars(found.options(selectinload(Service.site))))


def _years(session: Session, ids: Sequence[int], on: date) -> dict[int, YearOfService]:
    is_of_year = Activity.held_on >= date(on.year, 1, 1)

    def summed(column: Any) -> Any:
        return sa.func.coalesce(sa.func.sum(sa.case((is_of_year, column), else_=0)), 0)

    rows = session.execute(
        sa.select(
            Activity.organisation_id,
            summed(1),
            summed(Activity.persons),
            summed(Activity.person_times),
            sa.func.max(Activity.held_on),
        )
        .where(Activity.organisation_id.in_(ids), Activity.state == ActivityState.RECORDED)
        .where(Activity.held_on <= on)
        .group_by(Activity.organisation_id)
    )
    return {key: YearOfService(int(n), int(heads), int(times), last) for key, n, heads, times, last in rows}


def _in_post(ids: Sequence[int], on: date, *columns: Any) -> sa.Select[*tuple[Any, ...]]:
    held = sa.and_(has_begun(Post.start_on, on), has_not_ended(Post.end_on, on))
    joined = sa.select(Site.organisation_id, *columns).join_from(Post, Site, Site.id == Post.site_id)
    return joined.where(Site.organisation_id.in_(ids), held).group_by(Site.organisation_id)


def _unverified(session: Session, ids: Sequence[int], on: date) -> dict[int, int]:
    pending = sa.select(Education.practitioner_id).where(Education.verification == Verification.PENDING)
    counted = _in_post(ids, on, sa.func.count(Post.practitioner_id.distinct()))
    return dict(session.execute(counted.where(Post.practitioner_id.in_(pending))).all())


def _expired(session: Session, ids: Sequence[int], on: date) -> dict[int, int]:
    """By the registrations as they stood on the day: one that was renewed after a gap was over meanwhile."""
    ended, later = _registrations(), _registrations()
    renewed = sa.exists().where(
        later.c.practitioner_id == ended.c.practitioner_id,
        later.c.kind == ended.c.kind,
        has_begun(later.c.valid_from, on),
        has_not_ended(later.c.valid_to, on),
    )
    over = sa.select(ended.c.practitioner_id).where(ended.c.valid_to <= on, ~renewed)
    counted = _in_post(ids, on, sa.func.count(Post.practitioner_id.distinct()))
    return dict(session.execute(counted.where(Post.practitioner_id.in_(over))).all())


def _registrations() -> sa.Subquery:
    """Of each certificate the latest one and those that were renewed."""
    whose, renewed = (Certificate.practitioner_id, Certificate.kind), CertificateRegistration
    latest = sa.select(*whose, Certificate.valid_from, Certificate.valid_to)
    before = sa.select(*whose, renewed.valid_from, renewed.valid_to).join(renewed.certificate)
    return sa.union_all(latest, before).subquery()


def _grouped(rows: Iterable[Any]) -> dict[int, list[Any]]:
    found: defaultdict[int, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.organisation_id].append(row)
    return dict(found)
