"""The areas of the site, in the order of the menu."""

from flask import Flask

from portal import health, preferences
from portal.access import again, arriving, invitations, own
from portal.access import routes as access
from portal.admin import audit, divisions, permissions, policy
from portal.api import divisions as api_divisions
from portal.api import figures as api_figures
from portal.api import lists as api_lists
from portal.api import page as api
from portal.documents import checking
from portal.documents import routes as documents
from portal.figures import routes as figures
from portal.figures import signing
from portal.home import routes as home
from portal.intake import routes as intake
from portal.map import routes as map_of_places
from portal.organisations import address_changes
from portal.organisations.routes import providers, sites
from portal.workflow import routes as workflow
from portal.workforce import lists as workforce
from portal.workforce import person, sealed

AREAS = (
    access.bp,
    arriving.bp,
    again.bp,
    invitations.bp,
    own.bp,
    home.bp,
    workflow.bp,
    providers,
    sites,
    workforce.bp,
    person.bp,
    sealed.bp,
    figures.bp,
    signing.bp,
    api_figures.bp,
    api_lists.bp,
    api_divisions.bp,
    api.bp,
    documents.bp,
    checking.bp,
    map_of_places.bp,
    address_changes.bp,
    intake.bp,
    divisions.bp,
    policy.bp,
    permissions.bp,
    audit.bp,
    health.bp,
    preferences.bp,
)


def register_areas(app: Flask) -> None:
    """Each area is a blueprint."""
    for area in AREAS:
        app.register_blueprint(area)
