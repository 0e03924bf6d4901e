"""Imports every models module once, so that migrations and tests see the whole schema, and every declaration."""

from registry import marking
from registry.access import holders as access_holders
from registry.access import models as access
from registry.audit import models as audit
from registry.base import Base
from registry.divisions import models as divisions
from registry.documents import holders as documents_holders
from registry.documents import models as documents
from registry.documents import scopes as documents_scopes
from registry.intake import holders as intake_holders
from registry.intake import models as intake
from registry.intake import scopes as intake_scopes
from registry.organisations import holders as organisations_holders
from registry.organisations import models as organisations
from registry.organisations import workflow as organisations_workflow
from registry.policy import models as policy
from registry.workflow import holders as workflow_holders
from registry.workflow import models as workflow
from registry.workforce import models as workforce
from registry.workforce import scopes as workforce_scopes
from registry.workforce import sealed_fields as workforce_sealed_fields

metadata = Base.metadata

__all__ = [
    "access",
    "access_holders",
    "audit",
    "divisions",
    "documents",
    "documents_holders",
    "documents_scopes",
    "intake",
    "intake_holders",
    "intake_scopes",
    "marking",
    "metadata",
    "organisations",
    "organisations_holders",
    "organisations_workflow",
    "policy",
    "workflow",
    "workflow_holders",
    "workforce",
    "workforce_scopes",
    "workforce_sealed_fields",
]
