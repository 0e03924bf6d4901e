"""The Flask extensions, made once and bound to an application by `create_app`."""

from typing import Any

import sqlalchemy as sa
from flask import Flask, g, has_request_context, request
from flask_babel import Babel
from flask_login import LoginManager
from flask_sqlalchemy import SQLAlchemy
from flask_sqlalchemy.session import Session
from flask_wtf.csrf import CSRFProtect

from registry import (
    schema,  # all of it: every table, scope and holder is declared when the application starts
)
from registry.engine import READS_ONLY, configure_sqlite

READING_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class RequestSession(Session):
    """One per request. A request that only reads takes no write lock on SQLite, and must not write."""

    def get_bind(self, *args: Any, **kwargs: Any) -> sa.Engine | sa.Connection:
        bind = super().get_bind(*args, **kwargs)
        if isinstance(bind, sa.Engine) and request_only_reads():
            return _reading_engine(bind)
        return bind

    def flush(self, objects: Any = None) -> None:
        if request_only_reads() and (self.new or self.deleted or self.dirty):
            raise RuntimeError("this request only reads: declare the endpoint with writes=True, or use POST")
        super().flush(objects)


def request_only_reads() -> bool:
    """Whether the request cannot change anything: a GET whose endpoint did not declare that it writes."""
    return has_request_context() and request.method in READING_METHODS and not g.get("writes", False)


def begin_writing() -> None:
    """Ends what was read so far; from here on this request may write, with the lock taken first."""
    db.session.rollback()
    g.writes = True


def _reading_engine(engine: sa.Engine) -> sa.Engine:
    # The same object each time: a session knows its connection by the engine that it came from.
    readers: dict[int, sa.Engine] = g.setdefault("reading_engines", {})
    if id(engine) not in readers:
        readers[id(engine)] = engine.execution_options(**{READS_ONLY: True})
    return readers[id(engine)]


db = SQLAlchemy(metadata=schema.metadata, session_options={"class_": RequestSession})
login_manager = LoginManager()
csrf = CSRFProtect()
babel = Babel()


def connect_database(app: Flask, url: str) -> None:
    """Sessions of pages use an engine that is set up like every other one of the register."""
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        configure_sqlite(db.engine)
