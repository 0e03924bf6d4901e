"""How much one request may bring, and from where."""

from urllib.parse import urlsplit

from flask import Flask, abort, request
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.days import printable
from portal.settings import Settings, is_loopback
from registry.errors import InvalidInput
from registry.messages import N_, message

MEBIBYTE = 1024 * 1024
LARGEST_REQUEST = 21 * MEBIBYTE
"""A file of 20 MiB (security, control 9) and its form."""
LARGEST_TEXT = 1 * MEBIBYTE
MOST_PARTS = 1_000
WITH_FILES = "multipart/form-data"


def believe_proxies(app: Flask, settings: Settings) -> None:
    """Failures at the door are counted by address: behind proxies of our own, the one that the first of them saw."""
    if settings.proxies:
        count = settings.proxies
        app.wsgi_app = ProxyFix(  # type: ignore[method-assign]  # the way Flask documents it
            app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0
        )


def limit_requests(app: Flask, settings: Settings) -> None:
    """413 for what is too large; the demonstration answers this machine only."""
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST_REQUEST, MAX_FORM_MEMORY_SIZE=LARGEST_TEXT, MAX_FORM_PARTS=MOST_PARTS
    )
    app.before_request(narrow_text)
    if settings.is_demo:
        app.before_request(refuse_other_machines)


def narrow_text() -> None:
    """A form without files has room for text alone: the library counts the fields of forms with files only."""
    if request.mimetype != WITH_FILES:
        request.max_content_length = LARGEST_TEXT


def limit_text(app: Flask) -> None:
    """400 for text that no database column holds: PostgreSQL knows no NUL, and SQLite ends its search there.

    Parts without a name are refused first: whatever reads a form takes it that names are texts.
    """
    app.before_request(refuse_nameless_parts)
    app.before_request(refuse_null_characters)


def refuse_nameless_parts() -> None:
    """No browser sends them, but a part of a multipart form can leave its name out."""
    if None in request.form or None in request.files:
        raise InvalidInput("", message(N_("提交的内容中有一部分没有名称，请返回上一页重新提交。")))


def refuse_null_characters() -> None:
    """In the address, in a form, or in the name of a file."""
    typed = [pair for values in (request.args, request.form) for pair in values.items(multi=True)]
    names = [(place, file.filename or "") for place, file in request.files.items(multi=True)]
    for place, text in (("path", request.path), *typed, *names):
        if "\0" in place + text:
            sentence = N_("“%(place)s”中含有无法保存的空字符，请删去后重新提交。")
            raise InvalidInput(place, message(sentence, place=printable(place)))


def refuse_other_machines() -> None:
    """Known passwords must not be reachable through a forwarded port or a proxy."""
    asked_for = urlsplit(f"//{request.host}").hostname
    if not (is_loopback(request.remote_addr or "") and is_loopback(asked_for or "")):
        abort(403)
