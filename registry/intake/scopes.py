"""Where an intake run lies for the permission table: with the division or the organisation of whoever uploaded it."""

from registry.access.scopes import declare_reach, reach_by_columns
from registry.intake.models import IntakeRun

declare_reach(IntakeRun, reach_by_columns(IntakeRun))
