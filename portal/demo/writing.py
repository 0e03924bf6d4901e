"""Writes a plan into the register with one insert for each table; nothing is committed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import InstrumentedAttribute, Session

from portal.demo.identifiers import example_person_no, example_standing_number, example_uscc, public_codes
from portal.demo.plan import Ids, Plan, PlannedCertificate, PlannedPerson, PlannedSite, Stay
from portal.demo.points import StreetPoints
from registry.organisations.models import Organisation, Precision, Site, SitePlacement, Standing
from registry.workforce.models import (
    INDIRECT,
    Certificate,
    CertificateRegistration,
    Education,
    Post,
    Practitioner,
)

SOURCE = "示例数据"
CODES = "20261123-codes"
Row = dict[str, Any]


@dataclass(frozen=True)
class Written:
    """The ids of what was written, by the keys of the plan."""

    organisations: Ids
    sites: Ids
    people: Ids


def write_plan(session: Session, plan: Plan, rng: Random, points: StreetPoints, *, at: datetime) -> Written:
    """Organisations with their standings, sites with their placements, people with all that hangs on them."""
    organisations = _write_organisations(session, plan, rng, at)
    sites = _write_sites(session, plan, organisations, rng, points, at)
    people = _write_people(session, plan, rng, at)
    codes = Random(CODES)  # noqa: S311 - a stream of its own: what is drawn elsewhere stays as it was
    for model, rows in (
        (Post, post_rows(plan.people, people, sites)),
        (Education, _education(plan.people, people)),
        (Certificate, _certificates(plan.people, people)),
    ):
        _insert(session, model, with_codes(rows, codes))
    _insert(session, CertificateRegistration, _renewed(session, plan.people, at))
    return Written(organisations, sites, people)


def _write_organisations(session: Session, plan: Plan, rng: Random, at: datetime) -> Ids:
    codes = public_codes(rng, len(plan.organisations))
    rows = [
        {
            "code": code,
            "name": owner.name,
            "kind": owner.kind,
            "uscc": example_uscc(owner.kind, owner.division, number) if owner.has_uscc else None,
            "division_code": owner.division,
            "opened_on": owner.opened_on,
            "closed_on": owner.closed_on,
            **_stamp(at),
        }
        for number, (owner, code) in enumerate(zip(plan.organisations, codes, strict=True), start=1)
    ]
    _insert(session, Organisation, rows)
    ids = _ids(session, Organisation.code, Organisation.id)
    by_key = {owner.key: ids[code] for owner, code in zip(plan.organisations, codes, strict=True)}
    usccs = {owner.key: row["uscc"] for owner, row in zip(plan.organisations, rows, strict=True)}
    _insert(session, Standing, list(_standings(plan, by_key, usccs)))
    return by_key


def _standings(plan: Plan, organisations: Ids, usccs: Mapping[str, str]) -> Iterator[Row]:
    held = [(owner, standing) for owner in plan.organisations for standing in owner.standings]
    for number, (owner, standing) in enumerate(sorted(held, key=lambda pair: pair[1].granted_on), start=1):
        yield {
            "number": example_standing_number(standing.kind, standing.granted_on.year, number),
            "kind": standing.kind,
            "granted_on": standing.granted_on,
            "ended_on": standing.ended_on,
            "organisation_id": organisations[owner.key],
            "uscc": usccs[owner.key],
        }


def _write_sites(
    session: Session, plan: Plan, organisations: Ids, rng: Random, points: StreetPoints, at: datetime
) -> Ids:
    placed = [(owner, site) for owner in plan.organisations for site in owner.sites]
    codes = public_codes(rng, len(placed))
    rows = [
        {
            "code": code,
            "name": site.name,
            "kind": site.kind,
            "address": site.address,
            "division_code": site.street,
            "located_code": site.located or site.street,
            "opened_on": site.opened_on,
            "closed_on": site.closed_on,
            "organisation_id": organisations[owner.key],
            **_point(site, rng, points),
            **_stamp(at),
        }
        for (owner, site), code in zip(placed, codes, strict=True)
    ]
    _insert(session, Site, rows)
    ids = _ids(session, Site.code, Site.id)
    by_key = {site.key: ids[code] for (_, site), code in zip(placed, codes, strict=True)}
    _insert(
        session, SitePlacement, [row for _, site in placed for row in _placements(site, by_key[site.key])]
    )
    return by_key


def _point(site: PlannedSite, rng: Random, points: StreetPoints) -> Row:
    if site.precision is None:
        return {"latitude": None, "longitude": None, "precision": None}
    street = site.located or site.street
    is_exact = site.precision is Precision.EXACT
    latitude, longitude = points.of_house(rng, street) if is_exact else points.of_street(street)
    return {"latitude": latitude, "longitude": longitude, "precision": site.precision}


def _placements(site: PlannedSite, site_id: int) -> Iterator[Row]:
    since = site.earlier[-1].valid_to if site.earlier else None
    for stay in (*site.earlier, Stay(site.street, site.address, since or site.opened_on, site.closed_on)):
        yield {
            "division_code": stay.street,
            "today_code": stay.street,
            "address": stay.address,
            "valid_from": stay.valid_from,
            "valid_to": stay.valid_to,
            "site_id": site_id,
        }


def _write_people(session: Session, plan: Plan, rng: Random, at: datetime) -> Ids:
    codes = public_codes(rng, len(plan.people))
    numbered = list(enumerate(zip(plan.people, codes, strict=True), start=1))
    rows = [
        {
            "code": code,
            "person_no": example_person_no(number),
            "name": one.name,
            "birth_year": one.birth_year,
            "source": SOURCE,
            "is_example": True,
            "updated_at": at,
            "version": 1,
        }
        for number, (one, code) in numbered
    ]
    _insert(session, Practitioner, rows)
    ids = _ids(session, Practitioner.code, Practitioner.id)
    return {one.key: ids[code] for _, (one, code) in numbered}


def with_codes(rows: Sequence[Row], rng: Random) -> list[Row]:
    """Each with the code by which it is known outside."""
    return [row | {"code": code} for row, code in zip(rows, public_codes(rng, len(rows)), strict=True)]


def post_rows(people: Sequence[PlannedPerson], ids: Ids, sites: Ids) -> list[Row]:
    """The posts of some people as rows of their table."""
    return [
        {
            "profession": post.profession,
            "engagement": post.engagement,
            "serves_programme": post.serves_programme,
            "direct_service": post.profession not in INDIRECT,
            "start_on": post.start_on,
            "end_on": post.end_on,
            "practitioner_id": ids[one.key],
            "site_id": sites[post.site],
        }
        for one in people
        for post in one.posts
    ]


def _education(people: Sequence[PlannedPerson], ids: Ids) -> list[Row]:
    return [
        {
            "form": item.form,
            "level": item.course.level,
            "catalogue": item.course.catalogue,
            "major_code": item.course.major_code,
            "major_name": item.course.major_name,
            "school": item.school,
            "obtained_on": item.obtained_on,
            "verification": item.verification,
            "verified_on": item.verified_on,
            "practitioner_id": ids[one.key],
        }
        for one in people
        for item in one.education
    ]


def _certificates(people: Sequence[PlannedPerson], ids: Ids) -> list[Row]:
    return [
        {
            "kind": item.kind,
            "grade": item.grade,
            "number": number,
            "issued_on": item.issued_on,
            "valid_from": item.valid_from,
            "valid_to": item.valid_to,
            "practitioner_id": ids[one.key],
        }
        for number, one, item in _numbered_certificates(people)
    ]


def _renewed(session: Session, people: Sequence[PlannedPerson], at: datetime) -> list[Row]:
    """What each certificate was registered for before its latest registration."""
    ids = _ids(session, Certificate.number, Certificate.id)
    return [
        {
            "certificate_id": ids[number],
            "valid_from": start,
            "valid_to": end,
            "source": SOURCE,
            "recorded_at": at,
        }
        for number, _one, item in _numbered_certificates(people)
        for start, end in item.renewed
    ]


def _numbered_certificates(
    people: Sequence[PlannedPerson],
) -> Iterator[tuple[str, PlannedPerson, PlannedCertificate]]:
    held = ((one, item) for one in people for item in one.certificates)
    for number, (one, item) in enumerate(held, start=1):
        yield f"示例{item.issued_on.year}{number:06d}", one, item


def _stamp(at: datetime) -> Row:
    return {"source": SOURCE, "source_ref": None, "is_example": True, "updated_at": at, "version": 1}


def _insert(session: Session, model: type, rows: Sequence[Row]) -> None:
    if rows:
        session.execute(sa.insert(model), rows)


def _ids(session: Session, code: InstrumentedAttribute[str], key: InstrumentedAttribute[int]) -> Ids:
    return dict(session.execute(sa.select(code, key)).all())
