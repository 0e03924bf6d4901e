"""An appointment that is being decided waits for the successor of its division after a division change."""

from registry.appointments.models import Appointment
from registry.appointments.queries import IN_HAND
from registry.divisions.holders import Holder, declare_holder
from registry.messages import N_, message
from registry.organisations.holders import first_site_there

declare_holder(
    Holder(
        message(N_("未办结的任命")),
        Appointment.division_code,
        Appointment.name,
        first_site_there(Appointment.organisation_id, Appointment.division_code),
        rows=Appointment.state.in_(IN_HAND),
    )
)
