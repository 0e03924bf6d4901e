"""Dossiers of charities and associations, their facts with source and day, and what an organisation says of them."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach, reach_by_columns
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText
from registry.divisions.codes import within
from registry.organisations.models import Organisation, StandingKind


class DossierState(StrEnum):
    """How far the list was compared with the register; nothing here is an approval."""

    BROUGHT_IN = "brought_in"
    CHECKED = "checked"
    DIFFERS = "differs"
    CORRECTED = "corrected"


class RemarkState(StrEnum):
    """与登记不符: said by the organisation, answered by the district."""

    RAISED = "raised"
    ANSWERED = "answered"
    WITHDRAWN = "withdrawn"


class FactKind(StrEnum):
    """What the authority's list says of an organisation."""

    NAME = "name"
    REGISTRATION = "registration"
    REGISTRAR = "registrar"
    REGISTERED_ON = "registered_on"
    RECOGNITION = "recognition"
    ANNUAL_CHECK = "annual_check"
    CERTIFICATE = "certificate"
    CERTIFICATE_REVOKED = "certificate_revoked"
    ABNORMAL = "abnormal"
    DISHONEST = "dishonest"


class Registration(StrEnum):
    """登记状态: 正常, 注销, 撤销, 吊销; the last three are facts of the registrar, never steps taken here."""

    NORMAL = "normal"
    DEREGISTERED = "deregistered"
    ANNULLED = "annulled"
    REVOKED = "revoked"


class CheckConclusion(StrEnum):
    """年检结论 of one year."""

    PASSED = "passed"
    BARELY = "barely"
    FAILED = "failed"
    ABSENT = "absent"


class RecognitionBasis(StrEnum):
    """How an organisation came to be a charity (慈善法 10, 11): registered as one, or recognised later."""

    REGISTERED = "registered"
    RECOGNISED = "recognised"


class ListEntry(StrEnum):
    """On a credit list, or off it again."""

    LISTED = "listed"
    REMOVED = "removed"


class DifferingField(StrEnum):
    """What an officer or the organisation may find to differ."""

    NAME = "name"
    USCC = "uscc"
    REGISTRAR = "registrar"
    REGISTERED_ON = "registered_on"
    REGISTRATION = "registration"
    RECOGNITION = "recognition"
    ANNUAL_CHECK = "annual_check"
    CERTIFICATE = "certificate"
    CREDIT = "credit"


class Dossier(Base):
    """What is on file of one organisation as charity or as association."""

    __tablename__ = "dossier"
    __table_args__ = (
        sa.UniqueConstraint("organisation_id", "kind"),
        sa.CheckConstraint("kind IN ('charity', 'association')", name="of_a_charity_or_an_association"),
        sa.CheckConstraint(
            "missing_on IS NULL OR missing_on > listed_on", name="missing_after_it_was_listed"
        ),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    kind: Mapped[StandingKind]
    state: Mapped[DossierState] = mapped_column(default=DossierState.BROUGHT_IN, index=True)
    registrar: Mapped[ShortText]
    """登记管理机关, as the newest list has it: whose newer list may leave the organisation out."""
    document: Mapped[ShortText]
    """The newest list that names the organisation."""
    listed_on: Mapped[date]
    """The day that list speaks of."""
    missing_on: Mapped[date | None]
    """The day of the newest list of the same registrar, where it does not name the organisation any more."""
    differing: Mapped[list[Any]] = mapped_column(sa.JSON, default=list)
    """Values of DifferingField that an officer found, while the dossier differs."""
    corrected_by: Mapped[LongText] = mapped_column(default="", server_default="")
    """The codes of whoever settled a difference since the last check, divided by blanks: checking is another's."""
    division_code: Mapped[DivisionCode]
    """The organisation's own."""
    updated_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))

    organisation: Mapped[Organisation] = relationship()
    facts: Mapped[list["DossierFact"]] = relationship(back_populates="dossier", order_by="DossierFact.id")

    __mapper_args__ = {"version_id_col": version}


class DossierFact(Base):
    """One fact with its day and its source. A correction takes its place in force; the row itself stays."""

    __tablename__ = "dossier_fact"
    __table_args__ = (
        sa.CheckConstraint("(kind = 'annual_check') = (year IS NOT NULL)", name="checks_have_a_year"),
        sa.CheckConstraint("replaced_by_id IS NULL OR replaced_by_id > id", name="replaced_by_a_later_one"),
        sa.Index("ix_dossier_fact_dossier_id_kind_on", "dossier_id", "kind", "on"),
    )

    id: Mapped[Id]
    kind: Mapped[FactKind]
    year: Mapped[int | None]
    value: Mapped[ShortText]
    """A member of the kind's enumeration, a day, a number or a name, as text."""
    on: Mapped[date]
    """The day from which it holds; where the list names none, the day of the list."""
    document: Mapped[ShortText]
    listed_on: Mapped[date]
    """The day of the list that says so."""
    recorded_at: Mapped[datetime]
    recorded_by: Mapped[ShortText]
    replaced_by_id: Mapped[int | None] = mapped_column(sa.ForeignKey("dossier_fact.id"), index=True)
    """The fact that corrected this one."""
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"))

    dossier: Mapped[Dossier] = relationship(back_populates="facts")

    @property
    def is_in_force(self) -> bool:
        """Not corrected by a later one."""
        return self.replaced_by_id is None


class DossierRemark(Base):
    """与登记不符: what an organisation says against its dossier, and what the district answered."""

    __tablename__ = "dossier_remark"

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[RemarkState] = mapped_column(default=RemarkState.RAISED, index=True)
    differing: Mapped[list[Any]] = mapped_column(sa.JSON)
    """Values of DifferingField."""
    text: Mapped[LongText]
    answer: Mapped[LongText] = mapped_column(default="")
    raised_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=1)
    dossier_id: Mapped[int] = mapped_column(sa.ForeignKey("dossier.id"), index=True)

    dossier: Mapped[Dossier] = relationship()

    __mapper_args__ = {"version_id_col": version}


declare_reach(Dossier, reach_by_columns(Dossier))
declare_reach(
    DossierRemark,
    Reach(
        divisions_of=lambda remark: (remark.dossier.division_code,),
        in_division=lambda code: DossierRemark.dossier.has(within(Dossier.division_code, code)),
        organisations_of=lambda remark: (remark.dossier.organisation_id,),
        in_organisation=lambda organisation_id: DossierRemark.dossier.has(
            Dossier.organisation_id == organisation_id
        ),
    ),
)
