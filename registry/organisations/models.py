"""Organisations, sites with their placements over time, standings, and asked-for changes of address."""

from collections.abc import Iterator
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText


class OrganisationKind(StrEnum):
    """What the legal entity is; the first two characters of the credit code tell the registrar."""

    HOSPITAL = "hospital"
    PUBLIC_INSTITUTION = "public_institution"
    SOCIAL_SERVICE = "social_service"
    ASSOCIATION = "association"
    FOUNDATION = "foundation"
    ENTERPRISE = "enterprise"
    UNIDENTIFIED = "unidentified"


class SiteKind(StrEnum):
    """What happens at the place."""

    REHABILITATION = "rehabilitation"
    DAY_CENTRE = "day_centre"
    HALFWAY_HOUSE = "halfway_house"
    WORKSHOP = "workshop"
    HOSPITAL = "hospital"
    STATION = "station"
    OFFICE = "office"


class Precision(StrEnum):
    """How far the point may be trusted."""

    EXACT = "exact"
    STREET = "street"
    DISTRICT = "district"


class StandingKind(StrEnum):
    """机构入库, 建站信息备案, 建档 of charities and of associations."""

    PROVIDER = "provider"
    STATION = "station"
    CHARITY = "charity"
    ASSOCIATION = "association"


class AddressChangeState(StrEnum):
    """States of a change of address; the transitions are in workflow.py."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


def _list_indexes(table: str, *columns: tuple[str, ...], covered: tuple[str, ...] = ()) -> Iterator[sa.Index]:
    """An index for each order of columns, which holds the covered ones too: then nobody looks into the table."""
    for found in columns:
        yield sa.Index(f"ix_{table}_{'_'.join(found)}", *found, *covered)


class Organisation(Base):
    """A legal entity; the credit code is needed only to hold a standing."""

    __tablename__ = "organisation"
    __table_args__ = (
        sa.UniqueConstraint("id", "uscc"),
        sa.UniqueConstraint("source", "source_ref"),
        sa.CheckConstraint("uscc IS NULL OR length(uscc) = 18", name="uscc_has_18_characters"),
        *_list_indexes(
            "organisation",
            ("name", "id", "division_code", "kind"),
            ("division_code", "name", "id", "kind"),
            ("kind", "division_code", "name", "id"),
            ("kind", "name", "id", "division_code"),
            covered=("listed_from", "listed_until", "listed_times"),
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    name: Mapped[ShortText]
    kind: Mapped[OrganisationKind]
    uscc: Mapped[str | None] = mapped_column(sa.String(18), unique=True)
    """Unified social credit code, GB 32100-2015."""
    division_code: Mapped[DivisionCode]
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    source: Mapped[ShortText]
    source_ref: Mapped[str | None] = mapped_column(sa.String(200))
    is_example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)

    # Read off the standings as provider by triggers of the database: a list of 100,000 looks into no standing.
    listed_from: Mapped[date | None]
    """The first day of the first standing."""
    listed_until: Mapped[date | None]
    """The first day after the last one; None while one has no end."""
    listed_times: Mapped[int] = mapped_column(server_default=sa.text("0"))
    """How many there are: between several there may be days without any."""

    sites: Mapped[list["Site"]] = relationship(back_populates="organisation", order_by="Site.id")
    standings: Mapped[list["Standing"]] = relationship(back_populates="organisation", order_by="Standing.id")

    __mapper_args__ = {"version_id_col": version}


class Standing(Base):
    """What an organisation is to the registry; `uscc` repeats the entity's own, so that the database holds the rule."""

    __tablename__ = "standing"
    __table_args__ = (
        sa.ForeignKeyConstraint(
            ["organisation_id", "uscc"], ["organisation.id", "organisation.uscc"], onupdate="CASCADE"
        ),
        sa.CheckConstraint("ended_on IS NULL OR ended_on > granted_on", name="ends_after_it_begins"),
        *_list_indexes(
            "standing", ("organisation_id", "kind", "granted_on", "ended_on"), covered=("number",)
        ),
        sa.Index("ix_standing_kind_granted_on_ended_on", "kind", "granted_on", "ended_on", "organisation_id"),
    )

    id: Mapped[Id]
    number: Mapped[ShortText] = mapped_column(unique=True)
    kind: Mapped[StandingKind]
    granted_on: Mapped[date]
    ended_on: Mapped[date | None]
    """The first day on which the standing is no longer held."""
    organisation_id: Mapped[int] = mapped_column(index=True)
    uscc: Mapped[str] = mapped_column(sa.String(18))

    organisation: Mapped[Organisation] = relationship(back_populates="standings")


class Site(Base):
    """A place with an address and, where known, a point (WGS-84, degrees)."""

    __tablename__ = "site"
    __table_args__ = (
        sa.UniqueConstraint("source", "source_ref"),
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        sa.CheckConstraint("(latitude IS NULL) = (precision IS NULL)", name="point_has_precision"),
        sa.CheckConstraint("closed_on IS NULL OR closed_on > opened_on", name="closes_after_it_opens"),
        *_list_indexes("site", ("organisation_id", "opened_on", "closed_on")),
        sa.Index("ix_site_division_code_name_id", "division_code", "name", "id"),
        sa.Index("ix_site_kind_division_code_name_id", "kind", "division_code", "name", "id"),
        sa.Index("ix_site_kind_name_id", "kind", "name", "id"),
        # What hangs on a site by these three follows it into another division.
        sa.Index(
            "uq_site_id_organisation_id_division_code", "id", "organisation_id", "division_code", unique=True
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    name: Mapped[ShortText] = mapped_column(index=True)
    kind: Mapped[SiteKind]
    address: Mapped[ShortText]
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    precision: Mapped[Precision | None]
    division_code: Mapped[DivisionCode]
    """The responsible division, today's code."""
    located_code: Mapped[DivisionCode]
    """The division where the site lies, today's code."""
    opened_on: Mapped[date | None]
    closed_on: Mapped[date | None]
    """The first day on which the site is no longer open."""
    source: Mapped[ShortText]
    source_ref: Mapped[str | None] = mapped_column(sa.String(200))
    is_example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship(back_populates="sites")
    placements: Mapped[list["SitePlacement"]] = relationship(
        back_populates="site", order_by="SitePlacement.valid_from"
    )

    __mapper_args__ = {"version_id_col": version}


class SitePlacement(Base):
    """Where a site stood during one period, under that day's code and under today's."""

    __tablename__ = "site_placement"
    __table_args__ = (
        sa.UniqueConstraint("site_id", "valid_from"),
        sa.CheckConstraint("valid_to IS NULL OR valid_to > valid_from", name="ends_after_it_begins"),
    )

    id: Mapped[Id]
    division_code: Mapped[DivisionCode]
    """The responsible division as its code was during the period: that day's division."""
    today_code: Mapped[DivisionCode]
    """The same place under today's codes: a division change rewrites it, an address change does not."""
    address: Mapped[ShortText]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)

    site: Mapped[Site] = relationship(back_populates="placements")


IS_OPEN = "state IN ('draft', 'submitted', 'returned')"
"""A site has one open change of address at a time."""


class AddressChange(Base):
    """A provider asks to change a site's address; the district confirms."""

    __tablename__ = "address_change"
    __table_args__ = (
        sa.CheckConstraint("(latitude IS NULL) = (longitude IS NULL)", name="point_is_whole"),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name="what_an_officer_saw_was_submitted",
        ),
        sa.Index(
            "uq_address_change_open_site_id",
            "site_id",
            unique=True,
            sqlite_where=sa.text(IS_OPEN),
            postgresql_where=sa.text(IS_OPEN),
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[AddressChangeState] = mapped_column(default=AddressChangeState.DRAFT, index=True)
    address: Mapped[ShortText]
    division_code: Mapped[DivisionCode]
    """Where the site will lie; the responsible district follows it."""
    from_address: Mapped[ShortText]
    from_code: Mapped[DivisionCode]
    """The responsible division when the change was asked for: its district confirms and goes on seeing it."""
    latitude: Mapped[float | None]
    longitude: Mapped[float | None]
    effective_on: Mapped[date]
    explanation: Mapped[LongText]
    asked_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    asked_by_id: Mapped[int] = mapped_column(index=True)
    """The account that asked, as a plain reference: accounts are listed below organisations."""
    version: Mapped[int] = mapped_column(default=1)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)

    site: Mapped[Site] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def was_submitted(self) -> bool:
        """Officers see what was handed in; a draft is the provider's own."""
        return self.submitted_at is not None
