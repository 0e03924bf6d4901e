"""Services on offer, the reports by which they come, change and end, and the activities that took place."""

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach, reach_by_columns
from registry.base import Base, DivisionCode, Facts, Id, PublicCode, ShortText
from registry.divisions.codes import within
from registry.drafts.models import Drafted
from registry.organisations.models import Organisation, Site

WEEKDAYS = "1234567"
"""Monday to Sunday, as `weekdays` holds them: 135 is Monday, Wednesday, Friday; nothing is by appointment."""

ON_OFFER = "length(weekdays) <= 7"


class ServiceKind(StrEnum):
    """The nine categories of 民发〔2020〕147号; the codes are our own."""

    MEDICATION = "RS01"
    RELAPSE = "RS02"
    PHYSICAL = "RS03"
    LIVING = "RS04"
    SOCIAL = "RS05"
    VOCATIONAL = "RS06"
    PSYCHOLOGICAL = "RS07"
    PEER = "RS08"
    FAMILY = "RS09"
    OTHER = "other"


class ReportKind(StrEnum):
    """What is reported of a service."""

    NEW = "new"
    CHANGE = "change"
    END = "end"


class ServiceReportState(StrEnum):
    """States of a report; the transitions are in workflow.py."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    RETURNED = "returned"
    CONFIRMED = "confirmed"
    WITHDRAWN = "withdrawn"


class ActivityState(StrEnum):
    """A record counts until it is struck out; it is never deleted."""

    RECORDED = "recorded"
    VOIDED = "voided"


class Service(Base):
    """One thing that a site offers. Where it lies and whose it is, the database reads off the site."""

    __tablename__ = "service"
    __table_args__ = (
        # A site that gets another division or organisation takes its services along, whoever moves it.
        sa.ForeignKeyConstraint(
            ["site_id", "organisation_id", "division_code"],
            ["site.id", "site.organisation_id", "site.division_code"],
            onupdate="CASCADE",
        ),
        sa.CheckConstraint("capacity IS NULL OR capacity > 0", name="capacity_is_positive"),
        sa.CheckConstraint("fee IS NULL OR fee >= 0", name="fee_is_not_negative"),
        sa.CheckConstraint("ended_on IS NULL OR ended_on >= started_on", name="ends_after_it_begins"),
        sa.CheckConstraint(ON_OFFER, name="weekdays_are_seven"),
        sa.Index("ix_service_division_code_title_id", "division_code", "title", "id"),
        sa.Index("ix_service_title_id", "title", "id"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[ServiceKind] = mapped_column(index=True)
    title: Mapped[ShortText]
    place: Mapped[ShortText]
    """The room or corner of the site."""
    weekdays: Mapped[str] = mapped_column(sa.String(7))
    hours: Mapped[ShortText]
    capacity: Mapped[int | None]
    """Places at one time; None is not known."""
    fee: Mapped[Decimal | None] = mapped_column(sa.Numeric(18, 2))
    """Yuan a time; 0 is free, None is not known."""
    fee_note: Mapped[ShortText]
    contact: Mapped[ShortText]
    """The desk to ask for, such as 值班社工: no private person's name."""
    phone: Mapped[str] = mapped_column(sa.String(40))
    started_on: Mapped[date]
    ended_on: Mapped[date | None]
    """The first day on which it is no longer offered."""
    is_example: Mapped[bool] = mapped_column(default=False)
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    division_code: Mapped[DivisionCode]
    """The responsible division of the site."""
    organisation_id: Mapped[int] = mapped_column(index=True)
    site_id: Mapped[int] = mapped_column(index=True)

    site: Mapped[Site] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_free(self) -> bool:
        """Free of charge; a fee that is not known is neither."""
        return self.fee == 0

    def is_offered_on(self, day: date) -> bool:
        """Whether one can come on that day of the register."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


REPORT_IS_OPEN = "state IN ('draft', 'submitted', 'returned')"
"""A service has one report in hand at a time."""


class ServiceReport(Drafted, Base):
    """An organisation reports a new, a changed or an ended service; the district confirms.

    What it says is in its answers (questions.py); once it is confirmed, the service says it.
    """

    __tablename__ = "service_report"
    __table_args__ = (
        sa.CheckConstraint("kind = 'new' OR service_id IS NOT NULL", name="names_what_it_changes"),
        sa.CheckConstraint("state <> 'draft' OR submitted_at IS NULL", name="draft_is_unsubmitted"),
        sa.CheckConstraint(
            "state IN ('draft', 'withdrawn') OR submitted_at IS NOT NULL",
            name="what_an_officer_saw_was_submitted",
        ),
        sa.Index(
            "uq_service_report_open_service_id",
            "service_id",
            unique=True,
            sqlite_where=sa.text(REPORT_IS_OPEN),
            postgresql_where=sa.text(REPORT_IS_OPEN),
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[ServiceReportState] = mapped_column(default=ServiceReportState.DRAFT, index=True)
    kind: Mapped[ReportKind]
    from_version: Mapped[int | None]
    """The version of the service that the report was compared with when it was handed in."""
    asked_at: Mapped[datetime]
    submitted_at: Mapped[datetime | None]
    asked_by_id: Mapped[int] = mapped_column(sa.ForeignKey("account.id"), index=True)
    division_code: Mapped[DivisionCode]
    """The responsible division of the site when it was handed in: its district confirms and goes on seeing it."""
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"), index=True)
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
    site: Mapped[Site] = relationship()
    service: Mapped[Service | None] = relationship()

    __mapper_args__ = {"version_id_col": version}

    @property
    def was_submitted(self) -> bool:
        """Officers see what was handed in; a draft is the organisation's own."""
        return self.submitted_at is not None

    @property
    def title(self) -> str:
        """As it was typed; where nothing was, as the register calls the service, or its site."""
        stands = self.service.title if self.service is not None else self.site.name
        return str(self.answers.get("title") or stands)


class Activity(Base):
    """What took place at a site on one day. It names no client: neither here nor in the note."""

    __tablename__ = "activity"
    __table_args__ = (
        sa.CheckConstraint("persons >= 0", name="persons_are_not_negative"),
        sa.CheckConstraint("person_times >= persons", name="each_person_came_once_or_more"),
        sa.CheckConstraint("minutes > 0 AND minutes <= 1440", name="minutes_fit_into_a_day"),
        sa.CheckConstraint(
            "held_on <= coalesce(corrected_on, entered_on)", name="was_entered_when_it_had_taken_place"
        ),
        sa.Index("ix_activity_organisation_id_held_on_id", "organisation_id", "held_on", "id"),
        sa.Index("ix_activity_division_code_held_on_id", "division_code", "held_on", "id"),
        sa.Index("ix_activity_held_on_id", "held_on", "id"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[ActivityState] = mapped_column(default=ActivityState.RECORDED)
    held_on: Mapped[date]
    kind: Mapped[ServiceKind]
    persons: Mapped[int]
    """Heads."""
    person_times: Mapped[int]
    """人次: somebody who came in the morning and in the afternoon is counted twice."""
    minutes: Mapped[int]
    note: Mapped[ShortText]
    entered_on: Mapped[date]
    """The day, in Shanghai, on which it was first entered; later than `held_on` it is printed as 补录."""
    corrected_on: Mapped[date | None]
    """The day of the last correction."""
    entered_at: Mapped[datetime]
    entered_by_code: Mapped[str] = mapped_column(sa.String(16), index=True)
    entered_by_name: Mapped[ShortText]
    form_key: Mapped[str] = mapped_column(sa.String(64), unique=True)
    """Of the form that made it: sent twice, it makes one record."""
    is_example: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    division_code: Mapped[DivisionCode]
    """The division that answered for the site on the day, under today's code."""
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int] = mapped_column(sa.ForeignKey("site.id"), index=True)
    service_id: Mapped[int | None] = mapped_column(sa.ForeignKey("service.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
    site: Mapped[Site] = relationship()
    service: Mapped[Service | None] = relationship()
    corrections: Mapped[list["ActivityCorrection"]] = relationship(
        back_populates="activity", order_by="ActivityCorrection.id"
    )

    __mapper_args__ = {"version_id_col": version}

    @property
    def is_late(self) -> bool:
        """Entered after its day: 补录."""
        return self.entered_on > self.held_on

    @property
    def is_voided(self) -> bool:
        """Struck out: it stays readable and counts nowhere."""
        return self.state is ActivityState.VOIDED


class ActivityCorrection(Base):
    """What a record said before somebody corrected it or struck it out, and why."""

    __tablename__ = "activity_correction"

    id: Mapped[Id]
    before: Mapped[Facts]
    """The facts as they stood, dates in ISO form."""
    reason: Mapped[ShortText]
    is_void: Mapped[bool] = mapped_column(default=False)
    at: Mapped[datetime]
    by_code: Mapped[str] = mapped_column(sa.String(16))
    by_name: Mapped[ShortText]
    activity_id: Mapped[int] = mapped_column(sa.ForeignKey("activity.id"), index=True)

    activity: Mapped[Activity] = relationship(back_populates="corrections")


declare_reach(Service, reach_by_columns(Service))
declare_reach(Activity, reach_by_columns(Activity))
declare_reach(
    ServiceReport,
    Reach(
        divisions_of=lambda report: (report.division_code,) if report.was_submitted else (),
        in_division=lambda code: sa.and_(
            ServiceReport.submitted_at.is_not(None), within(ServiceReport.division_code, code)
        ),
        organisations_of=lambda report: (report.organisation_id,),
        in_organisation=lambda organisation_id: ServiceReport.organisation_id == organisation_id,
    ),
)
