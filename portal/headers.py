"""What every answer tells the browser: what may run, who may frame it, what may be kept (security, control 8)."""

import secrets
from urllib.parse import urlsplit

from flask import Flask, Response, g, request
from werkzeug.exceptions import BadRequest

from portal.extensions import READING_METHODS
from portal.settings import Settings

OF_A_FILE = "no-cache"
"""What Flask says of every file that it sends, so that a browser may keep it: exports are not kept."""

HSTS = "max-age=31536000; includeSubDomains"
FIXED = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


class ForeignRequest(BadRequest):
    """The form was sent from another site."""


def guard_answers(app: Flask, settings: Settings) -> None:
    """Gives each request its id and nonce, refuses foreign forms, and sets the headers of each answer."""

    @app.before_request
    def begin() -> None:
        g.request_id = secrets.token_hex(8)
        g.nonce = secrets.token_urlsafe(16)
        if request.method not in READING_METHODS and is_foreign():
            raise ForeignRequest

    @app.after_request
    def finish(response: Response) -> Response:
        return with_headers(response, is_secure=not settings.is_demo)


def is_foreign() -> bool:
    """Whether another site sent the request. `Origin: null` says nothing: our own forms send it under no-referrer."""
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("Origin", "null")
    return origin != "null" and urlsplit(origin).netloc != request.host


def with_headers(response: Response, *, is_secure: bool) -> Response:
    """The answer with every header that it must have."""
    response.headers.extend(FIXED)
    if response.status_code != 304:  # the page that the browser holds keeps the nonce that its scripts bear
        response.headers["Content-Security-Policy"] = content_security_policy(g.get("nonce", ""))
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if is_secure:
        response.headers["Strict-Transport-Security"] = HSTS
    if response.headers.get("Cache-Control") in (None, OF_A_FILE):
        response.headers["Cache-Control"] = "no-store"
    return response


def content_security_policy(nonce: str) -> str:
    """Nothing from elsewhere; inline scripts and styles only with the nonce of this answer."""
    own = f"'self' 'nonce-{nonce}'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src {own}",
            f"style-src {own}",
            "img-src 'self' data:",
            "connect-src 'self'",
            "font-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        )
    )
