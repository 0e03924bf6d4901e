"""Pages of the public: the same for everybody, so that any machine on the way may keep them.

No cookie is read there and none is set: whoever is signed in is nobody in particular on them, and his language and size
of text stand in the address. The two pages with a form have a session all the same, for the token of the form alone.
"""

from typing import Any

from flask import Flask, Request, Response, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin

PUBLIC = "/public/"
FORMS = ("/public/ask", "/public/answer")


def is_of_public(path: str) -> bool:
    """Whether language and size of text stand in the address."""
    return path.startswith(PUBLIC)


def is_cookieless(path: str) -> bool:
    """Whether no session is opened for the page."""
    return is_of_public(path) and path not in FORMS


class SessionsBesidePublicPages(SecureCookieSessionInterface):
    """As Flask keeps sessions, but for the pages of the public, which have an empty one that is thrown away."""

    def open_session(self, app: Flask, asked: Request) -> Any:
        return self.session_class() if is_cookieless(asked.path) else super().open_session(app, asked)

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        if not is_cookieless(request.path):
            super().save_session(app, session, response)
