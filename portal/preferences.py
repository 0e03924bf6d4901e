"""Language, text size and single-key shortcuts: kept in plain cookies, so that they work before anybody signs in."""

from urllib.parse import urlsplit

from flask import Blueprint, Response, current_app, make_response, redirect, request
from flask.typing import ResponseReturnValue
from werkzeug.exceptions import NotFound

from portal.cookieless import is_of_public
from portal.security import public
from portal.settings import Settings

LANGUAGES = ("zh", "en")
TEXT_SIZES = ("normal", "large")
LANGUAGE_COOKIE = "language"
LANGUAGE_PARAMETER = "lang"
INTERFACE = "/api/"
"""Where programs ask; they have no cookie and name their language in the address."""
TEXT_PARAMETER = "text"
TEXT_COOKIE = "text"
KEYS = ("on", "off")
KEYS_COOKIE = "keys"
A_YEAR = 365 * 24 * 3600

bp = Blueprint("preferences", __name__, url_prefix="/preferences")


def chosen_language() -> str:
    """The locale of the request: Chinese unless the reader chose English."""
    if is_of_public(request.path):
        chosen = request.args.get(LANGUAGE_PARAMETER, "zh")
    else:
        named = request.args.get(LANGUAGE_PARAMETER) if request.path.startswith(INTERFACE) else None
        chosen = named or request.cookies.get(LANGUAGE_COOKIE, "zh")
    return "en" if chosen == "en" else "zh_Hans_CN"


def has_large_text() -> bool:
    """大字版."""
    if is_of_public(request.path):
        return request.args.get(TEXT_PARAMETER) == "large"
    return request.cookies.get(TEXT_COOKIE) == "large"


def has_keys() -> bool:
    """Whether single letters move in lists; somebody who speaks to his machine switches them off (WCAG 2.1.4)."""
    return request.cookies.get(KEYS_COOKIE) != "off"


@bp.get("/language/<name>")
@public
def choose_language(name: str) -> ResponseReturnValue:
    return remembered(LANGUAGE_COOKIE, name, LANGUAGES)


@bp.get("/text/<name>")
@public
def choose_text(name: str) -> ResponseReturnValue:
    return remembered(TEXT_COOKIE, name, TEXT_SIZES)


@bp.get("/keys/<name>")
@public
def choose_keys(name: str) -> ResponseReturnValue:
    return remembered(KEYS_COOKIE, name, KEYS)


def remembered(cookie: str, value: str, choices: tuple[str, ...]) -> Response:
    """Back to where the reader was, with the choice in a cookie."""
    if value not in choices:
        raise NotFound
    settings: Settings = current_app.extensions["settings"]
    response = make_response(redirect(local_path(request.args.get("next")), code=303))
    is_secure = not settings.is_demo
    response.set_cookie(cookie, value, max_age=A_YEAR, httponly=True, samesite="Lax", secure=is_secure)
    return response


def local_path(target: str | None) -> str:
    """A path on this site, or the home page: nobody is sent elsewhere by a link that somebody else wrote."""
    if not target or not target.isprintable() or "\\" in target:
        return "/"
    parts = urlsplit(target)
    is_local = (
        not parts.scheme and not parts.netloc and target.startswith("/") and not target.startswith("//")
    )
    return target if is_local else "/"
