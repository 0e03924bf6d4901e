"""Imports every models module once, so that migrations and tests see the whole schema, and every declaration."""

from registry import marking
from registry.access import factors as access_factors
from registry.access import holders as access_holders
from registry.access import models as access
from registry.access import scopes as access_scopes
from registry.appointments import belongings as appointments_belongings
from registry.appointments import holders as appointments_holders
from registry.appointments import models as appointments
from registry.appointments import workflow as appointments_workflow
from registry.attachments import models as attachments
from registry.audit import models as audit
from registry.base import Base
from registry.certificates import holders as certificates_holders
from registry.certificates import models as certificates
from registry.certificates import scopes as certificates_scopes
from registry.certificates import sending as certificates_sending
from registry.directory import keeping as directory_keeping
from registry.directory import models as directory
from registry.divisions import models as divisions
from registry.documents import belongings as documents_belongings
from registry.documents import holders as documents_holders
from registry.documents import models as documents
from registry.documents import scopes as documents_scopes
from registry.dossiers import holders as dossiers_holders
from registry.dossiers import models as dossiers
from registry.dossiers import remark_workflow as dossiers_remark_workflow
from registry.dossiers import workflow as dossiers_workflow
from registry.drafts import models as drafts
from registry.emergencies import opening as emergencies_opening
from registry.enquiries import holders as enquiries_holders
from registry.enquiries import models as enquiries
from registry.enquiries import sealed_fields as enquiries_sealed_fields
from registry.enquiries import workflow as enquiries_workflow
from registry.handovers import holders as handovers_holders
from registry.handovers import models as handovers
from registry.handovers import workflow as handovers_workflow
from registry.inspections import holders as inspections_holders
from registry.inspections import models as inspections
from registry.inspections import ratings as inspections_ratings
from registry.inspections import workflow as inspections_workflow
from registry.intake import belongings as intake_belongings
from registry.intake import holders as intake_holders
from registry.intake import models as intake
from registry.intake import scopes as intake_scopes
from registry.majors import belongings as majors_belongings
from registry.majors import holders as majors_holders
from registry.majors import models as majors
from registry.majors import workflow as majors_workflow
from registry.organisations import holders as organisations_holders
from registry.organisations import models as organisations
from registry.organisations import numbers as organisations_numbers
from registry.organisations import workflow as organisations_workflow
from registry.policy import holders as policy_holders
from registry.policy import models as policy
from registry.provider_entries import belongings as provider_entries_belongings
from registry.provider_entries import holders as provider_entries_holders
from registry.provider_entries import models as provider_entries
from registry.provider_entries import passing as provider_entries_passing
from registry.provider_entries import questions as provider_entries_questions
from registry.provider_entries import workflow as provider_entries_workflow
from registry.reconciliations import holders as reconciliations_holders
from registry.reconciliations import models as reconciliations
from registry.releases import belongings as releases_belongings
from registry.releases import holders as releases_holders
from registry.releases import models as releases
from registry.releases import workflow as releases_workflow
from registry.services import belongings as services_belongings
from registry.services import holders as services_holders
from registry.services import models as services
from registry.services import passing as services_passing
from registry.services import questions as services_questions
from registry.services import workflow as services_workflow
from registry.station_filings import belongings as station_filings_belongings
from registry.station_filings import holders as station_filings_holders
from registry.station_filings import models as station_filings
from registry.station_filings import passing as station_filings_passing
from registry.station_filings import questions as station_filings_questions
from registry.station_filings import workflow as station_filings_workflow
from registry.successions import models as successions
from registry.tasks import belongings as tasks_belongings
from registry.tasks import holders as tasks_holders
from registry.tasks import models as tasks
from registry.tasks import workflow as tasks_workflow
from registry.workflow import holders as workflow_holders
from registry.workflow import models as workflow
from registry.workforce import merging as workforce_merging
from registry.workforce import models as workforce
from registry.workforce import passing as workforce_passing
from registry.workforce import scopes as workforce_scopes
from registry.workforce import sealed_fields as workforce_sealed_fields
from registry.workforce import verifying as workforce_verifying

metadata = Base.metadata

__all__ = [
    "access",
    "access_factors",
    "access_holders",
    "access_scopes",
    "appointments",
    "appointments_belongings",
    "appointments_holders",
    "appointments_workflow",
    "attachments",
    "audit",
    "certificates",
    "certificates_holders",
    "certificates_scopes",
    "certificates_sending",
    "directory",
    "directory_keeping",
    "divisions",
    "documents",
    "documents_belongings",
    "documents_holders",
    "documents_scopes",
    "dossiers",
    "dossiers_holders",
    "dossiers_remark_workflow",
    "dossiers_workflow",
    "drafts",
    "emergencies_opening",
    "enquiries",
    "enquiries_holders",
    "enquiries_sealed_fields",
    "enquiries_workflow",
    "handovers",
    "handovers_holders",
    "handovers_workflow",
    "inspections",
    "inspections_holders",
    "inspections_ratings",
    "inspections_workflow",
    "intake",
    "intake_belongings",
    "intake_holders",
    "intake_scopes",
    "majors",
    "majors_belongings",
    "majors_holders",
    "majors_workflow",
    "marking",
    "metadata",
    "organisations",
    "organisations_holders",
    "organisations_numbers",
    "organisations_workflow",
    "policy",
    "policy_holders",
    "provider_entries",
    "provider_entries_belongings",
    "provider_entries_holders",
    "provider_entries_passing",
    "provider_entries_questions",
    "provider_entries_workflow",
    "reconciliations",
    "reconciliations_holders",
    "releases",
    "releases_belongings",
    "releases_holders",
    "releases_workflow",
    "services",
    "services_belongings",
    "services_holders",
    "services_passing",
    "services_questions",
    "services_workflow",
    "station_filings",
    "station_filings_belongings",
    "station_filings_holders",
    "station_filings_passing",
    "station_filings_questions",
    "station_filings_workflow",
    "successions",
    "tasks",
    "tasks_belongings",
    "tasks_holders",
    "tasks_workflow",
    "workflow",
    "workflow_holders",
    "workforce",
    "workforce_merging",
    "workforce_passing",
    "workforce_scopes",
    "workforce_sealed_fields",
    "workforce_verifying",
]
