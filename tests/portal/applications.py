"""Applications with areas of their own, for tests of what surrounds every area."""

from flask import Blueprint, Flask

from portal import areas, create_app
from portal.extensions import db
from portal.settings import Settings
from tests.compiled import keep_compiled


def trial_app(settings: Settings, *blueprints: Blueprint) -> Flask:
    """The portal with further areas, ready for the fixture `app`."""
    shipped = areas.AREAS
    areas.AREAS = (*shipped, *blueprints)
    try:
        portal = keep_compiled(create_app(settings))
    finally:
        areas.AREAS = shipped
    portal.testing = True
    db.session.session_factory.configure(join_transaction_mode="create_savepoint")
    return portal
