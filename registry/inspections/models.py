"""One inspection, the problems that it found, and how far they have come towards being put right."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from sqlalchemy.orm import Mapped, mapped_column, relationship

from registry.access.scopes import Reach, declare_reach
from registry.base import Base, DivisionCode, Id, LongText, PublicCode, ShortText
from registry.divisions.codes import within
from registry.organisations.models import Organisation, Site

MOST_NUMBERS, MOST_OF_A_NAME = 5, 160
"""What a line of the inbox holds: so many problems by number, so many characters of the place."""


class InspectionKind(StrEnum):
    """日常, 专项, 双随机."""

    ROUTINE = "routine"
    SPECIAL = "special"
    RANDOM = "random"


class InspectionState(StrEnum):
    """The transitions are in workflow.py."""

    DRAFT = "draft"
    NOTIFIED = "notified"
    DEFENDED = "defended"
    RECTIFYING = "rectifying"
    REPORTED = "reported"
    RECHECKED = "rechecked"
    CLOSED = "closed"
    WITHDRAWN = "withdrawn"


class FindingItem(StrEnum):
    """What was looked at, as in form F18."""

    STAFF = "staff"
    SERVICE = "service"
    RECORDS = "records"
    PREMISES = "premises"
    SAFETY = "safety"
    MONEY = "money"
    PRIVACY = "privacy"
    OTHER = "other"


class Severity(StrEnum):
    """How much it weighs."""

    MINOR = "minor"
    ORDINARY = "ordinary"
    SERIOUS = "serious"


class Outcome(StrEnum):
    """What the last look at a finding said."""

    PASSED = "passed"
    FAILED = "failed"
    DROPPED = "dropped"
    """The defence was accepted: the finding does not stand."""


class Inspection(Base):
    """One visit to an organisation, or to one of its sites."""

    __tablename__ = "inspection"
    __table_args__ = (
        sa.CheckConstraint(
            "state NOT IN ('draft', 'withdrawn') OR notified_at IS NULL", name="draft_is_untold"
        ),
        sa.CheckConstraint("defended_at IS NULL OR defence <> ''", name="defence_says_something"),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name="closed_has_a_time"),
        sa.Index("ix_inspection_organisation_id_visited_on", "organisation_id", "visited_on"),
    )

    id: Mapped[Id]
    code: Mapped[PublicCode]
    state: Mapped[InspectionState] = mapped_column(default=InspectionState.DRAFT, index=True)
    kind: Mapped[InspectionKind]
    visited_on: Mapped[date]
    inspectors: Mapped[ShortText]
    """Names of officials as typed, divided by 、 (class C1)."""
    scope: Mapped[LongText]
    """What was looked at, and on what occasion."""
    division_code: Mapped[DivisionCode]
    """Whose inspection it is: the responsible division of the site, or of the organisation; today's code."""
    recorded_at: Mapped[datetime]
    notified_at: Mapped[datetime | None]
    defend_by: Mapped[date | None]
    """The last day on which the provider may state its case, as the notice said it; its clock has the last word."""
    defence: Mapped[LongText] = mapped_column(default="", server_default="")
    defended_at: Mapped[datetime | None]
    report: Mapped[LongText] = mapped_column(default="", server_default="")
    """What the provider says it has put right, as handed in last."""
    reported_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    judged_by: Mapped[LongText] = mapped_column(default="", server_default="")
    """The codes of everybody who had a hand in what was found, divided by blanks: closing is another person's."""
    version: Mapped[int] = mapped_column(default=1)
    organisation_id: Mapped[int] = mapped_column(sa.ForeignKey("organisation.id"))
    site_id: Mapped[int | None] = mapped_column(sa.ForeignKey("site.id"), index=True)

    organisation: Mapped[Organisation] = relationship()
    site: Mapped[Site | None] = relationship()
    findings: Mapped[list["Finding"]] = relationship(
        back_populates="inspection", order_by="Finding.number", cascade="all, delete-orphan"
    )

    __mapper_args__ = {"version_id_col": version}

    def judge(self, people: Iterable[str]) -> None:
        """Somebody recorded, changed, dropped or passed something of it, by the codes that he acts for."""
        self.judged_by = " ".join(sorted({*self.judged_by.split(), *people}))

    @property
    def was_notified(self) -> bool:
        """The organisation knows of it; before, it is the officers' own."""
        return self.notified_at is not None

    @property
    def standing(self) -> tuple["Finding", ...]:
        """The findings that were not dropped."""
        return tuple(finding for finding in self.findings if finding.outcome is not Outcome.DROPPED)

    @property
    def open_findings(self) -> tuple["Finding", ...]:
        """Those that are not settled yet."""
        return tuple(finding for finding in self.findings if finding.settled_on is None)

    @property
    def rectify_by(self) -> date | None:
        """The first day by which something has to be put right."""
        return min((finding.rectify_by for finding in self.open_findings), default=None)

    @property
    def place(self) -> str:
        """The site, or the organisation where the visit was to all of it."""
        return self.site.name if self.site is not None else self.organisation.name

    @property
    def line(self) -> str:
        """The place, the day and the open problems by number: a place may be looked at again before all is settled."""
        numbers = [str(finding.number) for finding in self.open_findings]
        named = "、".join(numbers[:MOST_NUMBERS])
        rest = f"等{len(numbers)}条问题" if len(numbers) > MOST_NUMBERS else "条问题"
        problems = f"，第{named}{rest}" if numbers else ""
        return f"{self.place[:MOST_OF_A_NAME]}（{self.visited_on.isoformat()}检查{problems}）"


@dataclass(frozen=True)
class Attempt:
    """By when a finding was to be put right, and on which day the provider says that it was."""

    rectify_by: date
    rectified_on: date | None


class Finding(Base):
    """One problem that an inspection found."""

    __tablename__ = "finding"
    __table_args__ = (
        sa.UniqueConstraint("inspection_id", "number"),
        sa.CheckConstraint(
            "(settled_on IS NOT NULL) = (outcome IS NOT NULL AND outcome <> 'failed')",
            name="settled_has_an_outcome",
        ),
    )

    id: Mapped[Id]
    number: Mapped[int]
    """From 1 within its inspection."""
    item: Mapped[FindingItem]
    problem: Mapped[LongText]
    severity: Mapped[Severity]
    rectify_by: Mapped[date]
    rectified_on: Mapped[date | None]
    """The day on which the provider says that it was put right."""
    outcome: Mapped[Outcome | None]
    settled_on: Mapped[date | None]
    """From this day on it is no open problem: passed on a second look, or dropped."""
    remark: Mapped[LongText] = mapped_column(default="", server_default="")
    """What the second look saw."""
    attempts: Mapped[list[list[str | None]]] = mapped_column(sa.JSON, default=list, server_default="[]")
    """What held before each second look that failed: the day of that look, `rectify_by`, `rectified_on`, in ISO."""
    inspection_id: Mapped[int] = mapped_column(sa.ForeignKey("inspection.id"))

    inspection: Mapped[Inspection] = relationship(back_populates="findings")

    def is_open_on(self, day: date) -> bool:
        """Found by that day and not settled by then."""
        return self.inspection.visited_on <= day and (self.settled_on is None or self.settled_on > day)

    def is_overdue_on(self, day: date) -> bool:
        """Still open when its day, as it was then, has passed."""
        return self.is_open_on(day) and self.attempt_on(day).rectify_by < day

    def attempt_on(self, day: date) -> Attempt:
        """What held on a day: a second look that failed sets a new day from its own day on."""
        for looked_on, rectify_by, rectified_on in self.attempts:
            if day < date.fromisoformat(str(looked_on)):
                return Attempt(
                    date.fromisoformat(str(rectify_by)),
                    date.fromisoformat(rectified_on) if rectified_on else None,
                )
        return Attempt(self.rectify_by, self.rectified_on)

    def send_back(self, rectify_by: date, on: date) -> None:
        """It failed the second look of a day: a new day is set, and the past keeps its own."""
        said = self.rectified_on.isoformat() if self.rectified_on else None
        self.attempts = [*self.attempts, [on.isoformat(), self.rectify_by.isoformat(), said]]
        self.outcome, self.rectified_on, self.rectify_by = Outcome.FAILED, None, rectify_by


def _owners(inspection: Inspection) -> Sequence[int]:
    return (inspection.organisation_id,) if inspection.was_notified else ()


declare_reach(
    Inspection,
    Reach(
        divisions_of=lambda inspection: (inspection.division_code,),
        in_division=lambda code: within(Inspection.division_code, code),
        organisations_of=_owners,
        in_organisation=lambda organisation_id: sa.and_(
            Inspection.notified_at.is_not(None), Inspection.organisation_id == organisation_id
        ),
    ),
)
"""Officers see what they recorded; the organisation sees it from the moment when it is told."""
