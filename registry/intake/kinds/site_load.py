"""Writes judged rows of institutions and sites: organisations first, then sites, then where they stand."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.base import new_codes
from registry.divisions.loading import BEGINNING
from registry.intake.bulk import chunks, insert_rows, last_id, new_ids, update_rows
from registry.intake.declaration import Context, Judged, Outcome
from registry.intake.kinds.site_rows import (
    KIND_OF_REGISTRAR,
    KnownSite,
    SiteLookups,
    SiteRow,
    facts_of,
    known_site,
    organisation_key,
)
from registry.organisations.models import Organisation, OrganisationKind, Site, SitePlacement

FACTS = KnownSite._fields[2:]
"""The columns of a site that a row may set, besides its keys."""


def apply(
    session: Session, judged: Sequence[Judged[SiteRow]], lookups: SiteLookups, context: Context
) -> None:
    """Creates and updates; the caller commits."""
    created = [entry.row for entry in judged if entry.outcome is Outcome.CREATE]
    updated = [entry.row for entry in judged if entry.outcome is Outcome.UPDATE]
    owners = _owners(session, created, lookups, context)
    _insert_sites(session, created, owners, lookups, context)
    _update_sites(session, updated, lookups, context)


def _owners(
    session: Session, rows: Sequence[SiteRow], lookups: SiteLookups, context: Context
) -> dict[int, int]:
    """Row number to the key of its organisation; the ones that are missing are inserted."""
    keys = {row.number: organisation_key(row, lookups) for row in rows}
    first_rows = {
        keys[row.number]: row for row in reversed(rows) if keys[row.number] not in lookups.organisations
    }
    codes = dict(zip(first_rows, new_codes(len(first_rows)), strict=True))
    facts = [
        _organisation_facts(row, lookups, context) | {"code": codes[key]} for key, row in first_rows.items()
    ]
    before = last_id(session, Organisation.id)
    insert_rows(session, Organisation, facts)
    ids = new_ids(session, Organisation.code, after=before)
    return {
        number: lookups.organisations[key].id if key in lookups.organisations else ids[codes[key]]
        for number, key in keys.items()
    }


def _organisation_facts(row: SiteRow, lookups: SiteLookups, context: Context) -> dict[str, Any]:
    stated = row.organisation_kind or KIND_OF_REGISTRAR.get(
        (row.uscc or "")[:2], OrganisationKind.UNIDENTIFIED
    )
    return {
        "name": row.organisation_name,
        "kind": stated,
        "uscc": row.uscc,
        "division_code": facts_of(row, lookups)["division_code"],
        "source": row.origin,
        "source_ref": row.source_ref,
        "is_example": False,
        "updated_at": context.at,
        "version": 1,
    }


def _insert_sites(
    session: Session,
    rows: Sequence[SiteRow],
    owners: Mapping[int, int],
    lookups: SiteLookups,
    context: Context,
) -> None:
    said = [facts_of(row, lookups) for row in rows]
    codes = new_codes(len(rows))
    before = last_id(session, Site.id)
    insert_rows(
        session,
        Site,
        [
            {name: facts.get(name) for name in FACTS}
            | {
                "address": facts.get("address", ""),
                "code": code,
                "organisation_id": owners[row.number],
                "source": row.origin,
                "source_ref": row.source_ref,
                "is_example": False,
                "updated_at": context.at,
                "version": 1,
            }
            for row, facts, code in zip(rows, said, codes, strict=True)
        ],
    )
    ids = new_ids(session, Site.code, after=before)
    placements = [
        _placement(ids[code], facts, facts.get("opened_on", BEGINNING))
        for facts, code in zip(said, codes, strict=True)
    ]
    insert_rows(session, SitePlacement, placements)


def _placement(site_id: int, facts: Mapping[str, Any], since: date) -> dict[str, Any]:
    return {
        "site_id": site_id,
        "division_code": facts["division_code"],
        "today_code": facts["division_code"],
        "address": facts.get("address", ""),
        "valid_from": since,
        "valid_to": None,
    }


def _update_sites(session: Session, rows: Sequence[SiteRow], lookups: SiteLookups, context: Context) -> None:
    after: list[dict[str, Any]] = []
    moved: list[dict[str, Any]] = []
    for row, known in [(row, known) for row in rows if (known := known_site(row, lookups))]:
        facts = {name: getattr(known, name) for name in FACTS} | facts_of(row, lookups)
        after.append({"id": known.id, "updated_at": context.at} | facts)
        if (facts["division_code"], facts["address"]) != (known.division_code, known.address):
            moved.append(_placement(known.id, facts, context.on))
    update_rows(session, Site, after)
    _replace_placements(session, moved, context.on)


def _replace_placements(session: Session, moved: Sequence[dict[str, Any]], on: date) -> None:
    """The placement in force ends today; one that began today never stood and is put aside."""
    for chunk in chunks(moved):
        sites = [placement["site_id"] for placement in chunk]
        session.execute(
            sa.delete(SitePlacement).where(SitePlacement.site_id.in_(sites), SitePlacement.valid_from >= on),
            execution_options={"synchronize_session": False},
        )
        session.execute(
            sa.update(SitePlacement)
            .where(
                SitePlacement.site_id.in_(sites),
                sa.or_(SitePlacement.valid_to.is_(None), SitePlacement.valid_to > on),
            )
            .values(valid_to=on),
            execution_options={"synchronize_session": False},
        )
    insert_rows(session, SitePlacement, moved)
