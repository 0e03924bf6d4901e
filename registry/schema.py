"""Imports every models module once, so that migrations and tests see the whole schema, and every declared reach."""

from registry.access import models as access
from registry.audit import models as audit
from registry.base import Base
from registry.divisions import models as divisions
from registry.intake import models as intake
from registry.intake import scopes as intake_scopes
from registry.organisations import models as organisations
from registry.organisations import workflow as organisations_workflow
from registry.policy import models as policy
from registry.workflow import models as workflow
from registry.workforce import models as workforce
from registry.workforce import scopes as workforce_scopes

metadata = Base.metadata

__all__ = [
    "access",
    "audit",
    "divisions",
    "intake",
    "intake_scopes",
    "metadata",
    "organisations",
    "organisations_workflow",
    "policy",
    "workflow",
    "workforce",
    "workforce_scopes",
]
