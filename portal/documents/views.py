"""A document as its pages show it: state, progress, links; made before the template is drawn."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import url_for

from portal import jobs
from portal.documents.files import IssuedFiles
from portal.documents.making import expected_seconds
from portal.formatting import spoken_message, word
from portal.settings import Settings
from registry.documents.codes import grouped
from registry.documents.models import DocumentState, IssuedDocument, MakingStep
from registry.documents.operations import reason_of
from registry.documents.queries import is_past_keeping
from reports.figures.definitions import FIGURES, CountingRule, FigureDefinition

QUICK, SLOW = 2, 10
"""Seconds between two looks: soon after it was asked for, and later."""
SOON = timedelta(seconds=30)
STEPS = (MakingStep.READING, MakingStep.LAYOUT, MakingStep.KEEPING)

STATE_KINDS = {
    DocumentState.WAITING: "waiting",
    DocumentState.WORKING: "active",
    DocumentState.DONE: "done",
    DocumentState.FAILED: "wrong",
}
"""The sign and colour of each state, see macros/states.html."""


@dataclass(frozen=True)
class DocumentView:
    """One document on a page."""

    document: IssuedDocument
    at: datetime
    has_file: bool
    has_worker: bool

    @property
    def figure(self) -> FigureDefinition:
        """What it speaks of."""
        return FIGURES[self.document.figure_code]

    @property
    def rule(self) -> CountingRule:
        """By which counting rule."""
        return self.figure.rule(self.document.rule)

    @property
    def title(self) -> str:
        """In the list and as the heading."""
        return word(self.document.kind)

    @property
    def place(self) -> str:
        """As it was printed; empty for the whole country."""
        return self.document.place_name

    @property
    def kind(self) -> str:
        """The sign of its state."""
        return STATE_KINDS[self.document.state]

    @property
    def check_code(self) -> str:
        """As it is printed."""
        return grouped(self.document.code)

    @property
    def reason(self) -> str:
        """Why it could not be made."""
        found = reason_of(self.document)
        return spoken_message(found) if found else ""

    @property
    def steps_done(self) -> int:
        """Of `steps`."""
        return STEPS.index(self.document.step) if self.document.step in STEPS else 0

    @property
    def steps(self) -> int:
        """How many there are."""
        return len(STEPS)

    @property
    def seconds(self) -> int:
        """How long the worker has been at it."""
        begun = self.document.begun_at
        return max(0, round((self.at - begun).total_seconds())) if begun else 0

    @property
    def seconds_expected(self) -> int:
        """From the moment when a worker takes it up."""
        return expected_seconds(self.document.pages or 0)

    @property
    def pause(self) -> int:
        """Seconds until the page looks again."""
        return QUICK if self.at - self.document.asked_at < SOON else SLOW

    @property
    def url(self) -> str:
        """Its page."""
        return url_for("documents.show", issued_document=self.document.code)

    @property
    def file_url(self) -> str:
        """Its bytes."""
        return url_for("documents.file", issued_document=self.document.code)

    @property
    def figure_url(self) -> str:
        """The same question on the page of the figure, or of the institution."""
        if self.document.organisation_code is not None:
            organisation, on = self.document.organisation_code, self.document.on.isoformat()
            return url_for("one_page.of_organisation", organisation=organisation, on=on)
        return url_for("figures.show", code=self.figure.code, **asked_values(self.document))


def document_view(
    document: IssuedDocument, *, at: datetime, files: IssuedFiles, settings: Settings
) -> DocumentView:
    """The worker is asked after only where one is waited for."""
    is_done = document.state is DocumentState.DONE
    return DocumentView(
        document=document,
        at=at,
        has_file=is_done and not is_past_keeping(document, at) and files.holds(document),
        has_worker=document.is_in_hand and jobs.is_worker_at_work(settings),
    )


def asked_values(document: IssuedDocument, **more: str) -> dict[str, Any]:
    """The question in an address."""
    said = {"division": document.division_code, "on": document.on.isoformat()}
    return said | {"rule": document.rule.value, "basis": document.basis.value} | more
