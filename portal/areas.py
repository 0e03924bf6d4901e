"""The areas of the site, in the order of the menu."""

from flask import Flask

from portal import health, preferences
from portal.access import again, arriving, invitations, own, positions
from portal.access import routes as access
from portal.admin import audit, changing_divisions, divisions, permissions, policy
from portal.api import divisions as api_divisions
from portal.api import figures as api_figures
from portal.api import lists as api_lists
from portal.api import page as api
from portal.appointments import accounts
from portal.appointments import routes as appointments
from portal.calendar import routes as calendar
from portal.calendar import schedules
from portal.certificates import lists as certificates_ending
from portal.certificates import reminders as certificates
from portal.documents import checking
from portal.documents import routes as documents
from portal.dossiers import pages as dossiers
from portal.enquiries import routes as enquiries
from portal.figures import ledgers, signing
from portal.figures import routes as figures
from portal.handovers import routes as handovers
from portal.home import routes as home
from portal.inspections import awards
from portal.inspections import steps as inspections
from portal.intake import details as intake
from portal.intake import differences, mapping, round_trips
from portal.majors import changes as major_changes
from portal.majors import rehearsals
from portal.majors import routes as majors
from portal.map import routes as map_of_places
from portal.organisations import address_changes
from portal.organisations.routes import providers, sites
from portal.outlook import routes as outlook
from portal.outlook import with_people as plans
from portal.profiles import routes as profiles
from portal.provider_entries import routes as provider_entries
from portal.provider_entries import slips
from portal.public import enquiries as public_enquiries
from portal.public import routes as public_pages
from portal.reconciliations import corrections as reconciliation_files
from portal.reconciliations import routes as reconciliations
from portal.reconciliations import systems as source_systems
from portal.releases import routes as releases
from portal.services import activities, services
from portal.services import reports as service_reports
from portal.station_filings import routes as station_filings
from portal.successions import routes as successions
from portal.tasks import routes as tasks
from portal.unsent import routes as unsent
from portal.workflow import routes as workflow
from portal.workforce import education, keeping, merges, person, sealed
from portal.workforce import lists as workforce

AREAS = (
    access.bp,
    arriving.bp,
    again.bp,
    invitations.bp,
    own.bp,
    positions.bp,
    unsent.bp,
    home.bp,
    workflow.bp,
    calendar.bp,
    schedules.bp,
    providers,
    sites,
    workforce.bp,
    merges.bp,
    person.bp,
    keeping.bp,
    education.bp,
    sealed.bp,
    certificates_ending.bp,
    certificates.bp,
    majors.bp,
    major_changes.bp,
    rehearsals.bp,
    figures.bp,
    ledgers.bp,
    signing.bp,
    outlook.bp,
    plans.bp,
    api_figures.bp,
    api_lists.bp,
    api_divisions.bp,
    api.bp,
    documents.bp,
    checking.bp,
    map_of_places.bp,
    address_changes.bp,
    dossiers.bp,
    successions.bp,
    inspections.bp,
    awards.bp,
    profiles.bp,
    profiles.packs,
    accounts.bp,
    appointments.bp,
    services.bp,
    service_reports.bp,
    activities.bp,
    provider_entries.bp,
    slips.bp,
    station_filings.bp,
    handovers.bp,
    releases.bp,
    tasks.bp,
    enquiries.bp,
    intake.bp,
    mapping.bp,
    differences.bp,
    round_trips.bp,
    reconciliations.bp,
    reconciliation_files.bp,
    source_systems.bp,
    divisions.bp,
    changing_divisions.bp,
    policy.bp,
    permissions.bp,
    audit.bp,
    public_pages.bp,
    public_enquiries.bp,
    health.bp,
    preferences.bp,
)


def register_areas(app: Flask) -> None:
    """Each area is a blueprint."""
    for area in AREAS:
        app.register_blueprint(area)
