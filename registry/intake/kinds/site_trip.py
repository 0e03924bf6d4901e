"""Sites taken out to be changed and brought back."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.intake.bulk import chunks
from registry.intake.declaration import Context
from registry.intake.kinds.practitioner_trip import in_reach
from registry.intake.kinds.site_rows import SiteLookups, SiteRow, known_site
from registry.intake.parts import Part, PartKey, PartKind, Reading, Trip
from registry.organisations.models import Organisation, Site

FACTS = {
    "site_name": Site.name,
    "kind": Site.kind,
    "located_code": Site.located_code,
    "division_code": Site.division_code,
    "address": Site.address,
    "latitude": Site.latitude,
    "longitude": Site.longitude,
    "precision": Site.precision,
    "opened_on": Site.opened_on,
    "closed_on": Site.closed_on,
}
"""The columns that a file may change."""

FIXED = {
    "organisation_name": Organisation.name,
    "uscc": Organisation.uscc,
    "organisation_kind": Organisation.kind,
    "source": Site.source,
    "source_ref": Site.source_ref,
}
"""The columns that say whose site it is and where it comes from."""


def codes_in_reach(session: Session, codes: Sequence[str], context: Context) -> list[str]:
    """Of these sites, those that the loader answers for, in the same order."""
    found: set[str] = set()
    for chunk in chunks(codes):
        found.update(session.scalars(sa.select(Site.code).where(Site.code.in_(chunk), in_reach(context))))
    return [code for code in codes if code in found]


def parts_of_sites(session: Session, codes: Sequence[str]) -> list[Part]:
    """These sites as the register has them, in the order of the codes."""
    columns = FACTS | FIXED
    found: dict[str, Part] = {}
    for chunk in chunks(codes):
        statement = sa.select(Site.code, Site.version, *columns.values()).join(
            Organisation, Organisation.id == Site.organisation_id
        )
        for code, version, *facts in session.execute(statement.where(Site.code.in_(chunk))):
            said = dict(zip(columns, facts, strict=True))
            found[code] = Part(PartKind.SITE, (code,), code, said, version)
    return [found[code] for code in codes if code in found]


def row_of(part: Part) -> Mapping[str, Any]:
    """The row of a site, under the keys of the columns."""
    return {"site_code": part.key[0], **part.facts}


def _read(
    session: Session, rows: Sequence[SiteRow], taken: Collection[PartKey], lookups: SiteLookups
) -> Reading:
    codes = {
        known.id: key[1]
        for key, known in lookups.sites.items()
        if isinstance(key, tuple) and key[0] == "code"
    }
    of_rows = [tuple(_parts_of_row(row, lookups, codes)) for row in rows]
    wanted = {part.key[0] for parts in of_rows for part in parts} | {key[0] for _kind, key in taken}
    parts = parts_of_sites(session, sorted(wanted))
    return Reading(of_rows, {part.id: part for part in parts})


def _parts_of_row(row: SiteRow, lookups: SiteLookups, codes: Mapping[int, str]) -> list[Part]:
    """A row without a code may still be recognised as a site that is registered; else its key is empty."""
    known = known_site(row, lookups)
    code = row.site_code or (codes.get(known.id) if known else None) or ""
    return [Part(PartKind.SITE, (code,), code, {name: getattr(row, name) for name in (*FACTS, *FIXED)})]


TRIP = Trip(read=_read, named={PartKind.SITE: ("site_code",)}, fixed={PartKind.SITE: tuple(FIXED)})
