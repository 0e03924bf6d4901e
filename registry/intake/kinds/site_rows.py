"""Rows of the workbook of institutions and sites: what is known beside them, and what each would do."""

import csv
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from importlib import resources
from typing import Any, NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import Session

from registry.divisions.codes import lies_within
from registry.intake.coordinates import to_wgs84
from registry.intake.declaration import Change, Context, Findings, Outcome
from registry.intake.lookups import Divisions
from registry.messages import N_, message
from registry.organisations.models import Organisation, OrganisationKind, Precision, Site, SiteKind
from registry.successions.queries import merged_into

WORKBOOK = "工作簿导入"
OPENSTREETMAP = "© OpenStreetMap contributors, ODbL 1.0"
"""The notice that a public page with these sites must carry is kept as their source."""

KIND_OF_REGISTRAR = {
    "12": OrganisationKind.PUBLIC_INSTITUTION,
    "51": OrganisationKind.ASSOCIATION,
    "52": OrganisationKind.SOCIAL_SERVICE,
    "53": OrganisationKind.FOUNDATION,
    "91": OrganisationKind.ENTERPRISE,
}
"""The first two characters of a credit code (GB 32100-2015): registrar and class."""

PLACE = ("address", "located_code", "division_code", "latitude", "longitude", "precision")
"""Where a site stands: what a change of address is asked for."""


class SiteRow(NamedTuple):
    """One row; what is blank or could not be read is None."""

    number: int
    organisation_name: str | None
    uscc: str | None
    organisation_kind: OrganisationKind | None
    site_code: str | None
    site_name: str | None
    kind: SiteKind | None
    located_code: str | None
    division_code: str | None
    address: str | None
    latitude: float | None
    longitude: float | None
    precision: Precision | None
    opened_on: date | None
    closed_on: date | None
    source: str | None
    source_ref: str | None

    @property
    def name(self) -> str | None:
        """A site without a name of its own is called as its institution."""
        return self.site_name or self.organisation_name

    @property
    def origin(self) -> str:
        """The source as it is stored."""
        if self.source and self.source.startswith("OpenStreetMap"):
            return OPENSTREETMAP
        return self.source or WORKBOOK


class KnownSite(NamedTuple):
    """A site of the register, by the facts that a row may change."""

    id: int
    organisation_id: int
    name: str
    kind: SiteKind
    address: str
    latitude: float | None
    longitude: float | None
    precision: Precision | None
    division_code: str
    located_code: str
    opened_on: date | None
    closed_on: date | None


class KnownOrganisation(NamedTuple):
    """An organisation of the register, by what it is recognised by."""

    id: int
    name: str
    uscc: str | None
    division_code: str


@dataclass(frozen=True)
class SiteLookups:
    """Everything that rows are compared with."""

    context: Context
    divisions: Divisions
    responsible: Mapping[str, str]
    """Shipped corrections of the OpenStreetMap file: source_ref to responsible division."""
    organisations: Mapping[Hashable, KnownOrganisation]
    sites: Mapping[Hashable, KnownSite]
    merged: Mapping[int, tuple[str, date]] = field(default_factory=dict)
    """Organisations that were merged into another: its name and the day."""
    named: dict[str, tuple[int, str]] = field(default_factory=dict)
    """Credit code to the first row of this file that holds it, and the name there."""


def prepare(session: Session, context: Context) -> SiteLookups:
    """Four statements, columns only."""
    organisations = _organisations(session)
    return SiteLookups(
        context=context,
        divisions=Divisions.load(session, on=context.on),
        responsible=corrections(),
        organisations=organisations,
        sites=_sites(session),
        merged=merged_into(session),
    )


def corrections() -> dict[str, str]:
    """Source reference to responsible division, from the shipped file."""
    text = resources.files("registry.organisations").joinpath("data", "corrections.csv").read_text("utf-8")
    return {line["source_ref"]: line["division_code"] for line in csv.DictReader(text.splitlines())}


def _organisations(session: Session) -> dict[Hashable, KnownOrganisation]:
    found: dict[Hashable, KnownOrganisation] = {}
    columns = (Organisation.id, Organisation.name, Organisation.uscc, Organisation.division_code)
    for *facts, source, ref in session.execute(
        sa.select(*columns, Organisation.source, Organisation.source_ref)
    ):
        known = KnownOrganisation._make(facts)
        found[_organisation_key(known.uscc, source, ref, known.name, known.division_code)] = known
    return found


def _sites(session: Session) -> dict[Hashable, KnownSite]:
    """Each site under its code, under its source's reference, and under its organisation and name."""
    found: dict[Hashable, KnownSite] = {}
    columns = [getattr(Site, name) for name in KnownSite._fields]
    for *facts, code, source, ref in session.execute(
        sa.select(*columns, Site.code, Site.source, Site.source_ref)
    ):
        known = KnownSite._make(facts)
        found["code", code] = known
        found["name", known.organisation_id, known.name] = known
        if ref:
            found["ref", source, ref] = known
    return found


def _organisation_key(
    uscc: str | None, source: str, ref: str | None, name: str, division_code: str
) -> Hashable:
    """By credit code; without one by its source's reference; else by name within a district."""
    if uscc:
        return "uscc", uscc
    return ("ref", source, ref) if ref else ("name", name, division_code[:6])


def organisation_key(row: SiteRow, lookups: SiteLookups) -> Hashable:
    """What the row's organisation is recognised by; rows of one key belong to one organisation."""
    division = responsible_division(row, lookups) or ""
    return _organisation_key(row.uscc, row.origin, row.source_ref, row.organisation_name or "", division)


def identity(row: SiteRow) -> Hashable:
    """What a site is recognised by inside one file."""
    if row.site_code:
        return "code", row.site_code
    if row.source_ref:
        return "ref", row.origin, row.source_ref
    if row.name is None or (row.uscc is None and row.located_code is None):
        return None
    return "name", row.uscc or row.organisation_name, row.name, row.located_code


def responsible_division(row: SiteRow, lookups: SiteLookups) -> str | None:
    """As stated, else by the shipped correction, else where the site lies."""
    if row.division_code or row.origin != OPENSTREETMAP:
        return row.division_code or row.located_code
    return lookups.responsible.get(row.source_ref or "", row.located_code)


def known_site(row: SiteRow, lookups: SiteLookups) -> KnownSite | None:
    """The site of the register that the row speaks of."""
    if row.site_code:
        return lookups.sites.get(("code", row.site_code))
    if row.source_ref:
        return lookups.sites.get(("ref", row.origin, row.source_ref))
    organisation = lookups.organisations.get(organisation_key(row, lookups))
    return lookups.sites.get(("name", organisation.id, row.name)) if organisation else None


def facts_of(row: SiteRow, lookups: SiteLookups) -> dict[str, Any]:
    """What the row says of its site, under the names of the table's columns; blanks say nothing."""
    said = {
        "name": row.name,
        "kind": row.kind,
        "address": row.address,
        "division_code": responsible_division(row, lookups),
        "located_code": row.located_code,
        "opened_on": row.opened_on,
        "closed_on": row.closed_on,
    }
    facts: dict[str, Any] = {name: value for name, value in said.items() if value is not None}
    if row.latitude is not None and row.longitude is not None:
        latitude, longitude = to_wgs84(row.latitude, row.longitude, lookups.context.crs)
        precision = row.precision or Precision.EXACT
        facts |= {"latitude": latitude, "longitude": longitude, "precision": precision}
    return facts


def judge(rows: Sequence[SiteRow], lookups: SiteLookups, findings: Findings) -> list[Outcome]:
    """Checks that need more than one cell, then what each row would do."""
    return [_judge_row(row, lookups, findings) for row in rows]


def _judge_row(row: SiteRow, lookups: SiteLookups, findings: Findings) -> Outcome:
    _check_point(row, findings)
    _check_name_of_code(row, lookups, findings)
    _check_reach(row, lookups, findings)
    known = known_site(row, lookups)
    _check_period(row, known, findings)
    if known is None:
        _check_site_code(row, findings)
        _check_successor(row, lookups, findings)
        return Outcome.CREATE
    changed = _changed(row, known, lookups)
    _check_moves(row, changed, lookups.context, findings)
    return Outcome.UPDATE if changed else Outcome.SAME


def _changed(row: SiteRow, known: KnownSite, lookups: SiteLookups) -> set[str]:
    """The facts of which the row says something else than the register."""
    return {name for name, value in facts_of(row, lookups).items() if getattr(known, name) != value}


def changes(row: SiteRow, lookups: SiteLookups) -> list[Change]:
    """What an update changes, under the keys of the columns."""
    known = known_site(row, lookups)
    if known is None:
        return []
    said = facts_of(row, lookups)
    changed = [name for name in said if getattr(known, name) != said[name]]
    return [
        Change("site_name" if name == "name" else name, getattr(known, name), said[name]) for name in changed
    ]


def _check_point(row: SiteRow, findings: Findings) -> None:
    if row.precision and row.latitude is None and row.longitude is None:
        findings.warning(
            row.number,
            "precision",
            message(N_("填了坐标精度，没有填坐标。")),
            message(N_("请补填纬度和经度，或清空坐标精度。")),
        )
    missing = "latitude" if row.latitude is None else "longitude"
    if (row.latitude is None) == (row.longitude is None) or findings.is_flawed(row.number, missing):
        return
    findings.error(
        row.number, missing, message(N_("纬度和经度只填了一个。")), message(N_("请两个都填，或两个都留空。"))
    )


def _check_period(row: SiteRow, known: KnownSite | None, findings: Findings) -> None:
    """One day may be typed and the other registered."""
    opened_on = row.opened_on or (known.opened_on if known else None)
    closed_on = row.closed_on or (known.closed_on if known else None)
    if opened_on and closed_on and closed_on <= opened_on:
        findings.error(
            row.number,
            "closed_on",
            message(N_("停用日期不晚于启用日期。")),
            message(N_("请核对两个日期；仍在使用的，停用日期留空。")),
        )


def _check_name_of_code(row: SiteRow, lookups: SiteLookups, findings: Findings) -> None:
    if row.uscc is None or row.organisation_name is None:
        return
    first, name = lookups.named.setdefault(row.uscc, (row.number, row.organisation_name))
    if name != row.organisation_name:
        findings.error(
            row.number,
            "uscc",
            message(N_("与第%(row)s行的统一社会信用代码重复，机构名称却不同。"), row=first),
            message(N_("一个代码只属于一家机构：请核对代码；同一家机构的多个站点，机构名称要一致。")),
        )
    known = lookups.organisations.get(("uscc", row.uscc))
    if known is not None and known.name != row.organisation_name:
        findings.error(
            row.number,
            "organisation_name",
            message(N_("这个统一社会信用代码已登记在“%(name)s”名下。"), name=known.name),
            message(N_("请核对代码和名称；机构已更名的，先在机构页更名。")),
        )


def _check_successor(row: SiteRow, lookups: SiteLookups, findings: Findings) -> None:
    """A merged organisation opens nothing any more."""
    known = lookups.organisations.get(organisation_key(row, lookups))
    if known is None or known.id not in lookups.merged:
        return
    name, day = lookups.merged[known.id]
    findings.error(
        row.number,
        "uscc",
        message(N_("该单位已于%(day)s并入“%(name)s”。"), day=day.isoformat(), name=name),
        message(N_("请改用承继单位的名称和统一社会信用代码。")),
    )


def _check_reach(row: SiteRow, lookups: SiteLookups, findings: Findings) -> None:
    """The loader answers for a subtree, and may be held to one organisation; an existing site may not be taken over."""
    context = lookups.context
    known = known_site(row, lookups)
    responsible = {responsible_division(row, lookups), known.division_code if known else None} - {None}
    is_inside = all(lies_within(code, context.division_code) for code in responsible)
    if not is_inside and not _is_open_directory(row):
        findings.error(
            row.number,
            "division_code",
            message(N_("责任区划不在您的管辖范围内。")),
            message(N_("请删去这一行，由责任区划的主管部门导入。")),
        )
    if context.organisation_id is None:
        return
    organisation = lookups.organisations.get(organisation_key(row, lookups))
    owner = known.organisation_id if known else organisation.id if organisation else None
    if owner != context.organisation_id:
        findings.error(
            row.number,
            "organisation_name",
            message(N_("这一行不是您所在的机构。")),
            message(N_("请只保留本机构的站点，并填写本机构的统一社会信用代码。")),
        )


def _check_moves(row: SiteRow, changed: set[str], context: Context, findings: Findings) -> None:
    """An organisation asks for a move and its district confirms it: a file is no way around the two of them."""
    moved = [name for name in PLACE if name in changed] if context.organisation_id is not None else []
    for name in moved[:1]:
        findings.error(
            row.number,
            name,
            message(N_("机构不能用文件变更已登记场所的地址、区划或坐标。")),
            message(N_("请改回登记的内容，在场所页申请地址变更，由区县确认。")),
        )


def _is_open_directory(row: SiteRow) -> bool:
    """OpenStreetMap is loaded for the whole country: without a credit code a row identifies nobody."""
    return row.origin == OPENSTREETMAP and row.uscc is None and row.site_code is None


def _check_site_code(row: SiteRow, findings: Findings) -> None:
    if row.site_code:
        findings.error(
            row.number,
            "site_code",
            message(N_("没有这个站点编号。")),
            message(N_("新站点请留空，由系统编号；已有站点请从导出的表中复制编号。")),
        )
