"""Where an intake run lies for the permission table: with the division or the organisation of whoever uploaded it."""

from registry.access.scopes import Reach, declare_reach
from registry.divisions.codes import within
from registry.intake.models import IntakeRun

declare_reach(
    IntakeRun,
    Reach(
        divisions_of=lambda run: (run.division_code,),
        in_division=lambda code: within(IntakeRun.division_code, code),
        organisations_of=lambda run: () if run.organisation_id is None else (run.organisation_id,),
        in_organisation=lambda organisation_id: IntakeRun.organisation_id == organisation_id,
    ),
)
