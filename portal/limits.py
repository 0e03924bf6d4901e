"""How much one request may bring, and from where."""

from urllib.parse import urlsplit

from flask import Flask, abort, request

from portal.settings import Settings, is_loopback

MEBIBYTE = 1024 * 1024
LARGEST_REQUEST = 21 * MEBIBYTE
"""A file of 20 MiB (security, control 9) and its form."""
LARGEST_TEXT = 1 * MEBIBYTE
MOST_PARTS = 1_000


def limit_requests(app: Flask, settings: Settings) -> None:
    """413 for what is too large; the demonstration answers this machine only."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_TEXT, MAX_FORM_PARTS=MOST_PARTS
    )
    if settings.is_demo:
        app.before_request(refuse_other_machines)


def refuse_other_machines() -> None:
    """Known passwords must not be reachable through a forwarded port or a proxy."""
    asked_for = urlsplit(f"//{request.host}").hostname
    if not (is_loopback(request.remote_addr or "") and is_loopback(asked_for or "")):
        abort(403)
