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


def limit_text(app: Flask) -> None:
    """400 for text that no database column holds: PostgreSQL knows no NUL, and SQLite ends its search there."""
    app.before_request(refuse_null_characters)


def refuse_null_characters() -> None:
    """In the address, in a form, or in the name of a file."""
    typed = (request.args, request.form)
    words = (word for values in typed for pair in values.items(multi=True) for word in pair)
    names = (file.filename or "" for file in request.files.values())
    if any("\0" in word for word in (request.path, *words, *names)):
        abort(400)


def refuse_other_machines() -> None:
    """Known passwords must not be reachable through a forwarded port or a proxy."""
    asked_for = urlsplit(f"//{request.host}").hostname
    if not (is_loopback(request.remote_addr or "") and is_loopback(asked_for or "")):
        abort(403)
