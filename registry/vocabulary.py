"""Domain words in both languages, shared by pages, workbooks and documents: one word per idea, said by its noun."""

from enum import StrEnum

from registry.access import words as access
from registry.appointments import words as appointments
from registry.audit import words as audit
from registry.certificates import words as certificates
from registry.directory import words as directory
from registry.divisions import words as divisions
from registry.documents import words as documents
from registry.dossiers import words as dossiers
from registry.drafts import words as drafts
from registry.emergencies import words as emergencies
from registry.enquiries import words as enquiries
from registry.handovers import words as handovers
from registry.inspections import words as inspections
from registry.intake import words as intake
from registry.majors import words as majors
from registry.organisations import words as organisations
from registry.policy import words as policy
from registry.provider_entries import words as provider_entries
from registry.reconciliations import words as reconciliations
from registry.releases import words as releases
from registry.services import words as services
from registry.station_filings import words as station_filings
from registry.tasks import words as tasks
from registry.terms import Term as Term
from registry.workflow import words as workflow
from registry.workforce import words as workforce

WORDS: tuple[tuple[StrEnum, Term], ...] = (
    *access.WORDS,
    *appointments.WORDS,
    *audit.WORDS,
    *certificates.WORDS,
    *directory.WORDS,
    *divisions.WORDS,
    *documents.WORDS,
    *dossiers.WORDS,
    *drafts.WORDS,
    *emergencies.WORDS,
    *enquiries.WORDS,
    *handovers.WORDS,
    *inspections.WORDS,
    *intake.WORDS,
    *majors.WORDS,
    *organisations.WORDS,
    *policy.WORDS,
    *provider_entries.WORDS,
    *reconciliations.WORDS,
    *releases.WORDS,
    *services.WORDS,
    *station_filings.WORDS,
    *tasks.WORDS,
    *workflow.WORDS,
    *workforce.WORDS,
)

# Equal texts of two enumerations are equal keys, so the enumeration is part of the key.
TERMS = {(type(value), value): word for value, word in WORDS}


def term(value: StrEnum) -> Term:
    """The word for a stored value; a missing one is a fault in this table."""
    return TERMS[type(value), value]
