"""The areas of the site, in the order of the menu."""

from flask import Flask

from portal import health, preferences
from portal.access import routes as access
from portal.home import routes as home
from portal.intake import routes as intake

AREAS = (
    access.bp,
    home.bp,
    intake.bp,
    health.bp,
    preferences.bp,
)


def register_areas(app: Flask) -> None:
    """Each area is a blueprint."""
    for area in AREAS:
        app.register_blueprint(area)
