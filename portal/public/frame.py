"""What every page of the public shows around its content, and addresses that keep the reader's language and size."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from flask import Response, current_app, g, request, url_for
from markupsafe import Markup

from portal.extensions import db
from portal.formatting import language
from portal.htmx import render_page
from portal.preferences import LANGUAGE_PARAMETER, TEXT_PARAMETER, has_large_text
from registry.clock import today
from registry.directory.offices import office_line
from registry.divisions.codes import NATION

COPY = "portal.public_copy"
"""In the environment of a request: the page is made for the copy of files, where nothing answers a form."""
CHOICES = (LANGUAGE_PARAMETER, TEXT_PARAMETER)
CHECK = "/public/check"
"""Where slips of providers are checked; the menu leads there where this installation has the page."""


@dataclass(frozen=True)
class PublicFrame:
    """Made before a page is drawn."""

    language: str
    is_large: bool
    is_copy: bool
    hotline: str
    """Whom to call where a place has no phone."""
    check_url: str
    """Where a slip is checked; empty where this installation has no such page."""
    nonce: str

    def url(self, endpoint: str, **values: Any) -> str:
        """An address of the public site in the reader's language and size."""
        return public_url(endpoint, **values)

    def in_language(self, chosen: str) -> str:
        """This page in another language."""
        return self._same(chosen, is_large=self.is_large)

    def in_size(self, *, is_large: bool) -> str:
        """This page in another size of text."""
        return self._same(self.language, is_large=is_large)

    @property
    def nonce_mark(self) -> Markup:
        """What a sheet needs to be taken; a copy of files has no policy to satisfy."""
        return Markup("") if self.is_copy else Markup(' nonce="{}"').format(self.nonce)

    @property
    def kept_choices(self) -> dict[str, str]:
        """The reader's language and size, for the hidden fields of a form that asks."""
        return _chosen(self.language, is_large=self.is_large)

    def _same(self, language: str, *, is_large: bool) -> str:
        asked = {key: value for key, value in request.args.items() if key not in CHOICES}
        asked |= _chosen(language, is_large=is_large)
        return f"{request.path}?{urlencode(asked)}" if asked else request.path


def public_url(endpoint: str, **values: Any) -> str:
    """An address of the public site in the language and size of this request."""
    return url_for(endpoint, **{**values, **_chosen(language(), is_large=has_large_text())})


def _chosen(language: str, *, is_large: bool) -> dict[str, str]:
    chosen = {LANGUAGE_PARAMETER: "en"} if language == "en" else {}
    return chosen | ({TEXT_PARAMETER: "large"} if is_large else {})


def public_frame(place: str = NATION) -> PublicFrame:
    """The frame of this request; `place` decides whose phone is told."""
    return PublicFrame(
        language=language(),
        is_large=has_large_text(),
        is_copy=is_copy(),
        hotline=office_line(db.session(), place, today()),
        check_url=_check_url(),
        nonce=g.get("nonce", ""),
    )


def _check_url() -> str:
    has_page = any(rule.rule == CHECK for rule in current_app.url_map.iter_rules())
    return CHECK if has_page and not is_copy() else ""


def is_copy() -> bool:
    """Whether the page is made for the copy of files."""
    return bool(request.environ.get(COPY))


def render_public(template: str, *, status: int = 200, place: str = NATION, **context: Any) -> Response:
    """A page of the public."""
    return render_page(template, status=status, public=public_frame(place), on=today(), **context)
